"""Text stays readable on every colour that a chart may use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.theme import DARK, LIGHT, contrast, ramp, text_on

hexes = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}")


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.478, abs=0.001)
    assert contrast("#1D4ED8", "#FFFFFF") == contrast("#FFFFFF", "#1D4ED8")


@given(hexes)
def test_text_on_any_colour_reaches_4_5(background):
    assert contrast(text_on(background), background) >= 4.5


@given(st.floats(-2, 3), st.sampled_from([LIGHT, DARK]))
def test_text_on_every_cell_of_a_heat_map_reaches_4_5(position, theme):
    cell = ramp(theme.diverging, position)
    assert contrast(text_on(cell), cell) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_words_in_charts_reach_4_5_on_their_surface(theme):
    for color in (theme.ink, theme.muted, theme.weak):
        assert contrast(color, theme.surface) >= 4.5
    assert contrast(theme.muted, theme.ghost) >= 4.5


def test_a_ramp_ends_at_its_ends():
    assert ramp(LIGHT.diverging, 0) == ramp(LIGHT.diverging, -1) == LIGHT.diverging[0]
    assert ramp(LIGHT.diverging, 1) == LIGHT.diverging[-1]
    assert ramp(LIGHT.diverging, 0.5) == LIGHT.diverging[2]
