"""Rules about measures, their conditions, units and cohorts."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.canonical import NEVER
from indicators.digest import canonical_condition
from indicators.measures import (
    PERSON_KINDS,
    QUANTILE_KINDS,
    ConditionError,
    parse_condition,
    parse_measure,
    presence,
    windows,
)
from indicators.models import Process
from indicators.registry import Registry
from indicators.rules.base import At, rule
from indicators.rules.reading import whole_condition


@rule(
    "M01",
    "write a measure as it is defined, e.g. count(lead_id) or median(minutes(assigned_at, first_contact_at))",
)
def measure_can_be_read(registry: Registry) -> Iterator[At]:
    """A measure is one of count, sum, distinct, distinct_days, median and percentile."""
    for item in registry.atomics.values():
        try:
            parse_measure(item.measure)
        except ConditionError as error:
            yield At(item.origin, f"'{item.code}': {error}")


@rule("M02", "write a condition on one row of the fact, e.g. is_counted and channel = 'referral'")
def condition_can_be_read(registry: Registry) -> Iterator[At]:
    """Filters, conditions and `where` are conditions on one row, with one answer, and can be true."""
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
        yield from _never_true(process)


def _never_true(process: Process) -> Iterator[At]:
    """Conditions that contradict themselves, or the filter of their process."""
    texts = [(process.origin, f"the condition '{name}'", text) for name, text in process.conditions.items()]
    texts += [(process.origin, f"the modifier '{name}'", text) for name, text in process.modifiers.items()]
    texts += [(item.origin, f"'{item.code}'", item.where) for item in process.atomic if item.where]
    for origin, what, text in texts:
        try:
            if canonical_condition(process, text) == [NEVER]:
                yield At(origin, f"{what} is never true: '{text}'", "correct the condition: nothing meets it")
        except ConditionError:
            continue  # L10 and the rule itself say so


@rule("M03", "count the column in `entity` of the process, or declare it there")
def distinct_counts_the_entity(registry: Registry) -> Iterator[At]:
    """Distinct counts are of the process's entity: the person tables hold no other key."""
    for code, item in registry.atomics.items():
        measure, entity = registry.measures[code], registry.process_of[code].entity
        if measure.kind in PERSON_KINDS and measure.column != entity:
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
        days = [days for _, _, days in windows(whole_condition(registry, item))]
        if days and (item.matures or 0) < max(days):
            declared = f"{item.matures} days" if item.matures else "nothing"
            yield At(item.origin, f"'{code}' waits {max(days)} days for an event, but declares {declared}")
        # the window of a sum stands in the column that it sums, as in gp_12m_amt
        if item.matures and not days and not item.measure.startswith("sum("):
            yield At(item.origin, f"'{code}' matures in {item.matures} days, but waits for nothing")


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


@rule("M22", "rank minutes(…_at, …_at) or days(…_on, …_on)")
def span_is_between_like_moments(registry: Registry) -> Iterator[At]:
    """Minutes run between instants (_at), days between days (_on), and never from a column to itself."""
    for code, measure in registry.measures.items():
        if measure.span is None:
            continue
        suffix = "_at" if measure.span.unit == "minutes" else "_on"
        ends = (measure.span.start, measure.span.end)
        if not all(end.endswith(suffix) for end in ends) or ends[0] == ends[1]:
            yield At(registry.atomics[code].origin, f"'{code}' ranks {measure.span.unit}({', '.join(ends)})")


@rule("M23", "declare `minute` for minutes and `day` for days")
def span_has_its_unit(registry: Registry) -> Iterator[At]:
    """The unit of a ranked span is the span's."""
    for code, measure in registry.measures.items():
        item = registry.atomics[code]
        if measure.span and item.unit != measure.span.unit.removesuffix("s"):
            yield At(item.origin, f"'{code}' ranks {measure.span.unit}, but is in {item.unit}")


