"""Which periods an indicator has a value in: not every one will do for what is taken once a month."""

from __future__ import annotations

from indicators import periods
from indicators.registry import Registry

WHOLE_MONTHS = ("1m", "1q", "1y")
WHOLE_COMPARES = ("mom", "qoq", "yoy")
_SHORTER = {
    "day": set[str](),
    "week": {"1d", "wtd"},
    "month": {"1d", "7d", "14d", "30d", "wtd", "mtd", "1w"},
}


def unfit_for_snapshots(registry: Registry, code: str, period: str) -> str | None:
    """Why a period holds none of the code's snapshots on most days; None where it always holds one."""
    rhythms = {registry.snapshot(operand) for operand in registry.operands(code)}
    for rhythm in sorted(rhythm for rhythm in rhythms if rhythm and period in _SHORTER[rhythm]):
        return f"'{code}' is taken at each {rhythm}'s end: '{period}' holds none on most days"
    return None


def unfit_for_whole_months(registry: Registry, code: str, period: str) -> str | None:
    """Why a period is not made of whole months, where the code means nothing else; None where it is."""
    if not registry.whole_months(code) or period in WHOLE_MONTHS:
        return None
    return f"'{code}' means something over whole months only: '{period}' ({periods.describe(period)}) is none"


def fitting(registry: Registry, code: str) -> list[str]:
    """The standard's periods in which the code has a value, in the standard's order."""
    return [name for name in registry.standard.periods if not unfit(registry, code, name)]


def unfit(registry: Registry, code: str, period: str) -> str | None:
    """Why a code derived with this period would have no right value on most days; None where it has one."""
    return unfit_for_snapshots(registry, code, period) or unfit_for_whole_months(registry, code, period)
