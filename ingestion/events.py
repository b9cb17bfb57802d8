"""The event taxonomy: which events there are, whose they are, and drafts of new ones.

Belongs here: the list (``schemas/app/taxonomy.yml``) held against the contracts beside it. What a version
number promises is `ingestion.versions`' business.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingestion.contracts import SCHEMAS, load_contracts, version_of
from ingestion.versions import LEVELS, check, unreleased

FOLDER = SCHEMAS / "app"
TAXONOMY = "taxonomy.yml"
DOMAINS = ("app", "showroom", "service", "marketing", "tracking")
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")


@dataclass(frozen=True)
class EventType:
    """One kind of event. ``critical`` events have a lane of their own in the collector's log."""

    name: str
    domain: str
    critical: bool
    summary: str
    versions: tuple[str, ...]
    required: tuple[str, ...]


class EventError(ValueError):
    """An event cannot be made as asked; the message says why and what to do."""


def list_events(folder: Path = FOLDER) -> list[EventType]:
    """Every event of the taxonomy with its contracts, by domain and name."""
    found = []
    for domain, events in read_taxonomy(folder).items():
        for name, entry in events.items():
            files = sorted((folder / name).glob("*.json"), key=version_of)
            newest = json.loads(files[-1].read_text(encoding="utf-8")) if files else {}
            required = newest.get("properties", {}).get("properties", {}).get("required", ())
            versions = tuple(file.stem for file in files)
            is_critical = bool(entry.get("critical"))
            found.append(EventType(name, domain, is_critical, entry["summary"], versions, tuple(required)))
    return found


@cache
def critical_events() -> frozenset[str]:
    """Names of the events that must not wait behind others."""
    return frozenset(event.name for event in list_events() if event.critical)


def read_taxonomy(folder: Path = FOLDER) -> dict[str, dict[str, dict[str, Any]]]:
    """Domain -> event -> ``summary`` and ``critical``. Raises ``ValueError`` where it is not of this
    shape.
    """
    file = folder / TAXONOMY
    content = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    for domain, events in content.items():
        if domain not in DOMAINS:
            raise ValueError(f"{file}: there is no domain {domain}; there are {', '.join(DOMAINS)}")
        for name, entry in events.items():
            if not isinstance(entry, dict) or not entry.get("summary"):
                raise ValueError(f"{file}: {name} needs a summary, one sentence on what happened")
    return dict(content)


def problems(schemas: Path = SCHEMAS) -> list[str]:
    """What is wrong with the events and their contracts, each with the file and what to do."""
    folder = schemas / "app"
    listed = {name for events in read_taxonomy(folder).values() for name in events}
    written = {path.name for path in folder.iterdir() if path.is_dir() and any(path.glob("*.json"))}
    found = [
        f"{folder / name}: write {name} into {TAXONOMY}, under its domain"
        for name in sorted(written - listed)
    ]
    found += [
        f"{folder / TAXONOMY}: {name} has no contract: write it or take it out"
        for name in sorted(listed - written)
    ]
    found += [
        f"{folder / name}: an event's name is snake case, noun and verb"
        for name in sorted(written)
        if not _is_name(name)
    ]
    found += check(schemas)
    return found + [
        f"{file}: not released; `forecourt events release` does it" for file in unreleased(schemas)
    ]


def new_event(name: str, domain: str, summary: str, folder: Path = FOLDER) -> Path:
    """A draft of a new event's first contract, and its line in the taxonomy. Answers with the contract's
    file.

    Raises :class:`EventError` where the name is taken or no name, or the domain is none.
    """
    if not NAME.fullmatch(name):
        raise EventError(
            f'"{name}" is no name for an event: write snake case, noun and verb in the past (order_signed)'
        )
    if domain not in DOMAINS:
        raise EventError(f"there is no domain {domain}; there are {', '.join(DOMAINS)}")
    if (folder / name).exists():
        raise EventError(
            f"the event {name} exists: `forecourt events new {name} --version addition` drafts the next one"
        )
    model = load_contracts("app")["signed_in"].schema
    properties = {
        **model["properties"],
        "event": {"const": name},
        "properties": {"type": "object", "properties": {}, "required": [], "additionalProperties": True},
    }
    draft = {**model, "title": f"app.{name}", "description": summary, "properties": properties}
    file = _write(folder / name / "1-0-0.json", draft)
    _add_line(folder / TAXONOMY, name, domain, summary)
    return file


def new_version(name: str, level: str, folder: Path = FOLDER) -> Path:
    """A draft of an event's next version (``level``: addition, revision or model), a copy of the newest to
    be edited.
    """
    files = sorted((folder / name).glob("*.json"), key=version_of)
    if not files:
        raise EventError(f"there is no event {name}: `forecourt events list` shows those that there are")
    if level not in LEVELS:
        raise EventError(f"a version is one of {', '.join(LEVELS)}, not {level}")
    model, revision, addition = version_of(files[-1])
    step = {
        "model": (model + 1, 0, 0),
        "revision": (model, revision + 1, 0),
        "addition": (model, revision, addition + 1),
    }[level]
    newest = json.loads(files[-1].read_text(encoding="utf-8"))
    return _write(files[-1].with_name("-".join(map(str, step)) + ".json"), newest)


def _write(file: Path, schema: Mapping[str, Any]) -> Path:
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return file


def _add_line(file: Path, name: str, domain: str, summary: str) -> None:
    """The file is people's, with comments: one line goes in, in the order of names, the rest stays as it
    is.
    """
    lines = file.read_text(encoding="utf-8").splitlines()
    if f"{domain}:" not in lines:
        lines.append(f"{domain}:")
    place = lines.index(f"{domain}:") + 1
    while place < len(lines) and lines[place].startswith("  ") and lines[place].strip() < name:
        place += 1
    lines.insert(place, f"  {name}: {{summary: {json.dumps(summary, ensure_ascii=False)}}}")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _is_name(name: str) -> bool:
    return NAME.fullmatch(name) is not None or name in ("identify", "page", "screen", "group", "alias")