@rule("M24", "sum numerator and denominator, and divide them in a composite")
def rate_is_not_summed(registry: Registry) -> Iterator[At]:
    """No column that is a rate, a share or an average is summed or ranked as if it were a quantity."""
    for code, measure in registry.measures.items():
        if measure.kind == "sum" and measure.column.endswith(("_rate", "_pct", "_idx", "_ratio", "_avg")):
            yield At(registry.atomics[code].origin, f"'{code}' sums '{measure.column}'")


@rule("M25", "sum a column that ends in _amt, and nothing else, in money")
def money_is_in_money(registry: Registry) -> Iterator[At]:
    """A sum of an amount (_amt) is in a unit of money, and only that is."""
    for code, measure in registry.measures.items():
        item = registry.atomics[code]
        unit = registry.standard.units.get(item.unit)
        is_money = bool(unit and unit.type.startswith("decimal"))
        is_amount = measure.kind == "sum" and measure.column.endswith("_amt")
        if unit and is_money != is_amount:
            yield At(item.origin, f"'{code}' is {item.measure} in {item.unit}")


@rule("M26", "count people in `person`, person-days in `person*day`")
def people_are_counted_in_people(registry: Registry) -> Iterator[At]:
    """A distinct count is in persons, and nothing else is."""
    units = {"distinct": "person", "distinct_days": "person*day"}
    for code, measure in registry.measures.items():
        item = registry.atomics[code]
        wanted = units.get(measure.kind)
        counts_people = wanted is None and measure.kind == "count" and item.unit == "person"
        by_grain = counts_people and "one_id" in registry.process_of[code].grain
        if (wanted and item.unit != wanted) or (counts_people and not by_grain):
            yield At(item.origin, f"'{code}' is {item.measure} in {item.unit}")


@rule("M27", "name what is counted or summed")
def measure_has_a_unit(registry: Registry) -> Iterator[At]:
    """An atomic indicator is counted in something: only formulas are dimensionless."""
    for item in registry.atomics.values():
        unit = registry.standard.units.get(item.unit)
        if unit and unit.dimensionless:
            yield At(item.origin, f"'{item.code}' is a measure in '{item.unit}'")


@rule("M28", "count distinct people of the snapshot")
def snapshot_has_no_person_days(registry: Registry) -> Iterator[At]:
    """Person-days are of events: in a snapshot everybody would count every day."""
    for code, measure in registry.measures.items():
        if measure.kind == "distinct_days" and registry.process_of[code].snapshot:
            yield At(registry.atomics[code].origin, f"'{code}' counts person-days of a snapshot")


@rule("M29", "measure the flow in the process of its events")
def snapshot_has_no_cohort(registry: Registry) -> Iterator[At]:
    """A snapshot holds what is, so that nothing in it has to mature."""
    for code, item in registry.atomics.items():
        if item.matures and registry.process_of[code].snapshot:
            yield At(item.origin, f"'{code}' matures in a snapshot")


@rule("M30", "use the condition, or remove it")
def condition_is_used(registry: Registry) -> Iterator[At]:
    """A named condition stands in the condition of a measure."""
    for process in registry.all_processes:
        used = (
            " ".join(item.where or "" for item in process.atomic).replace("(", " ").replace(")", " ").split()
        )
        for name in process.conditions:
            if name not in used:
                yield At(process.origin, f"no measure of {process.process} uses the condition '{name}'")


@rule("M31", "add a measure, or remove the file")
def process_measures_something(registry: Registry) -> Iterator[At]:
    """A process has an atomic indicator."""
    for process in registry.all_processes:
        if not process.atomic:
            yield At(process.origin, f"the process {process.process} measures nothing")


@rule("M32", "take a quantile between 0 and 1, and median() for 0.5")
def percentile_is_one(registry: Registry) -> Iterator[At]:
    """A percentile is not the smallest value, and the one in the middle is called median."""
    for code, measure in registry.measures.items():
        if measure.kind in QUANTILE_KINDS and measure.kind != "median" and measure.quantile in (0.0, 0.5):
            yield At(registry.atomics[code].origin, f"'{code}' is {registry.atomics[code].measure}")
