# ruff: noqa: RUF001, RUF002  the typographic minus and dash are meant
"""Numbers and dates as the reader's language writes them. Rates are shares from 0 to 1; differences of rates
are in percentage points.
"""

from datetime import date, datetime

from dashboards.words import language

MISSING = "–"
MINUS = "−"
TIMES = {"minute": "min", "hour": "h", "day": "d"}
# From which size on, and with which word, a number is shortened.
_SHORT = {
    "en": ((1_000_000, "M"), (1_000, "K")),
    "zh": ((100_000_000, "亿"), (10_000, "万")),
}
# The same dates as patterns of moment.js, for tables that are sorted by their values.
DAY_PATTERN = {"en": "D MMM YYYY", "zh": "YYYY年M月D日"}
MOMENT_PATTERN = {"en": "D MMM YYYY, HH:mm", "zh": "YYYY年M月D日 HH:mm"}


def count(value: float | None) -> str:
    """Whole number with thousands: 12,345."""
    return MISSING if value is None else f"{_whole(value):,}"


def compact(value: float | None) -> str:
    """Three figures at most: 987, 12.3K, 306K, 1.2M; in Chinese 1.2万, 30.6万, 1.2亿."""
    if value is None:
        return MISSING
    size = abs(value)
    for limit, unit in _SHORT[language()]:
        # 999.5 and up would round to four figures of the unit below.
        if size >= limit * 0.9995:
            scaled = value / limit
            return f"{scaled:.0f}{unit}" if abs(scaled) >= 99.95 else f"{scaled:.1f}{unit}".replace(".0", "")
    return str(_whole(value))


def number(value: float | None) -> str:
    """A number with at most two decimals: 12,345, 4.3, 0.06."""
    if value is None:
        return MISSING
    return f"{value:,.2f}".rstrip("0").rstrip(".").replace("-", MINUS) if value % 1 else count(value)


def rate(value: float | None) -> str:
    """Percent without decimals, with one below 10 %: 47%, 4.2%."""
    if value is None:
        return MISSING
    percent = 100 * value
    return f"{abs(percent):.1f}%" if abs(percent) < 9.95 and round(percent, 1) != 0 else f"{_whole(percent)}%"


def points(difference: float | None) -> str:
    """Difference of two rates in percentage points with its sign: +2.1 pp, −12 pp, 0 pp."""
    if difference is None:
        return MISSING
    value = 100 * difference
    text = f"{abs(value):.1f}" if abs(value) < 9.95 else f"{abs(value):.0f}"
    if float(text) == 0:
        return "0 pp"
    return f"{'+' if value > 0 else MINUS}{text} pp"


def change(now: float | None, before: float | None) -> str | None:
    """Relative change with its sign: +4.2%, −12%; None when there is nothing to compare with."""
    if now is None or not before:
        return None
    value = 100 * (now - before) / before
    text = f"{abs(value):.1f}" if abs(value) < 9.95 else f"{abs(value):.0f}"
    return "0%" if float(text) == 0 else f"{'+' if value > 0 else MINUS}{text}%"


def measured(value: float | None, unit: str) -> str:
    """A value in an indicator's unit: 4.2%, +2.1 pp, EUR 1,234, 12 min, 306K."""
    if value is None:
        return MISSING
    if unit == "ratio":
        return rate(value)
    if unit == "pp":
        return points(value / 100)
    above, _, below = unit.partition("/")
    if above == "EUR":
        text = (
            compact(value)
            if abs(value) >= 100_000
            else f"{value:,.0f}"
            if abs(value) >= 100
            else f"{value:,.2f}"
        )
        return f"EUR {text}".replace("-", MINUS)
    if above in TIMES:
        return f"{_short(value)} {TIMES[above]}"
    return compact(value) if float(value).is_integer() and not below else _short(value)


def _short(value: float) -> str:
    """Three figures at most, whole numbers whole: 12, 4.3, 0.061."""
    if float(value).is_integer() or abs(value) >= 100:
        return compact(value)
    return f"{value:.3g}".replace("-", MINUS)


def day(value: date | datetime | None) -> str:
    """31 Oct 2026; 2026年10月31日."""
    if value is None:
        return MISSING
    if language() == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {value:%b %Y}"


def month(value: date | datetime | None) -> str:
    """Oct 2026; 2026年10月."""
    if value is None:
        return MISSING
    return f"{value.year}年{value.month}月" if language() == "zh" else f"{value:%b %Y}"


def moment(value: datetime | None) -> str:
    """31 Oct 2026, 04:12 UTC: for instants, which serving gives in UTC."""
    if value is None:
        return MISSING
    return f"{day(value)}{' ' if language() == 'zh' else ', '}{value:%H:%M} UTC"


def _whole(value: float) -> int:
    """Round half away from zero, and never to minus zero."""
    return int(abs(value) + 0.5) * (-1 if value < 0 else 1)
