# ruff: noqa: RUF001  the typographic minus and dash are meant
"""Numbers as people read them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards import formats


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0, "0"), (987, "987"), (999.4, "999"), (999.6, "1K"), (1000, "1K"), (12345, "12.3K"),
     (99_960, "100K"), (306_296, "306K"), (999_600, "1M"),
     (1_234_567, "1.2M"), (-0.2, "0"), (-1500, "-1.5K")],
)  # fmt: skip
def test_compact_has_three_figures_at_most(value, text):
    assert formats.compact(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0, "0%"), (1, "100%"), (0.474, "47%"), (0.042, "4.2%"), (0.0996, "10%"), (0.0004, "0%"),
     (0.0994, "9.9%")],
)  # fmt: skip
def test_rate_has_one_decimal_below_ten_percent(value, text):
    assert formats.rate(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0, "0 pp"), (-0.0001, "0 pp"), (0.0001, "0 pp"), (0.021, "+2.1 pp"), (-0.124, "−12 pp"),
     (-0.0996, "−10 pp"), (-0.01, "−1.0 pp")],
)  # fmt: skip
def test_points_have_a_sign_and_never_minus_zero(value, text):
    assert formats.points(value) == text


@given(st.floats(-1, 1))
def test_no_difference_is_ever_shown_as_a_signed_zero(value):
    text = formats.points(value)
    assert text == "0 pp" or float(text[1:].removesuffix(" pp")) > 0


def test_change_is_relative_and_needs_something_to_compare_with():
    assert formats.change(110, 100) == "+10%"
    assert formats.change(96.6, 100) == "−3.4%"
    assert formats.change(100, 100) == "0%"
    assert formats.change(5, 0) is None
    assert formats.change(5, None) is None


def test_days_and_moments():
    assert formats.day(date(2026, 10, 3)) == "3 Oct 2026"
    assert formats.moment(datetime(2026, 10, 31, 4, 12, tzinfo=UTC)) == "31 Oct 2026, 04:12 UTC"
    assert formats.day(None) == "–"


def test_counts_have_thousands():
    assert formats.count(1234567) == "1,234,567"
    assert formats.count(None) == "–"
