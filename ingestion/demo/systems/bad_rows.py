"""Rows that break their contract: copies of good rows under new keys, each spoiled in one place.

What can be broken is read from the contract itself, so a bad row is bad by the same file that the loader
checks.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

SCHEMAS = Path(__file__).parents[2] / "schemas"
SHARE = 0.003


@dataclass
class Entity:
    """One table of a source system: good rows, and rows that break its contract with the reason for each."""

    source: str
    name: str
    table: pa.Table
    bad: list[dict[str, Any]] = field(default_factory=list)
    why: list[str] = field(default_factory=list)


@cache
def schema_of(source: str, entity: str) -> dict[str, Any]:
    """Return the first contract of an entity."""
    path = SCHEMAS / source / entity / "1-0-0.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def _types(rule: dict[str, Any]) -> set[str]:
    kinds = rule.get("type", [])
    return set(kinds if isinstance(kinds, list) else [kinds])


def breakers(schema: dict[str, Any]) -> list[tuple[str, str, Any]]:
    """Return (why, column, value) for what can be broken; in the key only the pattern."""
    found: list[tuple[str, str, Any]] = []
    for column, rule in schema["properties"].items():
        if column == schema.get("x-cursor"):
            continue
        if column in schema["x-primary-key"]:
            if "pattern" in rule:
                found.append(("pattern not met", column, "BROKEN"))
            continue
        kinds = _types(rule)
        if column in schema["required"]:
            found.append(("required value missing", column, None))
        if "enum" in rule and "string" in kinds:
            found.append(("value not allowed", column, "n/a"))
        if kinds & {"integer", "number"}:
            found.append(("text in a number column", column, "k.A."))
        if "pattern" in rule and "string" in kinds:
            found.append(("pattern not met", column, "WHXO-INVALID"))
        if "minimum" in rule:
            found.append(("number too small", column, rule["minimum"] - 7))
    return found


def spoil(
    source: str,
    name: str,
    table: pa.Table,
    rng: np.random.Generator,
    new_key: Callable[[int], dict[str, Any]],
) -> Entity:
    """Return the entity with 0.3 % bad rows (at least three); `new_key(i)` gives the key columns of the
    i-th.
    """
    options = breakers(schema_of(source, name))
    if not len(table) or not options:
        return Entity(source, name, table)
    count = max(3, round(len(table) * SHARE))
    copies = table.take(pa.array(rng.integers(0, len(table), count))).to_pylist()
    kinds = rng.integers(0, len(options), count)
    bad, why = [], []
    for i, (row, kind) in enumerate(zip(copies, kinds, strict=True)):
        reason, column, value = options[kind]
        key = new_key(i)
        bad.append({**row, **key, column: f"{value}-{i}" if column in key else value})
        why.append(f"{reason}: {column}")
    return Entity(source, name, table, bad, why)
