"""Rules about measures, conditions, formulas, units and cohorts."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from indicators import formula
from indicators.formula import FormulaError, parse_unit, show_unit, unit_of
from indicators.measures import ConditionError, columns, parse_condition, parse_measure, presence, windows
from indicators.models import Atomic, Composite
from indicators.registry import Registry
from indicators.rules.base import At, rule


@rule("M01", "write count(column), sum(column) or distinct(column)")
def measure_can_be_read(registry: Registry) -> Iterator[At]:
    """A measure is count, sum or distinct of one column."""
    for item in registry.atomics.values():
        try:
            parse_measure(item.measure)
        except ConditionError as error:
            yield At(item.origin, f"'{item.code}': {error}")


@rule("M02", "write a condition on one row of the fact, e.g. is_counted and channel = 'referral'")
def condition_can_be_read(registry: Registry) -> Iterator[At]:
    """Filters, conditions and `where` are conditions on one row."""
    for process in registry.all_processes:
        texts = [
            (process.origin, f"the condition '{name}'", text) for name, text in process.conditions.items()
        ]
        texts += [(process.origin, "the filter", process.filter)] if process.filter else []
        texts += [(item.origin, f"'{item.code}'", item.where) for item in process.atomic if item.where]
        for origin, what, text in texts:
            try:
                parse_condition(text)
            except ConditionError as error:
                yield At(origin, f"{what}: {error}")


@rule("M03", "count the column in `entity` of the process, or declare it there")
def distinct_counts_the_entity(registry: Registry) -> Iterator[At]:
    """Distinct counts are of the process's entity: the person tables hold no other key."""
    for code, item in registry.atomics.items():
        entity = registry.process_of[code].entity
        if item.measure.startswith("distinct(") and item.measure != f"distinct({entity})":
            yield At(
                item.origin, f"'{code}' counts {item.measure}, but the entity is {entity or 'not declared'}"
            )


@rule("M04", "count a column of the grain")
def count_counts_the_grain(registry: Registry) -> Iterator[At]:
    """A count is of the grain's key, so that it counts rows and never skips one."""
    for code, item in registry.atomics.items():
        process = registry.process_of[code]
        if item.measure.startswith("count(") and item.measure[6:-1] not in process.grain:
            yield At(item.origin, f"'{code}' is {item.measure}, but the grain is {', '.join(process.grain)}")


@rule("M05", "set matures to the longest within(...) of the condition")
def cohort_matures_with_its_window(registry: Registry) -> Iterator[At]:
    """A measure with a window matures when the window is over: the declared days are not fewer."""
    for code, item in registry.atomics.items():
        days = [days for _, _, days in windows(_whole(registry, item))]
        if days and (item.matures or 0) < max(days):
            declared = f"{item.matures} days" if item.matures else "nothing"
            yield At(item.origin, f"'{code}' waits {max(days)} days for an event, but declares {declared}")
        # the window of a sum stands in the column that it sums, as in gp_12m_amt
        if item.matures and not days and not item.measure.startswith("sum("):
            yield At(item.origin, f"'{code}' matures in {item.matures} days, but waits for nothing")


@rule("M06", "use codes, numbers, brackets and + - * / only")
def formula_can_be_read(registry: Registry) -> Iterator[At]:
    """A formula is made of codes, numbers, brackets and the four operations."""
    for item in registry.composites.values():
        try:
            named = formula.codes(item.formula)
        except FormulaError as error:
            yield At(item.origin, f"'{item.code}': {error}")
            continue
        if not named:
            yield At(item.origin, f"'{item.code}' names no indicator in '{item.formula}'")


@rule("M07", "correct the code, or define the indicator first")
def formula_uses_known_codes(registry: Registry) -> Iterator[At]:
    """A formula uses atomic and composite codes that exist."""
    for item, named in _readable(registry):
        for code in named:
            if code not in registry.bases:
                yield At(item.origin, f"'{item.code}' uses '{code}', which does not exist or has a period")


@rule("M08", "break the circle: write one of them over atomic indicators")
def formula_is_no_circle(registry: Registry) -> Iterator[At]:
    """No indicator is computed from itself."""
    for item, _ in _readable(registry):
        if _reaches(registry, item.code, item.code, set()):
            yield At(item.origin, f"'{item.code}' is computed from itself")


@rule("M09", "divide a sum by a sum: write both sides over atomic counts and amounts")
def ratio_is_sum_over_sum(registry: Registry) -> Iterator[At]:
    """Ratios and distinct counts are not added up nor averaged: only `1 - ratio` and a scale are allowed."""
    for item, named in _sound(registry):
        tree = formula.parse(item.formula)
        for node in tree.find_all(exp.Add, exp.Sub):
            sides = [node.args["this"], node.args["expression"]]
            codes = [c.name for side in sides for c in side.find_all(exp.Column)]
            constant = any(not list(side.find_all(exp.Column)) for side in sides)
            if not constant and any(registry.additivity(code) != "+" for code in codes):
                yield At(item.origin, f"'{item.code}' adds up '{node.sql()}', whose parts do not add up")
        nested = [code for code in named if registry.is_ratio(code)]
        if nested and (tree.find(exp.Div) or tree.find(exp.Mul)):
            yield At(item.origin, f"'{item.code}' multiplies or divides the ratio {nested[0]}")


