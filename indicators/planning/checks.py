"""What has no answer, in words: unknown codes and dimensions, ways that do not lead there, wrong values."""

from __future__ import annotations

import difflib
from typing import Any

from indicators import periods
from indicators.codes import POINTS, DerivedCode, parse_code
from indicators.lookup import UnknownCode, resolve
from indicators.planning.request import GRAINS, MAX_DIMENSIONS, POINT, PREVIOUS, RATIO, PlanError, Request
from indicators.registry import Registry

_PARTS = {"week": "1w", "month": "1m", "quarter": "1q", "year": "1y"}  # grain -> the period that a part is
_TRUTHS = {"true": True, "yes": True, "false": False, "no": False}


def resolved(registry: Registry, request: Request) -> DerivedCode:
    """The code taken apart, the request's own comparison included. Raises PlanError."""
    try:
        derived = resolve(registry, request.code)
    except UnknownCode as error:
        raise PlanError(_misaligned(registry, request.code) or str(error)) from error
    if request.compare is None:
        _check_lines_up(registry, request, derived)
        return derived
    if derived.compare:
        raise PlanError(f"'{request.code}' is a comparison already: leave `compare` out.")
    compare = request.compare.removesuffix(POINTS)
    if compare not in (*registry.standard.compares, PREVIOUS):
        known = ", ".join((*registry.standard.compares, PREVIOUS))
        raise PlanError(
            f"There is no comparison '{request.compare}': choose one of {known} (_pp for points)."
        )
    if derived.period and compare == PREVIOUS:
        fits = ", ".join(_fitting(registry, derived.period))
        raise PlanError(f"'{request.code}' has its own period: compare it by {fits}.")
    found = DerivedCode(derived.base, derived.period, derived.modifiers, request.compare)
    _check_points(registry, request, found)
    _check_lines_up(registry, request, found)
    return found


def _check_points(registry: Registry, request: Request, derived: DerivedCode) -> None:
    """A difference in points is one of rates, or of what is counted in points itself."""
    unit, compare = registry.unit(derived.base), derived.compare or ""
    if compare.endswith(POINTS) and unit not in (RATIO, POINT):
        raise PlanError(
            f"'{request.code}' is in {unit}: it has no difference in points. "
            f"Compare it by {compare.removesuffix(POINTS)}, for the relative change."
        )


def _check_lines_up(registry: Registry, request: Request, derived: DerivedCode) -> None:
    """A period, and each part of a series of a plain code, is compared with nothing shorter than itself."""
    compare = (derived.compare or "").removesuffix(POINTS)
    if not compare or compare == PREVIOUS:
        return
    if derived.period and not periods.lines_up(derived.period, compare):
        raise PlanError(_not_aligned(registry, request.code, derived.period, compare))
    part = _PARTS.get(request.grain or "")
    if part and not derived.period and not periods.lines_up(part, compare):
        raise PlanError(
            f"'{request.code}' by {request.grain} would not line up: a {request.grain} cannot be compared "
            f"with {periods.COMPARE_WORDS[compare]}. Compare it by {', '.join(_fitting(registry, part))}."
        )


def _fitting(registry: Registry, period: str) -> list[str]:
    """The standard's comparisons that line up with a period."""
    return [name for name in registry.standard.compares if periods.lines_up(period, name)]


def _misaligned(registry: Registry, code: str) -> str | None:
    """Why a well formed code was not generated, where its period and comparison do not line up."""
    standard = registry.standard
    parsed = parse_code(code, registry.bases, set(registry.modifiers), standard.periods, standard.compares)
    if parsed is None or not parsed.compare:
        return None
    compare = parsed.compare.removesuffix(POINTS)
    if periods.lines_up(parsed.period, compare):
        return None
    return _not_aligned(registry, code, parsed.period, compare)


def _not_aligned(registry: Registry, code: str, period: str, compare: str) -> str:
    return (
        f"'{code}' would not line up: {periods.describe(period)} cannot be compared with "
        f"{periods.COMPARE_WORDS[compare]}. Compare '{period}' by "
        f"{', '.join(_fitting(registry, period))}."
    )


def check_dimensions(registry: Registry, request: Request, derived: DerivedCode) -> None:
    """Every dimension exists, leads to every operand, and stands once; not more than three cut."""
    known = registry.standard.dimensions
    possible = registry.reachable(derived.base)
    for name in [*request.by, *request.where]:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1, cutoff=0.5)
            meant = f" Did you mean '{near[0]}'?" if near else ""
            raise PlanError(f"There is no dimension '{name}'.{meant} Dimensions: {', '.join(known)}.")
        if name not in possible:
            ways = ", ".join(possible) or "none"
            raise PlanError(
                f"{_named(request, derived)} cannot be cut by '{name}'. It can be cut by: {ways}."
            )
    if len(set(request.by)) < len(request.by):
        raise PlanError("A dimension stands twice in `by`: name it once.")
    if len(request.by) > MAX_DIMENSIONS:
        raise PlanError(
            f"{len(request.by)} dimensions are too many: cut by at most {MAX_DIMENSIONS} "
            "and put the others into `where`."
        )


def check_modifiers(registry: Registry, request: Request, derived: DerivedCode) -> None:
    """Every process that is read knows the code's modifiers."""
    processes = {registry.process_of[code].process for code in registry.operands(derived.base)}
    for name in derived.modifiers:
        missing = processes - registry.modifiers[name]
        if missing:
            raise PlanError(
                f"'{name}' is not defined for {', '.join(sorted(missing))}, which {request.code} needs."
            )


def check_dates(request: Request) -> None:
    """The grain exists and the period does not end before it begins."""
    if request.grain is not None and request.grain not in GRAINS:
        raise PlanError(f"There is no grain '{request.grain}': choose one of {', '.join(GRAINS)}.")
    if request.date_from and request.date_to and request.date_from > request.date_to:
        raise PlanError(f"The period ends before it begins: {request.date_from} to {request.date_to}.")


def values(registry: Registry, name: str, value: Any) -> list[Any]:
    """A `where` value as a list of values of the dimension's type. Raises PlanError for any other type.

    Dimensions hold text; those whose column starts with `is_` or `has_` hold yes and no.
    """
    column = registry.standard.dimensions[name].column
    is_flag = column.startswith(("is_", "has_"))
    given = list(value) if isinstance(value, list | tuple | set | frozenset) else [value]
    return [item if item is None else _typed(name, item, is_flag) for item in given]


def _typed(name: str, item: Any, is_flag: bool) -> Any:
    if is_flag:
        truth = item if isinstance(item, bool) else _TRUTHS.get(str(item).lower())
        if truth is None:
            raise PlanError(f"'{name}' is true or false, not {item!r}.")
        return truth
    if not isinstance(item, str):
        raise PlanError(f"'{name}' holds text, not the {type(item).__name__} {item!r}: give text, or None.")
    return item


def _named(request: Request, derived: DerivedCode) -> str:
    """The code as it was asked for, and what it counts where that is another."""
    if request.code in (derived.base, str(derived)):
        return f"'{request.code}'"
    return f"'{request.code}' ({derived})"
