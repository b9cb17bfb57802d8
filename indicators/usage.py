"""Who uses an indicator inside the registry, and which texts name it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from indicators import formula
from indicators.codes import POINTS
from indicators.lookup import resolve
from indicators.registry import Registry


@dataclass(frozen=True)
class Users:
    """What breaks when the indicator changes: direct composites, named codes, generated ones, trees."""

    composites: tuple[str, ...]
    named: tuple[str, ...]
    derived_cnt: int
    trees: tuple[str, ...]


def users(registry: Registry, code: str, trees: Mapping[str, set[str]]) -> Users:
    """Who uses a base or named code; `trees` are the codes of each driver tree by its name."""
    return Users(
        composites=tuple(
            name for name, item in registry.composites.items() if code in formula.codes(item.formula)
        ),
        named=tuple(name for name, item in registry.named.items() if resolve(registry, item.of).base == code),
        derived_cnt=sum(one.base == code for one in registry.derived.values()),
        trees=tuple(name for name, codes in trees.items() if code in codes),
    )


def affected(registry: Registry, code: str) -> list[str]:
    """Every written code whose value depends on a code, itself first: composites of composites as well."""
    found = [code]
    for one in found:
        more = [n for n, item in registry.composites.items() if one in formula.codes(item.formula)]
        more += [n for n, item in registry.named.items() if resolve(registry, item.of).base == one]
        found += [name for name in more if name not in found]
    return found


def mentions(registry: Registry, texts: Mapping[str, str]) -> dict[str, list[str]]:
    """Base or named code -> names of the texts that write it (or a code derived from it) between quotes."""
    found: dict[str, list[str]] = {}
    quoted = re.compile(r"""["']([a-z][a-z0-9_]+)["']""")
    ends = tuple(registry.standard.periods) + tuple(registry.standard.compares) + (POINTS,)
    for name, text in texts.items():
        for word in sorted(set(quoted.findall(text))):
            if word in registry.bases or word in registry.named:
                found.setdefault(word, []).append(name)
            elif word.endswith(ends) and word in registry.derived:
                found.setdefault(registry.derived[word].base, []).append(name)
    return {code: sorted(set(names)) for code, names in found.items()}
