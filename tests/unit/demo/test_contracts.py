"""Good rows keep the contracts of ingestion/schemas, and every row that the truth calls bad breaks one."""

import csv
import json
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema_rs
import pyarrow.parquet as pq
import pytest

from ingestion.demo.systems.bad_rows import schema_of

TABLES = {
    "crm": "region dealer dealer_target series advisor lead card appointment visit test_drive quote "
    "sales_order delivery financing referral stock_unit connected_contract dealer_expense",
    "service": "customer vehicle appointment repair_order repair_order_line warranty_claim survey "
    "recall_vehicle complaint",
    "marketing": "campaign daily_stat subscriber web_form email_send email_event site_session",
    "market": "registration",
}
ENTITIES = [(source, entity) for source, names in TABLES.items() for entity in names.split()]


def rows_of(world: Path, source: str, entity: str) -> list[dict[str, Any]]:
    if source in ("crm", "service"):
        connection = sqlite3.connect(world / f"{source}.sqlite")
        connection.row_factory = sqlite3.Row
        rows = [dict(row) for row in connection.execute(f'SELECT * FROM "{entity}"')]
        connection.close()
        return rows
    if source == "marketing":
        pages = sorted((world / "marketing" / entity).iterdir())
        return [row for page in pages for row in json.loads(page.read_text(encoding="utf-8"))["data"]]
    with (world / "market" / "registrations.csv").open(encoding="utf-8", newline="") as file:
        return [{**row, "units": number(row["units"])} for row in csv.DictReader(file)]


def number(value: str) -> Any:
    try:
        return int(value)
    except ValueError:
        return value or None


def bad_keys(world: Path, source: str, entity: str) -> list[str]:
    rows = pq.read_table(world / "truth" / "bad_row.parquet").to_pylist()
    return [row["position"] for row in rows if (row["source"], row["entity"]) == (source, entity)]


@pytest.mark.parametrize(("source", "entity"), ENTITIES, ids=lambda value: value)
def test_a_row_breaks_its_contract_exactly_when_the_truth_says_so(
    tiny: Path, source: str, entity: str
) -> None:
    schema = schema_of(source, entity)
    check = jsonschema_rs.validator_for(schema, validate_formats=True)
    rows = rows_of(tiny, source, entity)
    names = schema["x-primary-key"]
    keys = ["|".join(str(row[name]) for name in names) for row in rows]
    failing = [key for key, row in zip(keys, rows, strict=True) if not check.is_valid(row)]
    assert rows
    assert Counter(failing) == Counter(bad_keys(tiny, source, entity))
    assert max(Counter(keys).values()) == 1, "a key stands twice"


def test_tables_of_three_hundred_rows_have_bad_rows_in_every_source(tiny: Path) -> None:
    for source, entity in ENTITIES:
        if len(rows_of(tiny, source, entity)) > 300:
            assert bad_keys(tiny, source, entity), f"{source}.{entity}"


def test_app_lines_break_their_contract_exactly_where_the_truth_says_so(tiny: Path) -> None:
    checks: dict[str, jsonschema_rs.Draft202012Validator] = {}
    failing, seen = [], Counter()
    for file in sorted((tiny / "app").iterdir()):
        received = ""
        for position, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                event = json.loads(line)
                if event["event"] not in checks:
                    checks[event["event"]] = jsonschema_rs.validator_for(
                        schema_of("app", event["event"]), validate_formats=True
                    )
                good = checks[event["event"]].is_valid(event)
            except (ValueError, FileNotFoundError):
                good = False
            if not good:
                failing.append(f"{file.name}:line {position}")
                continue
            seen[event["messageId"]] += 1
            if seen[event["messageId"]] == 1:  # a repeat comes late, and shows when it was first received
                assert event["receivedAt"] >= received, "lines stand in order of receipt"
                received = event["receivedAt"]
                assert received[:7] == file.stem.removeprefix("events-")
    assert Counter(failing) == Counter(bad_keys(tiny, "app", "event"))
    table = pq.read_table(tiny / "truth" / "event.parquet", filters=[("process", "=", "app_event")])
    assert set(seen) == set(table["record_key"].to_pylist())
    assert len(table) == len(seen), "the truth counts a repeated messageId once"
    assert sum(count > 1 for count in seen.values()) > 20, "some events are sent twice"


def test_marketing_pages_chain_to_the_end(tiny: Path) -> None:
    for folder in (tiny / "marketing").iterdir():
        pages = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.iterdir())]
        assert [page["has_more"] for page in pages] == [True] * (len(pages) - 1) + [False]
        assert [page["next_cursor"] is None for page in pages] == [False] * (len(pages) - 1) + [True]
