"""Rules about an indicator's life: draft, certified, deprecated; versions and what was released."""

from __future__ import annotations

from collections.abc import Iterator

from indicators import formula
from indicators.digest import digest
from indicators.drivers import DriverError, tree
from indicators.models import Composite, Indicator, Named, Origin
from indicators.registry import Registry
from indicators.rules.base import At, rule
from indicators.rules.naming import written


@rule("G01", "name the indicator to use instead in replaced_by")
def deprecated_has_replacement(registry: Registry) -> Iterator[At]:
    """A deprecated indicator names its replacement, and only a deprecated one has a replacement."""
    for item in written(registry):
        if (item.status == "deprecated") != (item.replaced_by is not None):
            yield At(
                item.origin, f"'{item.code}' is {item.status}, replaced by {item.replaced_by or 'nothing'}"
            )


@rule("G02", "name an indicator that lives")
def replacement_lives(registry: Registry) -> Iterator[At]:
    """The replacement exists and is not deprecated itself."""
    for item in written(registry):
        if item.replaced_by is None:
            continue
        other = registry.indicator(item.replaced_by)
        if other is None or other.status == "deprecated":
            yield At(item.origin, f"'{item.code}' is replaced by '{item.replaced_by}', which does not live")


@rule("G03", "use its replacement")
def living_uses_living(registry: Registry) -> Iterator[At]:
    """No living indicator is computed from a deprecated one."""
    for item, used in _users(registry):
        if item.status != "deprecated" and used.status == "deprecated":
            yield At(item.origin, f"'{item.code}' uses '{used.code}', which is deprecated")


@rule("G04", "raise its version by one")
def changed_definition_has_a_new_version(registry: Registry) -> Iterator[At]:
    """A definition that differs from the released one has a greater version."""
    for item in written(registry):
        released = registry.released.get(item.code)
        if released and item.version == released.version and digest(registry, item.code) != released.digest:
            yield At(
                item.origin, f"the definition of '{item.code}' is not that of its version {item.version}"
            )


@rule("G05", "count on from the released version")
def version_rises_by_one(registry: Registry) -> Iterator[At]:
    """A version never falls, and rises by one with each release."""
    for item in written(registry):
        released = registry.released.get(item.code)
        if released and not released.version <= item.version <= released.version + 1:
            yield At(item.origin, f"'{item.code}' is version {item.version}, released was {released.version}")


@rule("G06", "keep it as deprecated, with what replaces it: a code is never used again")
def released_is_kept(registry: Registry) -> Iterator[At]:
    """An indicator that was released is not deleted."""
    for code in registry.released:
        if registry.indicator(code) is None:
            yield At(Origin(file="_released.yml", line=1), f"'{code}' was released and is gone")


@rule("G07", "certify the draft first, or make this one a draft")
def certified_uses_certified(registry: Registry) -> Iterator[At]:
    """No certified indicator is computed from a draft."""
    for item, used in _users(registry):
        if item.status == "certified" and used.status == "draft":
            yield At(item.origin, f"'{item.code}' is certified, but '{used.code}' is a draft")


@rule("G08", "keep the version as it was: names, owners and notes are no definition")
def unchanged_definition_keeps_its_version(registry: Registry) -> Iterator[At]:
    """A version rises only when the definition changes."""
    for item in written(registry):
        released = registry.released.get(item.code)
        if (
            released
            and item.version == released.version + 1
            and digest(registry, item.code) == released.digest
        ):
            yield At(item.origin, f"'{item.code}' has a new version, but its definition is the released one")


@rule("G09", "write the tree's effects so that their product is the indicator")
def driver_tree_is_right(registry: Registry) -> Iterator[At]:
    """A driver tree is of known indicators, and its effects multiply to the indicator."""
    for code in registry.drivers:
        try:
            tree(registry, code)
        except DriverError as error:
            yield At(registry.drivers[code].origin, str(error))


def _users(registry: Registry) -> Iterator[tuple[Indicator, Indicator]]:
    """Each composite or named indicator with each indicator that it is computed from."""
    for item in written(registry):
        for code in _used(registry, item):
            if code in registry.bases:
                yield item, registry.bases[code]


def _used(registry: Registry, item: Indicator) -> list[str]:
    if isinstance(item, Named):
        return [registry.derived[item.of].base] if item.of in registry.derived else []
    try:
        return formula.codes(item.formula) if isinstance(item, Composite) else []
    except formula.FormulaError:
        return []  # M06 says so
