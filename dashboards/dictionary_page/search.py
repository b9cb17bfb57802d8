"""Finding indicators: words in English or Chinese, parts of codes, ids. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from indicators.lookup import UnknownCode, resolve
from indicators.registry import Registry
from serving.dictionary import Entry


@dataclass(frozen=True)
class Filters:
    """What a reader typed and chose; None and "" ask for everything."""

    words: str = ""
    stage: str | None = None
    owner: str | None = None
    status: str | None = None


def matching(entries: Sequence[Entry], filters: Filters) -> list[Entry]:
    """Entries that have every word somewhere, those whose code or name begins with them first."""
    words = filters.words.lower().split()
    found = [
        entry
        for entry in entries
        if all(word in entry.search_text for word in words)
        and filters.stage in (None, entry.stage)
        and filters.owner in (None, entry.owner)
        and filters.status in (None, entry.status)
    ]
    return sorted(found, key=lambda entry: _distance(entry, words)) if words else found


def _distance(entry: Entry, words: Sequence[str]) -> int:
    """0 for the code itself, 1 for the beginning of a code or name, 2 for somewhere in them, 3 elsewhere."""
    first = words[0]
    names = (entry.code, entry.name_en.lower(), entry.name_zh)
    if entry.code == first:
        return 0
    if any(name.startswith(first) for name in names):
        return 1
    return 2 if any(first in name for name in names) else 3


def base_of(registry: Registry, code: str) -> str | None:
    """The written indicator behind any code, a generated one's base; None for no code at all."""
    if registry.indicator(code):
        return code
    try:
        return resolve(registry, code).base
    except UnknownCode:
        return None
