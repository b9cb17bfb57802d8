"""Versions of the contracts: a released file stays as it is, and a new one is what its number claims.

``<model>-<revision>-<addition>``: an addition only brings new optional properties, so that every row of
before passes and means the same; a revision may change what values a column takes; a new model may change
anything (a column goes or is stored in another way, another key). ``python -m ingestion.versions`` checks all
contracts and writes new files into the manifest ``schemas/released.sha256`` (the format of ``sha256sum``).
"""

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from ingestion.contracts import SCHEMAS, kind_of, version_of

MANIFEST = "released.sha256"
LEVELS = ("model", "revision", "addition")
_NOTES = {"$schema", "$id", "$comment", "title", "description", "examples"}
_IDENTITY = {"x-primary-key", "x-cursor"}


def changes(old: Mapping[str, Any], new: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """What a new schema changes: the level of each change (model, revision, addition) and a sentence."""
    if kind_of(old) != kind_of(new):
        yield "model", f"{path or '/'} is stored as {kind_of(new)} instead of {kind_of(old)}"
    for keyword in sorted((old.keys() | new.keys()) - _NOTES - {"properties"}):
        if old.get(keyword) != new.get(keyword) or (keyword in old) != (keyword in new):
            yield "model" if keyword in _IDENTITY else "revision", f"{path or '/'} changes {keyword}"
    before, after = old.get("properties", {}), new.get("properties", {})
    for name in sorted(before.keys() | after.keys()):
        here = f"{path}/{name}"
        if name not in after:
            yield "model", f"{here} is gone"
        elif name not in before:
            yield "addition", f"{here} is new"
        else:
            yield from changes(before[name], after[name], here)


def version_problems(folder: Path) -> list[str]:
    """What is wrong with the versions in the folder of one contract; empty where all is well."""
    files = sorted(folder.glob("*.json"), key=version_of)
    found = []
    if files and version_of(files[0]) != (1, 0, 0):
        found.append(f"{files[0]}: the first version is 1-0-0")
    for older, newer in pairwise(files):
        model, revision, addition = version_of(older)
        steps = ((model + 1, 0, 0), (model, revision + 1, 0), (model, revision, addition + 1))
        if version_of(newer) not in steps:
            names = ", ".join("-".join(map(str, step)) for step in steps)
            found.append(f"{newer}: the version after {older.stem} is one of {names}")
            continue
        claimed = steps.index(version_of(newer))
        schemas = (json.loads(file.read_text(encoding="utf-8")) for file in (older, newer))
        found += [
            f"{newer}: {what}, which needs a new {level}"
            for level, what in changes(*schemas)
            if LEVELS.index(level) < claimed
        ]
    return found


def released_problems(schemas: Path) -> list[str]:
    """Released files that were changed or removed since."""
    found = []
    for name, digest in _released(schemas).items():
        file = schemas / name
        if not file.is_file():
            found.append(f"{file}: a released file stays, but it is gone")
        elif _digest(file) != digest:
            found.append(f"{file}: a released file is never edited; write a new version beside it")
    return found


def unreleased(schemas: Path) -> list[Path]:
    """Contracts that the manifest does not name yet, in name order."""
    known = _released(schemas)
    return sorted(file for file in schemas.glob("*/*/*.json") if _name(schemas, file) not in known)


def check(schemas: Path = SCHEMAS) -> list[str]:
    """Everything that is wrong with the contracts of all sources; empty where all is well."""
    found = released_problems(schemas)
    for folder in sorted(schemas.glob("*/*/")):
        found += version_problems(folder)
    return found


def release(schemas: Path = SCHEMAS) -> list[Path]:
    """Write new contracts into the manifest, answer with them. Raises ``ValueError`` where one is wrong."""
    if found := check(schemas):
        raise ValueError("\n".join(found))
    new = unreleased(schemas)
    entries = _released(schemas) | {_name(schemas, file): _digest(file) for file in new}
    lines = [f"{digest}  {name}\n" for name, digest in sorted(entries.items())]
    (schemas / MANIFEST).write_text("".join(lines), encoding="utf-8")
    return new


def _released(schemas: Path) -> dict[str, str]:
    file = schemas / MANIFEST
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def _name(schemas: Path, file: Path) -> str:
    return file.relative_to(schemas).as_posix()


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


if __name__ == "__main__":
    try:
        print("\n".join(f"released {file}" for file in release()) or "nothing new")
    except ValueError as problem:
        sys.exit(str(problem))
