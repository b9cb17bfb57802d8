"""Writes the YAML beside each compiled model, and the catalogue as a seed."""

from __future__ import annotations

import csv
import io
from typing import Any

import yaml

from indicators.dictionary import catalogue
from indicators.models import Atomic, Process
from indicators.registry import Registry
from indicators.render_sql import cube_name, dimension_columns, person_name, split

CATALOGUE = "indicator_catalogue"
_HEADER = "# Compiled from indicators/registry: edit there, then `forecourt indicators compile`.\n"


class _Dumper(yaml.SafeDumper):
    """Indents lists under their key, as the YAML that is written by hand does."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        return super().increase_indent(flow, False)


def to_yaml(data: dict[str, Any]) -> str:
    """YAML as the house writes it: keys in the order given, two spaces, real characters."""
    return _HEADER + yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


def cube_properties(registry: Registry, process: Process) -> str:
    """Description, contract, columns and grain test of `ind_<process>_1d`."""
    additive, _ = split(registry, process)
    keys = _key_columns(registry, process)
    measured = [
        {
            "name": item.code,
            "data_type": _type(registry, item),
            "description": _meaning(item),
        }
        for item in additive
    ]
    return _properties(cube_name(process), _grain_text(registry, process, ""), [*keys, *measured], keys)


def person_properties(registry: Registry, process: Process) -> str:
    """Description, contract, columns and grain test of `ind_<process>_person_1d`."""
    _, distinct = split(registry, process)
    person = {
        "name": "one_id",
        "data_type": "varchar",
        "description": "The person, by the id map.",
        "data_tests": ["not_null"],
    }
    keys = [*_key_columns(registry, process), person]
    flags = [
        {"name": i.code, "data_type": "boolean", "description": f"Counts for {_meaning(i)}"} for i in distinct
    ]
    return _properties(
        person_name(process), _grain_text(registry, process, " x person"), [*keys, *flags], keys
    )


def catalogue_seed(registry: Registry) -> str:
    """Every written indicator as CSV, one line each."""
    rows = catalogue(registry)
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({k: "" if v is None else v for k, v in row.items()})
    return text.getvalue()


def catalogue_properties(registry: Registry) -> str:
    """Properties of the catalogue's seed."""
    numbers = {"matures_days": "integer", "version": "integer", "derived_cnt": "integer"}
    types = {column: numbers.get(column, "varchar") for column in catalogue(registry)[0]}
    return to_yaml(
        {
            "seeds": [
                {
                    "name": CATALOGUE,
                    "description": "One row for each atomic, composite and named indicator of the registry.",
                    "config": {"schema": "indicators", "group": "analytics", "column_types": types},
                    "columns": [{"name": "code", "data_tests": ["unique", "not_null"]}],
                }
            ]
        }
    )


def _properties(name: str, text: str, columns: list[dict[str, Any]], keys: list[dict[str, Any]]) -> str:
    grain = [key["name"] for key in keys]
    return to_yaml(
        {
            "models": [
                {
                    "name": name,
                    "description": text,
                    "config": {"contract": {"enforced": True}},
                    "data_tests": [{"unique_grain": {"arguments": {"columns": grain}}}],
                    "columns": columns,
                }
            ]
        }
    )


def _grain_text(registry: Registry, process: Process, more: str) -> str:
    names = [registry.standard.dimensions[name].name.en.lower() for name in process.dims]
    grain = " x ".join(["day", *names]) + more
    population = f", where {process.filter}" if process.filter else ""
    return (
        f"One row for each {grain}. Population: {process.model}{population}. "
        f"Statistical date: {process.time}, the day in the business time zone. "
        "A combination without any row of the fact has no row here: no data is not zero."
    )


def _key_columns(registry: Registry, process: Process) -> list[dict[str, Any]]:
    columns: list[dict[str, Any]] = [
        {
            "name": "stat_date",
            "data_type": "date",
            "description": f"Statistical date: {process.time} of {process.model}.",
            "data_tests": ["not_null"],
        }
    ]
    for (_, column), name in zip(dimension_columns(registry, process), process.dims, strict=True):
        text = f"{registry.standard.dimensions[name].name.en}; null where it is not known."
        columns.append({"name": column, "data_type": "varchar", "description": text})
    return columns


def _type(registry: Registry, item: Atomic) -> str:
    return (
        "bigint" if registry.measures[item.code].kind == "count" else registry.standard.units[item.unit].type
    )


def _meaning(item: Atomic) -> str:
    where = f", where {item.where}" if item.where else ""
    final = f" Final {item.matures} days after the statistical date." if item.matures else ""
    return f"{item.name.en} ({item.name.zh}), in {item.unit}: {item.measure}{where}.{final}"
