"""Colours, and the arithmetic that keeps text readable on them. No Streamlit here."""

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Theme:
    """Colours of one mode. Blue is us, orange is only for what is weak, grey is for peers and the rest."""

    ink: str
    muted: str
    line: str
    surface: str
    ghost: str
    brand: str
    weak: str
    diverging: tuple[str, ...]


LIGHT = Theme(
    ink="#0F172A",
    muted="#5B6678",
    line="#DDE3EC",
    surface="#FFFFFF",
    ghost="#EAEEF5",
    brand="#1D4ED8",
    weak="#C2410C",
    diverging=("#C2410C", "#EDA27F", "#F3F5F9", "#9CB8F2", "#1D4ED8"),
)
DARK = Theme(
    ink="#E6EBF5",
    muted="#9FB0C8",
    line="#26324A",
    surface="#0B1220",
    ghost="#1B2740",
    brand="#5B8DF6",
    weak="#FF8A4C",
    diverging=("#FF8A4C", "#8A4E34", "#1A2438", "#2F4F8F", "#5B8DF6"),
)


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two colours (#RRGGBB), from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@lru_cache(maxsize=4096)
def text_on(background: str) -> str:
    """Black or white, whichever reads better. Pure black and white never fall below 4.58:1 on any colour."""
    return max(("#000000", "#FFFFFF"), key=lambda color: contrast(color, background))


def ramp(stops: tuple[str, ...], position: float) -> str:
    """The colour at `position` (0 to 1, clipped) of a scale through `stops`."""
    place = min(1.0, max(0.0, position)) * (len(stops) - 1)
    index = min(int(place), len(stops) - 2)
    share = place - index
    mixed = (
        round(a + (b - a) * share) for a, b in zip(_rgb(stops[index]), _rgb(stops[index + 1]), strict=True)
    )
    return "#{:02X}{:02X}{:02X}".format(*mixed)


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _luminance(color: str) -> float:
    """Relative luminance (WCAG 2.2, definition in its glossary)."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in _rgb(color))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
