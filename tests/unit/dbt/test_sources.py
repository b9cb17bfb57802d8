"""The sources' YAML against the contracts, both ways: a column that only one of them knows is lost."""

import csv
import re
from pathlib import Path

import pytest

from ingestion.batch import column_name
from ingestion.config import SOURCE_NAMES, SourceConfigs
from ingestion.contracts import load_contracts
from ingestion.events import list_events

PROJECT = Path(__file__).parents[3] / "dbt_project"
COLUMN_TYPES = {"integer": "bigint", "number": "double", "text": "varchar", "json": "varchar"}
LOADER_TABLES = {"rejected_row", "load_audit"}
# Segment's names in snake case, as the loader writes them; all events land in one table
EVENT_COLUMNS = [
    *["message_id", "type", "event", "user_id", "anonymous_id", "timestamp", "received_at"],
    *["context", "properties", "sent_at", "original_timestamp", "integrations"],
    *["previous_id", "group_id", "traits", "name", "category", "_dlt_load_id"],
]


def declared(manifest, source):
    tables = [table for table in manifest["sources"].values() if table["source_name"] == source]
    return {table["name"]: table for table in tables}


@pytest.mark.parametrize("source", [name for name in SOURCE_NAMES if name != "app"])
def test_columns_and_types_are_those_of_the_newest_contract(manifest, source):
    contracts = load_contracts(source)
    tables = {name: table for name, table in declared(manifest, source).items() if name not in LOADER_TABLES}
    assert tables.keys() == contracts.keys()
    for name, table in tables.items():
        columns = {column: spec["data_type"] for column, spec in table["columns"].items()}
        expected = {column: COLUMN_TYPES[kind] for column, kind in contracts[name].columns.items()}
        assert columns == expected | {"_dlt_load_id": "varchar"}, name


def test_app_events_are_one_table_of_text(manifest):
    event = declared(manifest, "app")["event"]
    assert list(event["columns"]) == EVENT_COLUMNS
    columns = {column_name(name) for contract in load_contracts("app").values() for name in contract.columns}
    assert columns | {"_dlt_load_id"} == set(EVENT_COLUMNS)
    assert {column["data_type"] for column in event["columns"].values()} == {"varchar"}


def test_every_source_that_is_loaded_is_declared_and_no_other(manifest):
    assert {table["source_name"] for table in manifest["sources"].values()} == set(SOURCE_NAMES)


def test_the_loaders_tables_are_united_over_every_source(manifest):
    for model in ("stg_load__audit", "stg_load__rejected_row"):
        read = manifest["nodes"][f"model.forecourt.{model}"]["depends_on"]["nodes"]
        assert sorted(node.split(".")[2] for node in read) == sorted(SOURCE_NAMES), model


def test_the_day_of_the_data_and_the_published_positions_know_every_source():
    """Sources that these models name one by one; a database's positions are keys and are not published."""
    serving = PROJECT / "models" / "serving"
    ends = PROJECT / "models" / "core" / "dim" / "dim_source.sql"
    as_of = re.findall(r"^    \('(\w+)', 'fct_", ends.read_text(), re.MULTILINE)
    assert set(as_of) == set(SOURCE_NAMES)
    listed = re.search(r"source in \((.*?)\) then position", (serving / "srv_rejected_row.sql").read_text())
    files = {field.removesuffix("_files") for field in SourceConfigs.model_fields if field.endswith("_files")}
    assert set(re.findall(r"\w+", listed[1])) == files


@pytest.mark.parametrize("source", SOURCE_NAMES)
def test_every_source_has_the_loaders_tables(manifest, source):
    tables = declared(manifest, source)
    assert tables.keys() >= LOADER_TABLES
    assert {table["schema"] for table in tables.values()} == {f"raw_{source}"}


def test_every_source_column_is_described(manifest):
    bare = [
        f"{table['name']}.{column}"
        for table in manifest["sources"].values()
        for column, spec in table["columns"].items()
        if not spec["description"]
    ]
    assert bare == []


def test_the_seed_of_event_types_is_the_taxonomy():
    with (PROJECT / "seeds" / "event_type.csv").open(encoding="utf-8", newline="") as file:
        seed = {tuple(row.values()) for row in csv.DictReader(file)}
    events = {
        (event.name, event.domain, str(event.critical).lower(), event.summary) for event in list_events()
    }
    assert seed == events
