"""What two registries say differently: which indicators were added, removed, changed or touched, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from indicators.dictionary import definition as definition_text
from indicators.digest import definition
from indicators.models import Indicator, Named
from indicators.registry import Registry
from indicators.usage import affected

Kind = Literal["added", "removed", "changed", "touched", "reworded"]
# What readers see and the numbers do not depend on.
_WORDS = ("name", "stage", "owner", "status", "version", "replaced_by", "note")


@dataclass(frozen=True)
class Field:
    """One part of a definition, before and after."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Difference:
    """One indicator that differs.

    `changed`: its own definition; `touched`: something that it is computed from (`because`); `reworded`:
    names, owner, status or note only, so that every value stays.
    """

    code: str
    kind: Kind
    fields: tuple[Field, ...] = ()
    because: tuple[str, ...] = ()

    @property
    def has_new_values(self) -> bool:
        """May its values differ?"""
        return self.kind != "reworded"


def differences(old: Registry, new: Registry) -> list[Difference]:
    """Every written indicator that differs, changed ones before those that they touch."""
    found: dict[str, Difference] = {}
    for code in dict.fromkeys([*_written(new), *_written(old)]):
        before, after = old.indicator(code), new.indicator(code)
        if before is None or after is None:
            kind: Kind = "added" if before is None else "removed"
            found[code] = Difference(code, kind, _fields(old, new, code))
        elif changed := _fields(old, new, code):
            meaning = [field for field in changed if field.name not in _WORDS]
            found[code] = Difference(code, "changed" if meaning else "reworded", changed)
    for code, because in _touched(old, new, found).items():
        fields = found[code].fields if code in found else ()
        found[code] = Difference(code, "touched", fields, because)
    order = ("changed", "added", "removed", "touched", "reworded")
    return sorted(found.values(), key=lambda one: (order.index(one.kind), one.code))


def _written(registry: Registry) -> list[str]:
    return [*registry.bases, *registry.named]


def _fields(old: Registry, new: Registry, code: str) -> tuple[Field, ...]:
    before, after = _parts(old, code), _parts(new, code)
    return tuple(
        Field(name, before.get(name), after.get(name))
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    )


def _parts(registry: Registry, code: str) -> dict[str, str]:
    """The definition in canonical form and the words around it; empty where the code is not written."""
    item = registry.indicator(code)
    if item is None:
        return {}
    meaning: dict[str, Any] = {**definition(registry, code), **_modifiers(registry, item)}
    words = {name: getattr(item, name) for name in _WORDS}
    words["name"] = f"{item.name.en} / {item.name.zh}"
    return {name: _text(value) for name, value in {**meaning, **words}.items() if value is not None}


def _modifiers(registry: Registry, item: Indicator) -> dict[str, Any]:
    """The named filters that its generated codes use; a named one's own are in its `of`."""
    if isinstance(item, Named):
        return {}
    used = {name for one in registry.derived.values() if one.base == item.code for name in one.modifiers}
    process = registry.process_of[item.code]
    return {f"modifier {name}": process.modifiers[name] for name in sorted(used) if name in process.modifiers}


def _text(value: Any) -> str:
    return " and ".join(map(str, value)) if isinstance(value, list) else str(value)


def _touched(old: Registry, new: Registry, found: dict[str, Difference]) -> dict[str, tuple[str, ...]]:
    """Code -> the changed codes that it is computed from, on either side, where it is not changed itself."""
    because: dict[str, list[str]] = {}
    for code, one in found.items():
        if one.kind in ("changed", "added", "removed"):
            for registry in (old, new):
                for user in affected(registry, code)[1:] if registry.indicator(code) else ():
                    if user not in found or found[user].kind == "reworded":
                        because.setdefault(user, []).append(code)
    return {code: tuple(dict.fromkeys(codes)) for code, codes in because.items()}


def describe(registry: Registry, code: str) -> str:
    """An indicator's definition on one line, for those that were added or removed."""
    item = registry.indicator(code)
    return definition_text(registry, item) if item else ""
