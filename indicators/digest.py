"""The digest of a definition: equal for two ways to write the same thing, different for two things.

`_released.yml` holds the digest of every released indicator, so that a definition cannot change under the
same version. Names, notes, owner, status and the order of conditions are not part of a definition. What a
composite is computed from is named by code: an operand's change is its own, and raises its own version. A
modifier is named by code too, in the codes that use it, and stands in `_released.yml` beside the indicators.

The seed `indicator_digest` holds the digests of what a build was made from, so that a reader of the snapshot
sees whether the registry says something else by now.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from indicators.canonical import condition_parts
from indicators.models import Atomic, Composite, Named, Process, Released
from indicators.polynomial import canonical_formula
from indicators.registry import Registry

LENGTH = 16
DIGEST_SEED = "indicator_digest"
MODIFIER = "modifier."  # before a modifier's name in `_released.yml`: no code holds a dot


def digest(registry: Registry, code: str) -> str:
    """The digest of a written indicator's definition: 16 hexadecimal digits of SHA-256."""
    return _hash(definition(registry, code))


def modifier_digest(registry: Registry, name: str) -> str:
    """The digest of a modifier's condition, which is the same in every process (D13)."""
    process = registry.processes[min(registry.modifiers[name])]
    return _hash({"modifier": condition_parts((process.modifiers[name],))})


def _hash(said: dict[str, Any]) -> str:
    text = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]


def definition(registry: Registry, code: str) -> dict[str, Any]:
    """What the indicator is, in canonical form: two indicators with equal definitions are the same."""
    item = registry.indicator(code)
    if isinstance(item, Composite):
        return {"formula": canonical_formula(item.formula), "unit": item.unit}
    if isinstance(item, Named):
        return {"of": item.of}
    if not isinstance(item, Atomic):
        raise KeyError(f"'{code}' is not written in the registry")
    process = registry.process_of[code]
    return {
        "model": process.model,
        "time": process.time,
        "snapshot": process.snapshot,
        "measure": item.measure.replace(" ", ""),
        "where": canonical_condition(process, item.where),
        "matures": item.matures,
        "unit": item.unit,
    }


def canonical_condition(process: Process, where: str | None) -> list[str]:
    """The parts of the process's filter and a condition in canonical form, named conditions written out."""
    texts = tuple(text for text in (process.filter, where) if text)
    return list(condition_parts(texts, tuple(process.conditions.items())))


def digests(registry: Registry) -> dict[str, Released]:
    """Version and digest of every written indicator by its code, of every modifier as `modifier.<name>`."""
    codes = (*registry.bases, *registry.named)
    found = {code: written(registry, code) for code in codes}
    found |= {MODIFIER + name: written(registry, MODIFIER + name) for name in registry.modifiers}
    return dict(sorted(found.items()))


def written(registry: Registry, name: str) -> Released:
    """Version and digest of a written indicator, or of a modifier (`modifier.<name>`), as it stands now."""
    modifier = name.removeprefix(MODIFIER)
    if modifier != name:
        version = registry.modifier_version(modifier)
        return Released(version=version, digest=modifier_digest(registry, modifier))
    item = registry.indicator(name)
    if item is None:
        raise KeyError(f"'{name}' is not written in the registry")
    return Released(version=item.version, digest=digest(registry, name))


def digest_seed(registry: Registry) -> str:
    """What a build is made from, as CSV: one line for each definition."""
    lines = [f"{name},{one.version},{one.digest}" for name, one in digests(registry).items()]
    return "\n".join(["definition,version,digest", *lines]) + "\n"
