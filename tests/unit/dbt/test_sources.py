"""The sources' YAML against the contracts, both ways: a column that only one of them knows is lost."""

from pathlib import Path

import pytest

SCHEMAS = Path(__file__).parents[3] / "ingestion" / "schemas"
LOADER_TABLES = {"rejected_row", "load_audit"}
# Segment's names in snake case, as the loader writes them; all events land in one table
EVENT_COLUMNS = [
    *["message_id", "type", "event", "user_id", "anonymous_id", "timestamp", "received_at"],
    *["context", "properties", "_dlt_load_id"],
]


def declared(manifest, source):
    tables = [table for table in manifest["sources"].values() if table["source_name"] == source]
    return {table["name"]: table for table in tables}


@pytest.mark.parametrize("source", ["crm", "service", "marketing", "market"])
def test_columns_and_types_are_those_of_the_contract(manifest, contract_columns, source):
    contracts = {
        path.parent.name: contract_columns(path) for path in sorted((SCHEMAS / source).glob("*/1-0-0.json"))
    }
    tables = {name: table for name, table in declared(manifest, source).items() if name not in LOADER_TABLES}
    assert tables.keys() == contracts.keys()
    for name, table in tables.items():
        columns = {column: spec["data_type"] for column, spec in table["columns"].items()}
        assert columns == contracts[name], name


def test_app_events_are_one_table_of_text(manifest):
    event = declared(manifest, "app")["event"]
    assert list(event["columns"]) == EVENT_COLUMNS
    assert {column["data_type"] for column in event["columns"].values()} == {"varchar"}


@pytest.mark.parametrize("source", ["crm", "service", "app", "marketing", "market"])
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
