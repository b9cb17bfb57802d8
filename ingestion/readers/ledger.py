"""Which files were read, and with which content: the ledger lies in the state of the load package."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingestion.readers.base import SourceError


def files_under(folder: Path, patterns: tuple[str, ...]) -> list[Path]:
    """Files of ``folder`` (or the one file that it is) that fit one of the patterns, in order of their names.

    Raises :class:`SourceError` where there is nothing at this place.
    """
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        raise SourceError(f"{folder} does not exist; correct the path or bring the files back")
    return sorted({file for pattern in patterns for file in folder.rglob(pattern) if file.is_file()})


def all_if_one_changed(root: Path, files: list[Path], state: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Name and content of all files where one of them changed, else of none.

    For files without a cursor, of which the later name is right: a file that changed has to come again before
    those that correct it.
    """
    known: dict[str, str] = state.get("files", {})
    if any(known.get(name) != _digest(file.read_bytes()) for name, file in _named(root, files)):
        state["files"] = {}
    yield from changed_files(root, files, state)


def changed_files(root: Path, files: list[Path], state: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file whose content is not the one that was read last under this name."""
    known: dict[str, str] = state.setdefault("files", {})
    for name, file in _named(root, files):
        content = file.read_bytes()
        digest = _digest(content)
        if known.get(name) != digest:
            yield name, content
            known[name] = digest


def _named(root: Path, files: list[Path]) -> Iterator[tuple[str, Path]]:
    for file in files:
        yield file.relative_to(root).as_posix() if file != root else file.name, file


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
