"""Rows that a database deleted for good: found, set aside whole, taken back when they return."""

import json
import sqlite3
from contextlib import closing

import duckdb
import pytest

from tests.unit.ingestion.systems import put, row, rows, write_database


@pytest.fixture
def crm(tmp_path):
    """URL of a CRM of 200 leads and 5 dealers; and a function that changes it."""
    file = tmp_path / "crm.sqlite"
    url = write_database(file, "crm", {"lead": rows("crm", "lead", 200), "dealer": rows("crm", "dealer", 5)})

    def change(work):
        with closing(sqlite3.connect(file)) as connection:
            work(connection)
            connection.commit()

    return url, change


def delete(*numbers):
    def work(connection):
        for number in numbers:
            connection.execute("delete from lead where lead_id = ?", [f"L{number:08d}"])

    return work


def leads(warehouse):
    return {one["lead_id"] for one in warehouse.rows("raw_crm.lead")}


def set_aside(warehouse):
    names = ("row_key", "original", "returned_at")
    found = warehouse.query(f"select {', '.join(names)} from raw_crm.deleted_row where entity = 'lead'")
    return [dict(zip(names, one, strict=True)) for one in found]


def load(warehouse, url, **more):
    report = warehouse.load("crm", crm_url=url, **({"sweep_every": 0} | more))
    assert report.status == "ok", report.message
    return report


def test_deleted_rows_leave_the_raw_table_and_are_kept_whole(warehouse, crm):
    url, change = crm
    load(warehouse, url)
    before = {one["lead_id"]: one for one in warehouse.rows("raw_crm.lead")}
    change(delete(3, 4))
    report = load(warehouse, url)
    assert "2 rows of lead were deleted in the source" in report.message
    assert len(leads(warehouse)) == 198
    kept = set_aside(warehouse)
    assert {json.loads(one["row_key"])[0] for one in kept} == {"L00000003", "L00000004"}
    for one in kept:
        original = json.loads(one["original"])
        assert original.items() >= before[original["lead_id"]].items()
    assert sum(entity.read for entity in report.entities) == 0  # the counts stay those of what was read
    assert "deleted" not in load(warehouse, url).message  # said once


def test_a_row_that_returns_as_it_was_is_loaded_again(warehouse, crm):
    url, change = crm
    load(warehouse, url)
    change(delete(3, 4))
    load(warehouse, url)
    change(lambda connection: put(connection, "crm", "lead", [row("crm", "lead", 3)]))
    report = load(warehouse, url)  # its change column is older than the cursor
    assert "1 deleted rows of lead are back" in report.message
    assert len(leads(warehouse)) == 199
    load(warehouse, url)
    returned = {json.loads(one["row_key"])[0]: one["returned_at"] for one in set_aside(warehouse)}
    assert returned["L00000003"] is not None
    assert returned["L00000004"] is None


def test_a_table_that_was_emptied_by_mistake_stays_until_somebody_says_otherwise(warehouse, crm):
    url, change = crm
    load(warehouse, url)
    change(lambda connection: connection.execute("delete from lead"))
    report = load(warehouse, url)
    assert "too many to believe: they stay" in report.message
    assert len(leads(warehouse)) == 200
    load(warehouse, url, accept_deletions=True)
    assert leads(warehouse) == set()
    assert len(set_aside(warehouse)) == 200


def test_keys_are_compared_when_it_is_time_to(warehouse, crm):
    url, change = crm
    load(warehouse, url)
    change(delete(3))
    assert "deleted" not in load(warehouse, url, sweep_every="P1D").message
    assert len(leads(warehouse)) == 200
    load(warehouse, url)
    assert len(leads(warehouse)) == 199


def test_a_comparison_that_was_stopped_goes_on_with_the_tables_that_are_left(warehouse, crm):
    url, change = crm
    load(warehouse, url)
    with closing(duckdb.connect(str(warehouse.file))) as connection:
        connection.execute("delete from raw_crm.sweep_audit where entity = 'lead'")
    change(delete(3))
    change(lambda connection: connection.execute("delete from dealer where rowid = 1"))
    message = load(warehouse, url, sweep_every="P1D").message
    assert "1 rows of lead were deleted" in message
    assert "dealer" not in message


def test_a_row_that_was_refused_is_not_taken_for_deleted_or_back(warehouse, crm):
    url, change = crm
    change(
        lambda connection: put(connection, "crm", "lead", [row("crm", "lead", 300, created_at="yesterday")])
    )
    for _ in range(2):
        assert "of lead" not in load(warehouse, url).message
    assert warehouse.query("select count(*) from raw_crm.deleted_row") == [(0,)]
