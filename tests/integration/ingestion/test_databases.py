"""Databases: incremental by the change column, and what may stand in that column."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.unit.ingestion.systems import put, row, rows, utc, write_database
from tests.unit.ingestion.warehouses import Warehouse


def change(url: str, source: str, entity: str, *given: dict) -> None:
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        put(connection, source, entity, given)
    connection.close()


def test_every_entity_arrives_as_the_system_wrote_it(tmp_path: Path, warehouse: Warehouse) -> None:
    given = {"lead": rows("crm", "lead", 5), "delivery": rows("crm", "delivery", 3)}
    counts = warehouse.load_ok("crm", crm_url=write_database(tmp_path / "crm.sqlite", "crm", given))
    assert counts == {"lead": (5, 5, 0, 0), "delivery": (3, 3, 0, 0)}
    for entity, expected in given.items():
        assert warehouse.rows(f"raw_crm.{entity}") == sorted(expected, key=lambda r: r[f"{entity}_id"])


def test_a_second_load_reads_only_what_is_new(tmp_path: Path, warehouse: Warehouse) -> None:
    url = write_database(tmp_path / "crm.sqlite", "crm", {"lead": rows("crm", "lead", 50)})
    warehouse.load_ok("crm", crm_url=url)
    assert warehouse.load_ok("crm", crm_url=url) == {}
    change(url, "crm", "lead", row("crm", "lead", 50))
    assert warehouse.load_ok("crm", crm_url=url) == {"lead": (1, 1, 0, 0)}


def test_a_late_row_with_the_cursor_value_of_the_last_load_is_not_missed(
    tmp_path: Path, warehouse: Warehouse
) -> None:
    url = write_database(tmp_path / "crm.sqlite", "crm", {"lead": rows("crm", "lead", 3)})
    warehouse.load_ok("crm", crm_url=url)
    change(url, "crm", "lead", row("crm", "lead", 77, updated_at=utc(2)))
    assert warehouse.load_ok("crm", crm_url=url) == {"lead": (1, 1, 0, 0)}


def test_a_row_changed_without_a_new_cursor_value_is_not_missed(tmp_path: Path, warehouse: Warehouse) -> None:
    url = write_database(tmp_path / "crm.sqlite", "crm", {"lead": rows("crm", "lead", 3)})
    warehouse.load_ok("crm", crm_url=url)
    change(url, "crm", "lead", row("crm", "lead", 2, email="changed@example.org"))
    assert warehouse.load_ok("crm", crm_url=url) == {"lead": (1, 1, 0, 0)}
    assert warehouse.rows("raw_crm.lead")[2]["email"] == "changed@example.org"


def test_a_bulk_update_with_one_time_for_all_rows_is_not_loaded_again_each_time(
    tmp_path: Path, warehouse: Warehouse
) -> None:
    given = [row("crm", "series", i, updated_at=utc(0)) for i in range(2500)]
    url = write_database(tmp_path / "crm.sqlite", "crm", {"series": given})
    warehouse.load_ok("crm", crm_url=url)
    assert warehouse.load_ok("crm", crm_url=url) == {}
    change(url, "crm", "series", row("crm", "series", 7, updated_at=utc(0), name="changed"))
    assert warehouse.load_ok("crm", crm_url=url) == {"series": (1, 1, 0, 0)}
    assert [r["name"] for r in warehouse.rows("raw_crm.series")].count("changed") == 1
    change(url, "crm", "series", row("crm", "series", 9000, updated_at=utc(1)))
    assert warehouse.load_ok("crm", crm_url=url) == {"series": (1, 1, 0, 0)}
    assert warehouse.load_ok("crm", crm_url=url) == {}


def test_rows_of_the_last_hour_and_of_tomorrow_are_read_again_and_loaded_once(
    tmp_path: Path, warehouse: Warehouse
) -> None:
    def lead(i: int, minutes: int) -> dict:
        moment = datetime.now(UTC) + timedelta(minutes=minutes)
        return row("crm", "lead", i, updated_at=moment.strftime("%Y-%m-%dT%H:%M:%SZ"))

    url = write_database(tmp_path / "crm.sqlite", "crm", {"lead": [lead(0, -5), lead(1, 20 * 60)]})
    assert warehouse.load_ok("crm", crm_url=url) == {"lead": (2, 2, 0, 0)}
    assert warehouse.load_ok("crm", crm_url=url) == {}
    change(url, "crm", "lead", lead(2, -30))
    assert warehouse.load_ok("crm", crm_url=url) == {"lead": (1, 1, 0, 0)}
    change(url, "crm", "lead", lead(3, -120))
    assert warehouse.load_ok("crm", crm_url=url, commit_lag="PT3H") == {"lead": (1, 1, 0, 0)}


def test_a_corrected_row_replaces_the_old_one(tmp_path: Path, warehouse: Warehouse) -> None:
    url = write_database(tmp_path / "service.sqlite", "service", {"customer": rows("service", "customer", 3)})
    warehouse.load_ok("service", service_url=url)
    corrected = row("service", "customer", 0, name="Neu, Nora", change_seq=99)
    change(url, "service", "customer", corrected)
    assert warehouse.load_ok("service", service_url=url) == {"customer": (1, 1, 0, 0)}
    assert warehouse.rows("raw_service.customer")[0] == corrected


@pytest.mark.parametrize("cursor", ["zzz", "9999-12-31T23:59:59Z", "", 7, None])
def test_one_row_with_a_broken_cursor_does_not_end_the_feed(
    tmp_path: Path, warehouse: Warehouse, cursor: object
) -> None:
    given = [*rows("crm", "lead", 3), row("crm", "lead", 9, updated_at=cursor)]
    url = write_database(tmp_path / "crm.sqlite", "crm", {"lead": given})
    warehouse.load_ok("crm", crm_url=url)
    change(url, "crm", "lead", row("crm", "lead", 4))
    assert warehouse.load_ok("crm", crm_url=url) == {"lead": (1, 1, 0, 0)}


def test_a_row_whose_cursor_breaks_later_is_seen(tmp_path: Path, warehouse: Warehouse) -> None:
    url = write_database(tmp_path / "crm.sqlite", "crm", {"lead": rows("crm", "lead", 3)})
    warehouse.load_ok("crm", crm_url=url)
    change(url, "crm", "lead", row("crm", "lead", 0, updated_at="13.02.2026"))
    assert warehouse.load_ok("crm", crm_url=url) == {"lead": (1, 0, 1, 0)}
    assert warehouse.load_ok("crm", crm_url=url) == {}


def test_times_with_another_offset_keep_their_order(tmp_path: Path, warehouse: Warehouse) -> None:
    first = row("crm", "lead", 0, updated_at="2025-06-01T14:00:00+02:00")  # 12:00 UTC
    url = write_database(tmp_path / "crm.sqlite", "crm", {"lead": [first]})
    warehouse.load_ok("crm", crm_url=url)
    change(url, "crm", "lead", row("crm", "lead", 1, updated_at="2025-06-01T12:30:00Z"))
    assert warehouse.load_ok("crm", crm_url=url) == {"lead": (1, 1, 0, 0)}


def test_a_table_without_a_key_gives_each_key_once_the_newest(tmp_path: Path, warehouse: Warehouse) -> None:
    url = write_database(tmp_path / "crm.sqlite", "crm", {})
    with sqlite3.connect(tmp_path / "crm.sqlite") as connection:
        for seconds in (5, 9, 1):
            put(connection, "crm", "series", [row("crm", "series", seconds, updated_at=utc(seconds))])
        connection.execute("update series set series_code = 'same'")
    assert warehouse.load_ok("crm", crm_url=url) == {"series": (3, 1, 0, 2)}
    assert warehouse.rows("raw_crm.series")[0]["updated_at"] == utc(9)


def test_a_new_column_is_taken_as_text_and_reported(tmp_path: Path, warehouse: Warehouse) -> None:
    url = write_database(tmp_path / "crm.sqlite", "crm", {"region": rows("crm", "region", 2)})
    warehouse.load_ok("crm", crm_url=url)
    with sqlite3.connect(tmp_path / "crm.sqlite") as connection:
        connection.execute("alter table region add column Population integer")
        put(connection, "crm", "region", [row("crm", "region", 2, Population=13)])
    report = warehouse.load("crm", crm_url=url)
    assert "region has new columns: Population" in report.message
    populations = [r["population"] for r in warehouse.rows("raw_crm.region")]
    assert populations == [None, None, "13"]


def test_a_value_of_another_type_is_refused_and_the_rest_is_loaded(
    tmp_path: Path, warehouse: Warehouse
) -> None:
    broken = row("crm", "quote", 1, quote_amt="twelve thousand")
    url = write_database(
        tmp_path / "crm.sqlite", "crm", {"quote": [row("crm", "quote", 0), broken, row("crm", "quote", 2)]}
    )
    assert warehouse.load_ok("crm", crm_url=url) == {"quote": (3, 2, 1, 0)}
    [[code, path, position, original]] = warehouse.query(
        "select reason_code, path, position, original from raw_crm.rejected_row"
    )
    assert (code, path, position) == ("type", "/quote_amt", f"quote:{broken['quote_id']}")
    assert b"twelve thousand" in original


def test_texts_that_are_no_utf8_are_refused_with_their_bytes(tmp_path: Path, warehouse: Warehouse) -> None:
    url = write_database(tmp_path / "crm.sqlite", "crm", {"dealer": rows("crm", "dealer", 2)})
    with sqlite3.connect(tmp_path / "crm.sqlite") as connection:
        connection.execute(
            "update dealer set city = cast(x'4dfc6e6368656e' as text) where dealer_id = 'D0000'"
        )
    assert warehouse.load_ok("crm", crm_url=url) == {"dealer": (2, 1, 1, 0)}
    [[code, original]] = warehouse.query("select reason_code, original from raw_crm.rejected_row")
    assert code == "encoding"
    assert b"M\xfcnchen" in original


def test_blobs_and_numbers_beyond_64_bits_are_refused(tmp_path: Path, warehouse: Warehouse) -> None:
    blob = row("service", "customer", 0, name=b"\x00\x01")
    huge = row("service", "customer", 1, is_company=None, customer_no=1e25)
    url = write_database(tmp_path / "s.sqlite", "service", {"customer": [blob, huge]})
    assert warehouse.load_ok("service", service_url=url) == {"customer": (2, 0, 2, 0)}
    assert warehouse.reasons("service") == ["maximum", "type"]
