"""Rules that hold what is written against the standard's lists."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.formula import unit_words
from indicators.measures import PERSON_KINDS, ConditionError, columns
from indicators.models import PERSON, Process
from indicators.registry import Registry
from indicators.rules.base import At, rule
from indicators.rules.naming import written


@rule("L01", "use a registered unit, or register it in _standard.yml")
def unit_is_registered(registry: Registry) -> Iterator[At]:
    """Every word of a unit is registered."""
    for item in registry.bases.values():
        for word in unit_words(item.unit):
            if word not in registry.standard.units:
                yield At(item.origin, f"'{item.code}' has the unit '{word}', which is not registered")


@rule("L02", "name a registered owner, or register it in _standard.yml")
def owner_is_registered(registry: Registry) -> Iterator[At]:
    """The owner is registered."""
    for item in written(registry):
        if item.owner not in registry.standard.owners:
            yield At(
                item.origin, f"'{item.code}' is owned by '{item.owner}', whom the standard does not know"
            )


@rule("L03", "use one of the stages in _standard.yml")
def stage_is_registered(registry: Registry) -> Iterator[At]:
    """The stage is registered."""
    for item in written(registry):
        if item.stage not in registry.standard.stages:
            yield At(item.origin, f"'{item.code}' has the stage '{item.stage}', which is not registered")


@rule("L04", "use a registered dimension, or register it in _standard.yml")
def dimension_is_registered(registry: Registry) -> Iterator[At]:
    """Every dimension of a process is registered."""
    for process in registry.all_processes:
        for name in process.dims:
            if name not in registry.standard.dimensions:
                yield At(process.origin, f"the process {process.process} has the unknown dimension '{name}'")


@rule("L05", "leave it out of dims: it is reached through the other dimension by itself")
def reached_dimension_is_not_stored(registry: Registry) -> Iterator[At]:
    """A dimension that is reached through another one is not stored in a cube.

    An attribute of people may be: it cuts counts of people by itself, counts of rows only where it is stored.
    """
    for process in registry.all_processes:
        for name in process.dims:
            dimension = registry.standard.dimensions.get(name)
            people = dimension and dimension.through == PERSON and not _counts_people(registry, process)
            if dimension and dimension.through and not people:
                yield At(
                    process.origin, f"'{name}' of {process.process} is reached through {dimension.through}"
                )


def _counts_people(registry: Registry, process: Process) -> bool:
    codes = (item.code for item in process.atomic)
    return any(registry.measures[code].kind in PERSON_KINDS for code in codes if code in registry.measures)


@rule("L06", "name the dimension it is reached through, and the published table that holds it")
def reached_dimension_has_its_way(registry: Registry) -> Iterator[At]:
    """A dimension with `through` names a stored dimension and a srv_ table, and no other has a table."""
    dimensions = registry.standard.dimensions
    for name, dimension in dimensions.items():
        way = dimensions.get(dimension.through) if dimension.through else None
        broken = dimension.through and (
            way is None or way.through or not (dimension.table or "").startswith("srv_")
        )
        if broken or (dimension.table and not dimension.through):
            yield At(registry.standard.origin, f"the dimension '{name}' cannot be reached as it is written")


@rule("L07", "cut by a group of people instead (an age band, a segment)")
def person_is_no_dimension(registry: Registry) -> Iterator[At]:
    """A person is counted, never shown: the entity's column is no dimension."""
    for process in registry.all_processes:
        stored = {
            process.dims[name] or registry.standard.dimensions[name].column
            for name in process.dims
            if name in registry.standard.dimensions
        }
        if process.entity in stored or "one_id" in stored:
            yield At(process.origin, f"the process {process.process} would show every person as a dimension")


@rule("L08", "call the file <process>.yml")
def file_is_named_like_process(registry: Registry) -> Iterator[At]:
    """A process stands in the file of its name, so it stands once."""
    for process in registry.all_processes:
        if process.origin.file != f"{process.process}.yml":
            yield At(process.origin, f"the process {process.process} stands in {process.origin.file}")


@rule("L09", "read a fact of the core layer (fct_...)")
def process_reads_a_fact(registry: Registry) -> Iterator[At]:
    """A process is read from a fact."""
    for process in registry.all_processes:
        if not process.model.startswith("fct_"):
            yield At(process.origin, f"the process {process.process} is read from '{process.model}'")


@rule("L10", "filter by dimensions of the process only; anything else is a measure of its own with `where`")
def modifier_is_about_dimensions(registry: Registry) -> Iterator[At]:
    """A modifier filters by dimensions of its process, so that it can be applied to the cube."""
    for process in registry.all_processes:
        known = {
            registry.standard.dimensions[name].column
            for name in process.dims
            if name in registry.standard.dimensions
        }
        for name, text in process.modifiers.items():
            try:
                other = columns(text) - known
            except ConditionError as error:
                yield At(process.origin, f"the modifier '{name}': {error}")
                continue
            if other:
                words = ", ".join(sorted(other))
                yield At(
                    process.origin, f"the modifier '{name}' reads {words}: no dimension of {process.process}"
                )
