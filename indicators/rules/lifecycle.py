"""Rules about an indicator's life: draft, certified, deprecated; versions and what was released."""

from __future__ import annotations

from collections.abc import Iterator

from indicators import formula
from indicators.digest import MODIFIER, digest, modifier_digest
from indicators.drivers import DriverError, tree
from indicators.measures import ConditionError
from indicators.models import Composite, Indicator, Named, Origin, Released
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
    for name, version, was in _released_modifiers(registry):
        if version == was.version and _modifier_digest(registry, name) != was.digest:
            yield At(
                _home(registry, name),
                f"the modifier '{name}' is not that of its version {version}",
                "raise its version under modifier_versions of _standard.yml",
            )


@rule("G05", "count on from the released version")
def version_rises_by_one(registry: Registry) -> Iterator[At]:
    """A version never falls, and rises by one with each release."""
    for item in written(registry):
        released = registry.released.get(item.code)
        if released and not released.version <= item.version <= released.version + 1:
            yield At(item.origin, f"'{item.code}' is version {item.version}, released was {released.version}")
    for name, version, was in _released_modifiers(registry):
        if not was.version <= version <= was.version + 1:
            yield At(
                _home(registry, name),
                f"the modifier '{name}' is version {version}, released was {was.version}",
            )
    for name in registry.standard.modifier_versions:
        if name not in registry.modifiers:
            yield At(registry.standard.origin, f"there is no modifier '{name}' to have a version")


@rule("G06", "keep it as deprecated, with what replaces it: a code is never used again")
def released_is_kept(registry: Registry) -> Iterator[At]:
    """An indicator that was released is not deleted."""
    for code in registry.released:
        if not code.startswith(MODIFIER) and registry.indicator(code) is None:
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
    for name, version, was in _released_modifiers(registry):
        if version == was.version + 1 and _modifier_digest(registry, name) == was.digest:
            yield At(
                _home(registry, name), f"the modifier '{name}' has a new version, but means what was released"
            )


@rule("G09", "write the tree's effects so that their product is the indicator")
def driver_tree_is_right(registry: Registry) -> Iterator[At]:
    """A driver tree is of known indicators, and its effects multiply to the indicator."""
    for code in registry.drivers:
        try:
            tree(registry, code)
        except DriverError as error:
            yield At(registry.drivers[code].origin, str(error))


def _released_modifiers(registry: Registry) -> Iterator[tuple[str, int, Released]]:
    """Each modifier that was released and is still there: its version now, and its release."""
    for code, was in registry.released.items():
        name = code.removeprefix(MODIFIER)
        if name != code and name in registry.modifiers:
            yield name, registry.modifier_version(name), was


def _modifier_digest(registry: Registry, name: str) -> str | None:
    try:
        return modifier_digest(registry, name)
    except ConditionError:
        return None  # L10 says so


def _home(registry: Registry, name: str) -> Origin:
    return registry.processes[min(registry.modifiers[name])].origin


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
