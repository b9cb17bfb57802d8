"""Rules against one thing under two names, and two things under one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from indicators.digest import definition
from indicators.formula import FormulaError
from indicators.measures import ConditionError
from indicators.models import Indicator
from indicators.registry import Registry
from indicators.rules.base import At, rule
from indicators.rules.naming import written

_SILENT = {"a", "an", "the", "of", "in", "by", "for", "to", "with", "from", "and", "their", "that", "who"}
_SILENT_ZH = re.compile(r"[\s()(),,、的量数]")


@rule("E01", "keep one of them; one that repeats another on purpose says so with same_as")
def definition_has_one_code(registry: Registry) -> Iterator[At]:
    """No definition stands under two codes, unless the second one says `same_as` the first."""
    first: dict[str, str] = {}
    for item in written(registry):
        key = _definition(registry, item)
        if key is None:
            continue
        other = first.setdefault(key, item.code)
        if other not in (item.code, item.same_as) and registry.bases[other].same_as != item.code:
            yield At(item.origin, f"'{item.code}' is defined exactly like '{other}'")


@rule("E02", "drop same_as, or make the two definitions equal")
def same_is_the_same(registry: Registry) -> Iterator[At]:
    """An indicator that says `same_as` has that indicator's definition."""
    for item in written(registry):
        if item.same_as is None:
            continue
        other = registry.indicator(item.same_as)
        if other is None or _definition(registry, item) != _definition(registry, other):
            yield At(item.origin, f"'{item.code}' is not the same as '{item.same_as}'")


@rule("E03", "give them names that cannot be taken for each other")
def english_names_differ_in_words(registry: Registry) -> Iterator[At]:
    """No two names differ only in order, number or small words: "Visits with a card", "Card visits"."""
    yield from _lookalikes(registry, "en", lambda name: " ".join(sorted(map(_stem, _words(name)))))


@rule("E04", "give them names that cannot be taken for each other")
def chinese_names_differ_in_substance(registry: Registry) -> Iterator[At]:
    """No two Chinese names differ only in 量, 数, 的, blanks or brackets."""
    yield from _lookalikes(registry, "zh", lambda name: _SILENT_ZH.sub("", name))


def _lookalikes(registry: Registry, language: str, plain) -> Iterator[At]:  # type: ignore[no-untyped-def]
    seen: dict[str, Indicator] = {}
    for item in written(registry):
        name = getattr(item.name, language)
        key = plain(name)
        other = seen.setdefault(key, item) if key else item
        is_equal = getattr(other.name, language).casefold().strip() == name.casefold().strip()
        if other.code != item.code and not is_equal:  # equal names are for N07 and N08
            yield At(item.origin, f"'{name}' can hardly be told from '{getattr(other.name, language)}'")


def _words(name: str) -> list[str]:
    return [word for word in re.findall(r"[a-z0-9]+", name.casefold()) if word not in _SILENT]


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _definition(registry: Registry, item: Indicator) -> str | None:
    try:
        return json.dumps(definition(registry, item.code), sort_keys=True)
    except (ConditionError, FormulaError, KeyError):
        return None  # M01, M02, M06 say so
