"""Rules about formulas: what may be computed from what, in which unit and over which window."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from sqlglot import exp

from indicators import formula
from indicators.formula import FormulaError, Units, parse_unit, show_unit, unit_of
from indicators.models import Unit
from indicators.polynomial import canonical_formula, factor
from indicators.registry import Registry
from indicators.rules.base import At, rule
from indicators.rules.reading import is_part, reaches, readable, sound


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
    for item, named in readable(registry):
        for code in named:
            if code not in registry.bases:
                yield At(item.origin, f"'{item.code}' uses '{code}', which does not exist or has a period")


@rule("M08", "break the circle: write one of them over atomic indicators")
def formula_is_no_circle(registry: Registry) -> Iterator[At]:
    """No indicator is computed from itself."""
    for item, _ in readable(registry):
        if reaches(registry, item.code, item.code, set()):
            yield At(item.origin, f"'{item.code}' is computed from itself")


@rule("M09", "divide a sum by a sum: write both sides over atomic counts and amounts")
def ratio_is_sum_over_sum(registry: Registry) -> Iterator[At]:
    """Only what adds up is added, no distinct count, ratio or median; `1 - ratio` and a scale are allowed."""
    for item, named in sound(registry):
        tree = formula.parse(item.formula)
        for node in tree.find_all(exp.Add, exp.Sub):
            sides = [
                [c.name for c in node.args[side].find_all(exp.Column)] for side in ("this", "expression")
            ]
            classes = {_rhythm(registry, code) for codes in sides for code in codes}
            if _is_rest(registry, node):
                continue
            if not all(sides) or len(classes) > 1 or not classes <= _ADDED:
                yield At(item.origin, f"'{item.code}' adds up '{node.sql()}', whose parts do not add up")
        nested = [code for code in named if registry.is_ratio(code)]
        if nested and (tree.find(exp.Div) or tree.find(exp.Mul)):
            yield At(item.origin, f"'{item.code}' multiplies or divides the ratio {nested[0]}")


def _is_rest(registry: Registry, node: exp.Expr) -> bool:
    """`1 - ratio`: what a share leaves."""
    taken = node.args["expression"]
    named = [column.name for column in taken.find_all(exp.Column)]
    is_ratio = taken.find(exp.Div) is not None or all(map(registry.is_ratio, named))
    return isinstance(node, exp.Sub) and node.this.unnest().sql() == "1" and bool(named) and is_ratio


_ADDED = {"+", "S day", "S week", "S month"}


def _rhythm(registry: Registry, code: str) -> str:
    """The class of a code; snapshots with how often they are taken: only equal ones are added."""
    letter = registry.additivity(code)
    return f"S {registry.snapshot(registry.operands(code)[0])}" if letter == "S" else letter


@rule("M10", "declare the unit that the formula has")
def unit_follows_from_formula(registry: Registry) -> Iterator[At]:
    """The unit of a composite is what its formula's units come to, its factor included."""
    units = registry.standard.units
    free = frozenset(word for word, unit in units.items() if unit.dimensionless and unit.times == 1)
    for item, _ in sound(registry):
        try:
            found = unit_of(item.formula, lambda code: parse_unit(registry.bases[code].unit, free))
        except FormulaError as error:
            yield At(item.origin, f"'{item.code}': {error}", "add and subtract equal units only")
            continue
        (plain, scale), (declared, times) = (
            _plain_unit(registry, unit) for unit in (found, parse_unit(item.unit, free))
        )
        if plain == declared and factor(item.formula) * times != scale:
            yield At(
                item.origin,
                f"'{item.code}' is {factor(item.formula)} times what its unit {item.unit} says",
                "declare a unit with `times` (complaint/thousand_deliveries), or drop the factor",
            )
        if plain != declared:
            yield At(
                item.origin, f"'{item.code}' is declared in {item.unit}, but comes to {show_unit(found)}"
            )


def _plain_unit(registry: Registry, unit: Units) -> tuple[dict[str, int], Fraction]:
    """A unit in those that are no multiples of others, and how often it holds them."""
    powers: Counter[str] = Counter()
    scale = Fraction(1)
    for word, power in unit.items():
        known = registry.standard.units.get(word, Unit())
        scale *= Fraction(str(known.times)) ** power
        if not known.dimensionless:
            powers[known.of or word] += power
    return {word: power for word, power in powers.items() if power}, scale


