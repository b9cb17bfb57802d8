"""Small source systems for the loader's tests: rows that keep their contracts, in the systems' own forms."""

import csv
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from ingestion.contracts import load_contracts

START = datetime(2025, 3, 1)
SQL_TYPES = {"integer": "INTEGER", "number": "REAL", "text": "TEXT", "json": "TEXT"}
PATTERNS = {
    "^[A-Z]{2}-[A-Z]{2}$": lambda i: f"DE-{chr(65 + i // 26 % 26)}{chr(65 + i % 26)}",
    "^[A-Z]{2}$": lambda i: "DE",
    "^[A-HJ-NPR-Z0-9]{17}$": lambda i: f"WVW{i:014d}",
    "^[0-9]{4}-[0-9]{2}$": lambda i: f"{2020 + i // 12}-{i % 12 + 1:02d}",
    "^[0-9]{4}-([0-9]{2}|Q[1-4])$": lambda i: f"{2020 + i // 12}-{i % 12 + 1:02d}",
    "^D[0-9]{4}$": lambda i: f"D{i:04d}",
}


def utc(seconds: int) -> str:
    """An instant, ``seconds`` after the start, as RFC 3339."""
    return (START + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _value(name: str, prop: Mapping[str, Any], i: int) -> Any:
    declared = prop.get("type", "string")
    types = [declared] if isinstance(declared, str) else declared
    pattern = prop.get("pattern", "")
    if "const" in prop or "enum" in prop:
        return prop.get("const", prop.get("enum", [None])[0])
    if "boolean" in types:
        return i % 2 == 0
    if "integer" in types:
        return prop.get("minimum", 0) + (i % 5 if prop.get("maximum", 99) > 9 else 0)
    if "number" in types:
        return i + 0.25
    if "object" in types:
        return {"number": i}
    if prop.get("format") == "date-time":
        return utc(i)
    if prop.get("format") == "date":
        return (date(2025, 3, 1) + timedelta(days=i)).isoformat()
    if pattern in PATTERNS:
        return PATTERNS[pattern](i)
    if pattern.startswith("^[0-9]{4}-"):
        return (START + timedelta(seconds=i)).strftime("%Y-%m-%d %H:%M:%S")
    if pattern.startswith("^[0-9]{2}"):
        return "01.02.1990"
    return f"{pattern[1]}{i:08d}" if pattern else f"{name} {i}"


def row(source: str, entity: str, i: int, **changes: Any) -> dict[str, Any]:
    """Row number ``i`` of one entity; keeps its contract unless ``changes`` breaks it."""
    contract = load_contracts(source)[entity]
    made = {name: _value(name, prop, i) for name, prop in contract.schema["properties"].items()}
    made |= {key: i + 1 for key in contract.primary_key if contract.columns[key] == "integer"}
    if contract.cursor == "change_seq":
        made["change_seq"] = i + 1
    return made | changes


def rows(source: str, entity: str, count: int) -> list[dict[str, Any]]:
    """The first ``count`` rows of one entity."""
    return [row(source, entity, i) for i in range(count)]


def write_database(file: Path, source: str, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """A SQLite database with all tables of a source (those not given are empty); answers with its URL."""
    connection = sqlite3.connect(file)
    for entity, contract in load_contracts(source).items():
        columns = ", ".join(f'"{name}" {SQL_TYPES[kind]}' for name, kind in contract.columns.items())
        connection.execute(f'create table if not exists "{entity}" ({columns})')
    for entity, given in tables.items():
        if given:
            names, marks = ", ".join(f'"{name}"' for name in given[0]), ", ".join("?" * len(given[0]))
            values = [list(one.values()) for one in given]
            connection.executemany(f'insert into "{entity}" ({names}) values ({marks})', values)
    connection.commit()
    connection.close()
    return f"sqlite:///{file}"


def put(connection: sqlite3.Connection, source: str, entity: str, given: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, replacing those with the same key."""
    key = load_contracts(source)[entity].primary_key
    for one in given:
        where = " and ".join(f'"{name}" is ?' for name in key)
        connection.execute(f'delete from "{entity}" where {where}', [one[name] for name in key])
        names, marks = ", ".join(f'"{name}"' for name in one), ", ".join("?" * len(one))
        connection.execute(f'insert into "{entity}" ({names}) values ({marks})', list(one.values()))


def event(i: int, name: str = "screen_viewed", **changes: Any) -> dict[str, Any]:
    """Event number ``i`` of the app."""
    schema = load_contracts("app")[name].schema
    properties = schema["properties"]["properties"].get("properties", {})
    made = {
        "messageId": f"message-{i:08d}",
        "type": schema["properties"]["type"]["const"],
        "event": name,
        "userId": f"user-{i % 7}",
        "anonymousId": f"device-{i % 11}",
        "timestamp": utc(i),
        "receivedAt": utc(i + 1),
        "context": {"locale": "de-DE"},
        "properties": {key: _value(key, prop, i) for key, prop in properties.items()},
    }
    missing = [key for key in schema["required"] if key not in made]
    return made | {key: _value(key, schema["properties"][key], i) for key in missing} | changes


def lines(events: Iterable[Mapping[str, Any] | bytes]) -> bytes:
    """JSONL of events; bytes go in as they are."""
    return b"".join(
        (one if isinstance(one, bytes) else json.dumps(one, ensure_ascii=False).encode()) + b"\n"
        for one in events
    )


def write_events(file: Path, events: Iterable[Mapping[str, Any] | bytes]) -> Path:
    """A JSONL file; answers with its folder."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(lines(events))
    return file.parent


def write_page(folder: Path, entity: str, number: int, items: Sequence[Any], **changes: Any) -> Path:
    """One export page of the marketing tool; answers with its file."""
    file = folder / entity / f"page-{number:04d}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    page = {"object": "list", "data": list(items), "has_more": False, "next_cursor": None} | changes
    file.write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8")
    return file


def write_csv(file: Path, given: Sequence[Mapping[str, Any]]) -> Path:
    """A CSV file with the columns of the first row."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(given[0]))
        writer.writeheader()
        writer.writerows(given)
    return file