@rule("M10", "declare the unit that the formula has")
def unit_follows_from_formula(registry: Registry) -> Iterator[At]:
    """The unit of a composite is what its formula's units come to."""
    free = frozenset(word for word, unit in registry.standard.units.items() if unit.dimensionless)
    for item, _ in _sound(registry):
        try:
            found = unit_of(item.formula, lambda code: parse_unit(registry.bases[code].unit, free))
        except FormulaError as error:
            yield At(item.origin, f"'{item.code}': {error}", "add and subtract equal units only")
            continue
        if found != parse_unit(item.unit, free):
            yield At(
                item.origin, f"'{item.code}' is declared in {item.unit}, but comes to {show_unit(found)}"
            )


@rule("M11", "make the numerator a part of the denominator, or drop `between: [0, 1]`")
def share_is_of_a_part(registry: Registry) -> Iterator[At]:
    """A share in [0, 1] has a numerator that counts a part of what its denominator counts."""
    for item, _ in _sound(registry):
        tree = formula.parse(item.formula)
        if item.between != (0, 1) or not isinstance(tree, exp.Div):
            continue
        above, below = tree.args["this"], tree.args["expression"]
        is_part = (
            isinstance(above, exp.Column)
            and isinstance(below, exp.Column)
            and _is_part(registry, above.name, below.name)
        )
        if not is_part:
            yield At(
                item.origin, f"'{item.code}' claims to be in [0, 1], but '{above}' is no part of '{below}'"
            )


@rule("M12", "write the smaller bound first")
def range_is_in_order(registry: Registry) -> Iterator[At]:
    """`between` begins with the smaller bound."""
    for item in registry.composites.values():
        if item.between and item.between[0] >= item.between[1]:
            yield At(item.origin, f"'{item.code}' lies between {item.between[0]} and {item.between[1]}")


def _readable(registry: Registry) -> Iterator[tuple[Composite, list[str]]]:
    """The composites whose formula can be read, with the codes in it."""
    for item in registry.composites.values():
        try:
            yield item, formula.codes(item.formula)
        except FormulaError:
            continue


def _sound(registry: Registry) -> Iterator[tuple[Composite, list[str]]]:
    """The composites whose whole tree can be read, is known and is no circle."""
    for item, named in _readable(registry):
        if named and _is_sound(registry, item.code, frozenset()):
            yield item, named


def _is_sound(registry: Registry, code: str, above: frozenset[str]) -> bool:
    if code in registry.atomics:
        return True
    if code not in registry.composites or code in above:
        return False
    try:
        named = formula.codes(registry.composites[code].formula)
    except FormulaError:
        return False
    return all(_is_sound(registry, inner, above | {code}) for inner in named)


def _reaches(registry: Registry, code: str, goal: str, seen: set[str]) -> bool:
    if code not in registry.composites or code in seen:
        return False
    seen.add(code)
    try:
        named = formula.codes(registry.composites[code].formula)
    except FormulaError:
        return False
    return goal in named or any(_reaches(registry, inner, goal, seen) for inner in named)


def _whole(registry: Registry, item: Atomic) -> str:
    """A measure's condition with the process's named conditions written out."""
    text = item.where or ""
    try:
        named = columns(text) if text else set()
    except ConditionError:
        return ""
    process = registry.process_of[item.code]
    return " and ".join([text, *(process.conditions[name] for name in named if name in process.conditions)])


def _is_part(registry: Registry, part: str, whole: str) -> bool:
    """Does `part` count rows of `whole` only: same process and measure, and at least its conditions?"""
    one, other = registry.atomics.get(part), registry.atomics.get(whole)
    if one is None or other is None or one.measure != other.measure:
        return False
    if registry.process_of[part] is not registry.process_of[whole]:
        return False
    return _conjuncts(other.where) <= _conjuncts(one.where)


def _conjuncts(where: str | None) -> set[str]:
    if not where:
        return set()
    try:
        tree = parse_condition(where)
    except ConditionError:
        return set()
    parts = tree.flatten() if isinstance(tree, exp.And) else [tree]
    return {part.sql() for part in parts}


@rule("M13", "name the fact as fct_..., e.g. has_rows(fct_card)")
def has_rows_names_a_model(registry: Registry) -> Iterator[At]:
    """has_rows() and within() stand in conditions as they are defined."""
    for process in registry.all_processes:
        texts = [(process.origin, text) for text in process.conditions.values()]
        texts += [(item.origin, item.where) for item in process.atomic if item.where]
        for origin, text in texts:
            for name in ("has_rows", "within"):
                understood = len(presence(text)) if name == "has_rows" else len(windows(text))
                if text.count(f"{name}(") != understood:
                    yield At(origin, f"{name}(...) in '{text}' is not written as it is defined")


@rule("M14", "compute it in `conditions` of the process, where it is evaluated once")
def has_rows_stands_in_conditions(registry: Registry) -> Iterator[At]:
    """has_rows() stands under `conditions` only."""
    for process in registry.all_processes:
        for item in process.atomic:
            if item.where and presence(item.where):
                yield At(item.origin, f"'{item.code}' asks has_rows() in its own condition")