@rule("M11", "make the numerator a part of the denominator, or drop `between: [0, 1]`")
def share_is_of_a_part(registry: Registry) -> Iterator[At]:
    """A share in [0, 1] has a numerator that counts a part of what its denominator counts."""
    for item, _ in sound(registry):
        if item.between != (0, 1):
            continue
        above, below = _share(formula.parse(item.formula))
        if above is None or below is None:
            yield At(item.origin, f"'{item.code}' claims to be in [0, 1], but '{item.formula}' is no share")
        elif not is_part(registry, above, below):
            yield At(
                item.origin, f"'{item.code}' claims to be in [0, 1], but '{above}' is no part of '{below}'"
            )


def _share(tree: exp.Expr) -> tuple[str | None, str | None]:
    """Numerator and denominator of `a / b` or `1 - a / b`; None where the formula is something else."""
    if isinstance(tree, exp.Sub) and tree.this.sql() == "1":
        tree = tree.expression.unnest()
    if (
        isinstance(tree, exp.Div)
        and isinstance(tree.this, exp.Column)
        and isinstance(tree.expression, exp.Column)
    ):
        return tree.this.name, tree.expression.name
    return None, None


@rule("M12", "write the smaller bound first")
def range_is_in_order(registry: Registry) -> Iterator[At]:
    """`between` begins with the smaller bound."""
    for item in registry.composites.values():
        if item.between and item.between[0] >= item.between[1]:
            yield At(item.origin, f"'{item.code}' lies between {item.between[0]} and {item.between[1]}")


@rule("M15", "declare the unit `ratio`, or another range")
def share_has_no_unit(registry: Registry) -> Iterator[At]:
    """What lies in [0, 1] by its nature is dimensionless."""
    for item in registry.composites.values():
        if item.between == (0, 1) and item.unit != "ratio":
            yield At(item.origin, f"'{item.code}' lies in [0, 1], but is in {item.unit}")


@rule("M16", "measure the product on each row of the fact, and sum that")
def product_is_of_a_scale(registry: Registry) -> Iterator[At]:
    """Indicators are not multiplied with one another: a product of sums is no sum of products."""
    for item, _ in sound(registry):
        for node in formula.parse(item.formula).find_all(exp.Mul):
            if all(node.args[side].find(exp.Column) for side in ("this", "expression")):
                yield At(item.origin, f"'{item.code}' multiplies '{node.sql()}'")


@rule("M17", "rank the value itself in a measure of its own")
def median_stands_alone(registry: Registry) -> Iterator[At]:
    """Nothing is computed from a median or percentile: a whole's median is not made of its parts' medians."""
    for item, named in sound(registry):
        for code in named:
            if registry.additivity(code) == "M":
                yield At(item.origin, f"'{item.code}' is computed from the median '{code}'")


@rule("M18", "take numerator and denominator of the same cohort, from one process")
def cohort_is_of_one_process(registry: Registry) -> Iterator[At]:
    """A cohort measure is divided by its own cohort: other processes count other days."""
    for item, _ in sound(registry):
        operands = registry.operands(item.code)
        if registry.matures(item.code) and len({registry.process_of[code].process for code in operands}) > 1:
            yield At(item.origin, f"'{item.code}' divides a cohort by what happened on other days")


@rule("M19", "compute it from processes that share a dimension")
def formula_can_be_cut(registry: Registry) -> Iterator[At]:
    """The processes of a formula share at least one dimension that each of them reaches many-to-one."""
    for item, _ in sound(registry):
        processes = [registry.process_of[code] for code in registry.operands(item.code)]
        if all(process.dims for process in processes) and not registry.reachable(item.code):
            names = ", ".join(sorted({process.process for process in processes}))
            yield At(item.origin, f"'{item.code}' is over {names}, which share no dimension")


@rule("M20", "use two indicators, or name the one")
def composite_is_more_than_its_operand(registry: Registry) -> Iterator[At]:
    """A composite computes something: it is not another indicator under a new code."""
    for item, named in sound(registry):
        if canonical_formula(item.formula) == named[0]:
            yield At(item.origin, f"'{item.code}' is '{named[0]}' under another code")


@rule("M21", "correct one of them: everything over itself is 1")
def ratio_is_of_two_things(registry: Registry) -> Iterator[At]:
    """Numerator and denominator differ."""
    for item, _ in sound(registry):
        for node in formula.parse(item.formula).find_all(exp.Div):
            if node.this.unnest() == node.expression.unnest():
                yield At(item.origin, f"'{item.code}' divides '{node.this.sql()}' by itself")
