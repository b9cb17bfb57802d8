"""Spellings of one number must become one value, and text that is no number must become none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identity.phone import to_e164, to_e164_table


@pytest.mark.parametrize(
    "text",
    ["0171 2345678", "+49 171 2345678", "0049171 2345678", "(0171) 234 56 78", "+49-171/2345678"],
)
def test_spellings_of_one_number_are_equal(text):
    assert to_e164(text) == "+491712345678"


@pytest.mark.parametrize("text", [None, "", "n/a", "0", "12", "+", "0" * 40])
def test_what_is_no_number_is_null(text):
    assert to_e164(text) is None


def test_numbers_of_other_countries_keep_their_code():
    assert to_e164("+43 664 1234567") == "+436641234567"
    assert to_e164("0664 1234567", region="AT") == "+436641234567"


def test_the_table_has_one_row_for_each_text_in_order():
    table = to_e164_table(["01712345678", "x"])
    assert table.to_pydict() == {"phone_digits": ["01712345678", "x"], "phone": ["+491712345678", None]}


def test_no_texts_give_an_empty_table_with_text_columns():
    assert [str(kind) for kind in to_e164_table([]).schema.types] == ["string", "string"]


DIGITS = st.text("0123456789", min_size=1, max_size=15)


@settings(max_examples=500)
@given(st.sampled_from(["", "0", "00", "+", "+49", "0049", "049", "+490", "+43", "0043"]), DIGITS)
def test_plain_forms_are_read_as_the_library_reads_them(prefix, digits):
    for region in ("DE", "AT", "IT", "US", "BR"):
        text = prefix + digits
        assert to_e164_table([text], region)["phone"].to_pylist() == [to_e164(text, region)]
