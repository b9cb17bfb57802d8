"""What every reader offers to the loader."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from ingestion.batch import Chunk, Refused

Parsed = dict[str, Any] | Refused
Parse = Callable[[bytes, str], Parsed]
"""Reads the kept bytes of one refused row again: (original, position) -> row, or why it is none."""


class SourceError(Exception):
    """A source cannot be read; the message says what, where and what to do."""


class Reader(Protocol):
    """Reads one entity of one source from where the last load stopped."""

    notes: list[str]
    """Sentences for the report, for example that a half-written line waits for the next load."""
    more: bool
    """True where the reader stopped early to bound memory: load this package, then read on."""

    is_authority: bool
    """True where a row read now is right whatever was loaded before; False for files, which may come late."""

    def chunks(self, state: dict[str, Any]) -> Iterator[Chunk]:
        """Yield what is new; when all of it was taken, write into ``state`` how far that went."""
        ...
