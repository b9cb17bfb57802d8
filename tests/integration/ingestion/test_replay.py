"""Rejected rows: seen, shown, and loaded after a fix, once."""

import json
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

import ingestion.batch
from ingestion import contracts
from ingestion.rejected import ReplayReport, list_rejected, replay_rejected, show_rejected
from tests.unit.ingestion.systems import (
    event,
    put,
    row,
    utc,
    write_csv,
    write_database,
    write_events,
    write_page,
)
from tests.unit.ingestion.warehouses import Warehouse


@pytest.fixture
def allow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A function that releases a new version of a contract, as a fix of a schema does."""
    folder = tmp_path / "schemas"
    shutil.copytree(contracts.SCHEMAS, folder)
    monkeypatch.setattr(contracts, "SCHEMAS", folder)

    def clear() -> None:
        contracts.load_contracts.cache_clear()
        contracts.load_versions.cache_clear()
        ingestion.batch.entity.cache_clear()

    def release(entity: str, column: str, **changes: object) -> None:
        file = folder / entity / "1-0-0.json"
        schema = json.loads(file.read_text())
        changed = schema["properties"][column] | changes
        schema["properties"][column] = {word: value for word, value in changed.items() if value is not None}
        (folder / entity / "1-1-0.json").write_text(json.dumps(schema))
        clear()

    clear()
    yield release
    monkeypatch.undo()
    clear()


def test_rows_that_pass_after_a_fix_of_the_contract_are_loaded_once(
    tmp_path: Path, warehouse: Warehouse, allow
) -> None:
    refused = [row("crm", "lead", i, channel="drone") for i in range(3)]
    url = write_database(tmp_path / "crm.sqlite", "crm", {"lead": [*refused, row("crm", "lead", 3)]})
    assert warehouse.load_ok("crm", crm_url=url) == {"lead": (4, 1, 3, 0)}
    [report] = replay_rejected(warehouse.file, warehouse.pipelines, "crm")
    assert (report.tried, report.loaded, report.refused) == (3, 0, 3)

    allow("crm/lead", "channel", enum=["website", "drone"])
    [report] = replay_rejected(warehouse.file, warehouse.pipelines, "crm")
    assert (report.tried, report.loaded, report.refused) == (3, 3, 0)
    assert warehouse.rows("raw_crm.lead") == [*refused, row("crm", "lead", 3)]
    marks = "select distinct status, attempts, replayed_at is not null from raw_crm.rejected_row"
    assert warehouse.query(marks) == [("replayed", 2, True)]
    [report] = replay_rejected(warehouse.file, warehouse.pipelines, "crm")
    assert report.tried == 0
    assert warehouse.load_ok("crm", crm_url=url) == {}
    assert warehouse.query("select bool_and(is_balanced) from raw_crm.load_audit") == [(True,)]


def test_a_hundred_thousand_events_come_in_as_if_nothing_had_been_wrong(
    tmp_path: Path, warehouse: Warehouse, allow
) -> None:
    number = 100_000
    template = json.dumps(event(0, type="page"))
    refused = "\n".join(template.replace("message-00000000", f"message-{i:08d}") for i in range(number))
    folder = tmp_path / "app"
    write_events(folder / "a.jsonl", [refused.encode(), event(0, type="page"), event(number)])
    counts = (number + 2, 1, number + 1, 0)
    assert warehouse.load_ok("app", app_files=folder) == {"event": counts}

    allow("app/screen_viewed", "type", enum=["track", "page"], const=None)
    [report] = replay_rejected(warehouse.file, warehouse.pipelines, "app")
    assert report == ReplayReport("app", tried=number + 1, loaded=number, repeated=1, refused=0)
    undisturbed = Warehouse(tmp_path / "undisturbed")
    assert undisturbed.load_ok("app", app_files=folder) == {"event": (number + 2, number + 1, 0, 1)}
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse.file}' as replayed; attach '{undisturbed.file}' as whole")
        rows = "(select * exclude (_dlt_load_id) from {}.raw_app.event)"
        replayed, whole = rows.format("replayed"), rows.format("whole")
        assert connection.sql(f"from {replayed} except all from {whole}").fetchall() == []
        assert connection.sql(f"from {whole} except all from {replayed}").fetchall() == []
    marks = "select status, attempts, count(*) from raw_app.rejected_row group by all"
    assert warehouse.query(marks) == [("replayed", 1, number + 1)]
    assert warehouse.query("select bool_and(is_balanced) from raw_app.load_audit") == [(True,)]


def test_a_replay_of_every_kind_of_source_reads_the_kept_bytes(
    tmp_path: Path, warehouse: Warehouse, allow
) -> None:
    folder = write_events(tmp_path / "app" / "a.jsonl", [event(1, type="page")])
    write_page(tmp_path / "m", "campaign", 1, [row("marketing", "campaign", 1, channel="ü-post")])
    file = write_csv(tmp_path / "r.csv", [row("market", "registration", 1, measure="new")])
    for name, addresses in {
        "app": {"app_files": folder},
        "marketing": {"marketing_files": tmp_path / "m"},
        "market": {"market_files": file},
    }.items():
        [(_, loaded, rejected, _)] = warehouse.load_ok(name, **addresses).values()
        assert (loaded, rejected) == (0, 1)
    allow("app/screen_viewed", "type", const="page")
    allow("marketing/campaign", "channel", enum=["ü-post"])
    allow("market/registration", "measure", enum=["new"])
    reports = replay_rejected(warehouse.file, warehouse.pipelines)
    assert {r.source: (r.tried, r.loaded) for r in reports} == {
        "app": (1, 1),
        "marketing": (1, 1),
        "market": (1, 1),
    }
    assert warehouse.rows("raw_marketing.campaign") == [row("marketing", "campaign", 1, channel="ü-post")]


def test_a_replayed_row_does_not_replace_a_newer_one(tmp_path: Path, warehouse: Warehouse, allow) -> None:
    old = row("crm", "lead", 1, channel="drone")
    url = write_database(tmp_path / "crm.sqlite", "crm", {"lead": [old]})
    warehouse.load_ok("crm", crm_url=url)
    with sqlite3.connect(tmp_path / "crm.sqlite") as connection:
        put(connection, "crm", "lead", [row("crm", "lead", 1, updated_at=utc(50))])
    warehouse.load_ok("crm", crm_url=url)
    allow("crm/lead", "channel", enum=["website", "drone"])
    [report] = replay_rejected(warehouse.file, warehouse.pipelines, "crm")
    assert (report.tried, report.loaded, report.repeated) == (1, 0, 1)
    assert warehouse.rows("raw_crm.lead")[0]["channel"] == "website"


def test_a_replayed_figure_without_a_cursor_does_not_replace_one_that_is_there(
    tmp_path: Path, warehouse: Warehouse, allow
) -> None:
    refused = row("market", "registration", 1, units=-5)
    write_csv(tmp_path / "m" / "1.csv", [refused, row("market", "registration", 2, units=-5)])
    write_csv(tmp_path / "m" / "2.csv", [row("market", "registration", 1, units=7)])
    warehouse.load_ok("market", market_files=tmp_path / "m")
    allow("market/registration", "units", minimum=-10)
    [report] = replay_rejected(warehouse.file, warehouse.pipelines, "market")
    assert (report.tried, report.loaded, report.repeated) == (2, 1, 1)
    assert sorted(r["units"] for r in warehouse.rows("raw_market.registration")) == [-5, 7]


def test_refusing_the_same_row_again_neither_repeats_nor_reopens_it(
    tmp_path: Path, warehouse: Warehouse
) -> None:
    folder = write_events(tmp_path / "app" / "a.jsonl", [b"broken", event(1)])
    warehouse.load_ok("app", app_files=folder)
    replay_rejected(warehouse.file, warehouse.pipelines, "app")
    shutil.rmtree(warehouse.pipelines)
    write_events(folder / "a.jsonl", [])  # cut: the ledger starts anew
    warehouse.load_ok("app", app_files=folder)
    write_events(folder / "a.jsonl", [b"broken", event(1)])
    assert warehouse.load_ok("app", app_files=folder) == {"event": (2, 0, 1, 1)}
    assert warehouse.query("select attempts, status from raw_app.rejected_row") == [(1, "open")]


def test_rejected_rows_are_listed_by_source_reason_and_time_and_shown_with_their_bytes(
    tmp_path: Path, warehouse: Warehouse
) -> None:
    folder = write_events(tmp_path / "app" / "a.jsonl", [b"broken", event(1, type="page")])
    warehouse.load_ok("app", app_files=folder)
    everything = list_rejected(warehouse.file)
    assert sorted(r.reason_code for r in everything) == ["const", "json"]
    [by_reason] = list_rejected(warehouse.file, "app", reason="json")
    assert by_reason.original is None
    later = datetime.now(UTC) + timedelta(minutes=1)
    assert list_rejected(warehouse.file, since=later) == []
    shown = show_rejected(warehouse.file, by_reason.rejected_id[:12])
    assert shown is not None
    assert (shown.original, shown.position, shown.status) == (b"broken", "a.jsonl:line 1:byte 0", "open")
    assert show_rejected(warehouse.file, "f" * 64) is None
    with pytest.raises(ValueError, match="more than one"):
        show_rejected(warehouse.file, "")
    [report] = replay_rejected(warehouse.file, warehouse.pipelines, reason="const", since=later)
    assert report.tried == 0
