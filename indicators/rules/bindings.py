"""Rules that hold a process against its fact in the dbt project, and against what may be shown of people."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from indicators.measures import ConditionError, columns, parse_condition
from indicators.models import Atomic, Process, hours
from indicators.registry import Registry
from indicators.rules.base import At, rule


@rule("F01", "correct the model's name, or write the model and its YAML first")
def fact_exists(registry: Registry) -> Iterator[At]:
    """The fact of a process is a model of the dbt project, described in YAML."""
    if registry.facts is None:
        return
    for process in registry.all_processes:
        if process.model not in registry.facts.columns:
            yield At(process.origin, f"the model '{process.model}' of {process.process} does not exist")


@rule("F02", "correct the column, or add it to the fact and to its YAML")
def bound_column_exists(registry: Registry) -> Iterator[At]:
    """Every column that a process or a measure reads stands in the fact's YAML."""
    if registry.facts is None:
        return
    for process in registry.all_processes:
        known = registry.facts.columns.get(process.model)
        if known is None:
            continue
        for what, read in _bound(registry, process):
            missing = sorted(read - known - set(process.conditions))
            if missing:
                yield At(what, f"{process.model} has no column {', '.join(missing)}")


def _bound(registry: Registry, process: Process):  # type: ignore[no-untyped-def]
    own = {process.time, *process.grain, *filter(None, [process.entity])}
    dimensions = registry.standard.dimensions
    own |= {column or dimensions[name].column for name, column in process.dims.items() if name in dimensions}
    yield process.origin, own | _read(process.filter, *process.conditions.values())
    for item in process.atomic:
        yield item.origin, registry.measures[item.code].columns | _read(item.where)


def _read(*texts: str | None) -> set[str]:
    found: set[str] = set()
    for text in texts:
        try:
            found |= columns(text) if text else set()
        except ConditionError:
            continue  # M02 says so
    return found


@rule("F03", "cut by a group instead: an age band, a region, a segment")
def personal_column_is_no_dimension(registry: Registry) -> Iterator[At]:
    """No dimension shows a column that points at one person or their car."""
    personal, dimensions = set(registry.standard.personal), registry.standard.dimensions
    for process in registry.all_processes:
        for name, column in process.dims.items():
            shown = column or (dimensions[name].column if name in dimensions else None)
            if shown in personal and shown not in (process.entity, "one_id"):  # those are for L07
                yield At(process.origin, f"'{name}' of {process.process} would show {shown}")
    for name, dimension in dimensions.items():
        if dimension.through and dimension.column in personal:
            yield At(registry.standard.origin, f"the dimension '{name}' would show {dimension.column}")


@rule("F04", "describe the group that is meant; one person is no indicator")
def condition_singles_nobody_out(registry: Registry) -> Iterator[At]:
    """No condition or modifier compares a personal column with a value."""
    personal = set(registry.standard.personal)
    for process in registry.all_processes:
        texts = [
            (process.origin, text) for text in (*process.conditions.values(), *process.modifiers.values())
        ]
        texts += [(process.origin, process.filter)] if process.filter else []
        texts += [(item.origin, item.where) for item in process.atomic if item.where]
        for origin, text in texts:
            named = _compared_with_values(text) & personal
            if named:
                yield At(origin, f"'{text}' singles out a {', '.join(sorted(named))}")


def _compared_with_values(text: str) -> set[str]:
    try:
        tree = parse_condition(text)
    except ConditionError:
        return set()  # M02 and L10 say so
    return {
        node.this.name
        for node in tree.find_all(exp.EQ, exp.NEQ, exp.In, exp.Like)
        if isinstance(node.this, exp.Column) and node.find(exp.Literal)
    }


@rule("F05", "rename the condition: inside measures the column could not be reached any more")
def condition_hides_no_column(registry: Registry) -> Iterator[At]:
    """A named condition is not called like a column of the fact."""
    if registry.facts is None:
        return
    for process in registry.all_processes:
        for name in sorted(set(process.conditions) & registry.facts.columns.get(process.model, frozenset())):
            yield At(process.origin, f"the condition '{name}' hides a column of {process.model}")


@rule("F06", "name dimensions that stand in dims of the process")
def rollup_is_of_the_dimensions(registry: Registry) -> Iterator[At]:
    """A roll-up keeps some of the process's dimensions, each once."""
    for process in registry.all_processes:
        for kept in process.rollups:
            unknown = [name for name in kept if name not in process.dims]
            if unknown or len(set(kept)) < len(kept):
                yield At(
                    process.origin, f"the roll-up [{', '.join(kept)}] is not of {process.process}'s dims"
                )


@rule("F07", "leave it out: the table would hold what another one holds")
def rollup_is_smaller(registry: Registry) -> Iterator[At]:
    """A roll-up has fewer dimensions than the cube, and no other roll-up has the same."""
    for process in registry.all_processes:
        sets = [frozenset(kept) for kept in process.rollups]
        for kept in sets:
            if kept == set(process.dims) or sets.count(kept) > 1:
                yield At(process.origin, f"the roll-up [{', '.join(sorted(kept))}] is there already")
                break


@rule("F08", "name a dbt test by its own `name:`, or write the test first")
def gate_exists(registry: Registry) -> Iterator[At]:
    """A gate is a test of the dbt project."""
    if registry.facts is None:
        return
    for gated in _gated(registry):
        for name in (*gated.gates, *gated.warns):
            if name not in registry.facts.tests:
                yield At(gated.origin, f"there is no dbt test called '{name}'")


@rule("F09", "let data be withheld later than they are warned of")
def ages_are_in_order(registry: Registry) -> Iterator[At]:
    """Data are withheld at a greater age than that at which they carry a warning."""
    for process in registry.all_processes:
        warned, withheld = process.fresh_within, process.withhold_after
        if warned and withheld and hours(withheld) <= hours(warned):
            yield At(
                process.origin, f"{process.process} is withheld after {withheld}, warned of after {warned}"
            )


@rule("F10", "take the day (…_on) of the moment: a statistical date has no time of day")
def statistical_date_is_a_day(registry: Registry) -> Iterator[At]:
    """The statistical date is a day, and called like one."""
    for process in registry.all_processes:
        if not process.time.endswith("_on"):
            yield At(process.origin, f"the statistical date of {process.process} is '{process.time}'")


@rule("F11", "leave it in one of the two lists")
def gate_is_named_once(registry: Registry) -> Iterator[At]:
    """A test withholds or warns, not both."""
    for gated in _gated(registry):
        for name in sorted(set(gated.gates) & set(gated.warns)):
            yield At(gated.origin, f"'{name}' stands under gates and under warns")


def _gated(registry: Registry) -> Iterator[Process | Atomic]:
    for process in registry.all_processes:
        yield process
        yield from process.atomic
