"""Bad input: each gives a clear message, loses nothing and does not stop the other sources."""

import resource
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from ingestion.config import SOURCE_NAMES, SourceConfigs
from ingestion.contracts import entities, load_contracts
from ingestion.load import load_sources
from tests.unit.ingestion.systems import event, lines, row, rows, write_csv, write_database, write_events
from tests.unit.ingestion.warehouses import Warehouse


def test_sources_that_are_not_configured_have_their_empty_tables(warehouse: Warehouse) -> None:
    reports = load_sources(warehouse.file, warehouse.pipelines, SourceConfigs())
    assert {report.status for report in reports} == {"not_configured"}
    for source in SOURCE_NAMES:
        for entity in (*entities(source), "rejected_row", "load_audit"):
            assert warehouse.rows(f"raw_{source}.{entity}") == []
    columns = warehouse.query(
        """select column_name, data_type from information_schema.columns
        where table_schema = 'raw_crm' and table_name = 'delivery' and column_name <> '_dlt_load_id'"""
    )
    types = {"integer": "BIGINT", "number": "DOUBLE", "text": "VARCHAR"}
    contract = load_contracts("crm")["delivery"]
    assert dict(columns) == {name: types[kind] for name, kind in contract.columns.items()}


def test_empty_sources_load_nothing_and_balance(tmp_path: Path, warehouse: Warehouse) -> None:
    url = write_database(tmp_path / "crm.sqlite", "crm", {})
    (tmp_path / "app").mkdir()
    assert warehouse.load_ok("crm", crm_url=url) == {}
    assert warehouse.load_ok("app", app_files=tmp_path / "app") == {}
    audit = warehouse.query("select count(*), bool_and(is_balanced), sum(read_cnt) from raw_crm.load_audit")
    assert audit == [(len(entities("crm")), True, 0)]


def test_a_missing_database_fails_is_not_created_and_stops_nobody(
    tmp_path: Path, warehouse: Warehouse
) -> None:
    missing = tmp_path / "nowhere" / "crm.sqlite"
    configs = SourceConfigs(
        crm_url=f"sqlite:///{missing}",
        app_files=write_events(tmp_path / "app" / "a.jsonl", [event(0)]),
        marketing_files=tmp_path / "no-folder",
    )
    reports = {r.source: r for r in load_sources(warehouse.file, warehouse.pipelines, configs)}
    assert {name: report.status for name, report in reports.items()} == {
        "crm": "failed",
        "service": "not_configured",
        "app": "ok",
        "marketing": "failed",
        "market": "not_configured",
    }
    assert f"{missing} does not exist; correct the URL" in reports["crm"].message
    assert f"{tmp_path / 'no-folder'} does not exist" in reports["marketing"].message
    assert not missing.exists()
    assert warehouse.rows("raw_crm.lead") == []  # the model's sources exist all the same


def test_a_truncated_database_fails_and_keeps_what_was_loaded(tmp_path: Path, warehouse: Warehouse) -> None:
    url = write_database(tmp_path / "crm.sqlite", "crm", {"lead": rows("crm", "lead", 3000)})
    warehouse.load_ok("crm", crm_url=url)
    before = warehouse.content("crm")
    whole = (tmp_path / "crm.sqlite").read_bytes()
    (tmp_path / "crm.sqlite").write_bytes(whole[: len(whole) // 2])
    report = warehouse.load("crm", crm_url=url)
    assert report.status == "failed"
    assert "the database is damaged or cut off" in report.message
    assert warehouse.content("crm") == before
    (tmp_path / "crm.sqlite").write_bytes(whole)
    assert warehouse.load_ok("crm", crm_url=url) == {}


def test_a_file_that_is_no_database_fails_with_its_name(tmp_path: Path, warehouse: Warehouse) -> None:
    file = tmp_path / "service.sqlite"
    file.write_text("This is a text. " * 500)
    report = warehouse.load("service", service_url=f"sqlite:///{file}")
    assert report.status == "failed"
    assert str(file) in report.message
    assert "file is not a database" in report.message


def test_a_missing_table_or_required_column_is_named(tmp_path: Path, warehouse: Warehouse) -> None:
    url = write_database(tmp_path / "crm.sqlite", "crm", {"lead": rows("crm", "lead", 2)})
    with sqlite3.connect(tmp_path / "crm.sqlite") as connection:
        connection.execute("alter table lead drop column channel")
    assert "the table lead misses channel" in warehouse.load("crm", crm_url=url).message
    with sqlite3.connect(tmp_path / "crm.sqlite") as connection:
        connection.execute("drop table lead")
    assert "the table lead does not exist" in warehouse.load("crm", crm_url=url).message


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("not a url", "is not a database URL"),
        ("postgresql+psycopg://user:secret@127.0.0.1:1/crm", "the server cannot be reached"),
        ("nosuch://user:secret@x/y", "is not a database URL"),
        ("postgres://user:secret@h/crm", "is not a database URL"),
        ("mysql://user:secret@h/crm", "MySQLdb is not installed"),
        ("postgresql+psycopg//user:secret@h/crm", "is not a database URL"),
        ("postgresql+psycopg://user:secret@h:port/crm", "is not a database URL"),
    ],
)
def test_an_address_that_leads_nowhere_is_explained_without_its_password(
    warehouse: Warehouse, url: str, says: str
) -> None:
    report = warehouse.load("crm", crm_url=url)
    assert report.status == "failed"
    assert says in report.message
    assert "secret" not in report.message


def test_broken_lines_are_kept_with_position_reason_and_bytes(tmp_path: Path, warehouse: Warehouse) -> None:
    broken = [
        (b'{"messageId": "cut', "json"),
        (b"[1, 2]", "type"),
        (lines([event(2, userId="M\xfcller")]).strip().decode().encode("latin-1"), "encoding"),
        (lines([event(3) | {"event": "teleported"}]).strip(), "unknown_event"),
        (lines([event(4, timestamp="yesterday")]).strip(), "format"),
        (lines([{"event": "screen_viewed"}]).strip(), "required"),
        (lines([event(6, userId=None, anonymousId=None)]).strip(), "anyOf"),
        (lines([event(7, context={"text": "x" * 5_000_000})]).strip(), "too_large"),
        (lines([event(8, properties={"session_id": 3})]).strip(), None),
    ]
    folder = write_events(
        tmp_path / "app" / "e.jsonl", [event(100), *(line for line, _ in broken), b"", event(101)]
    )
    [counts] = warehouse.load_ok("app", app_files=folder).values()
    kept = warehouse.query("select reason_code, position, original, length(reason) from raw_app.rejected_row")
    content = (folder / "e.jsonl").read_bytes()
    by_bytes = {bytes(original): (code, position) for code, position, original, _ in kept}
    for number, (line, reason) in enumerate(broken, 2):
        if reason is None:
            continue
        assert by_bytes[line] == (reason, f"e.jsonl:line {number}:byte {content.index(line)}")
    assert counts[0] == 11
    assert all(length < 1000 for *_, length in kept)


def test_utf16_is_refused_and_the_next_file_is_loaded(tmp_path: Path, warehouse: Warehouse) -> None:
    folder = write_events(tmp_path / "app" / "b.jsonl", [event(0)])
    (folder / "a.jsonl").write_bytes(lines([event(1), event(2)]).decode().encode("utf-16"))
    [(read, loaded, rejected, _)] = warehouse.load_ok("app", app_files=folder).values()
    assert loaded == 1
    assert rejected == read - 1
    assert set(warehouse.reasons("app")) == {"encoding"}


def test_a_byte_order_mark_is_no_part_of_the_first_event(tmp_path: Path, warehouse: Warehouse) -> None:
    folder = write_events(tmp_path / "app" / "a.jsonl", [])
    (folder / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + lines([event(1)]))
    assert warehouse.load_ok("app", app_files=folder) == {"event": (1, 1, 0, 0)}


def test_ten_thousand_broken_rows_among_good_ones(tmp_path: Path, warehouse: Warehouse) -> None:
    given = [row("crm", "lead", i, channel="pigeon" if i % 3 == 0 else "website") for i in range(30_000)]
    url = write_database(tmp_path / "crm.sqlite", "crm", {"lead": given})
    assert warehouse.load_ok("crm", crm_url=url) == {"lead": (30_000, 20_000, 10_000, 0)}
    assert warehouse.query("select count(distinct position), min(path) from raw_crm.rejected_row") == [
        (10_000, "/channel")
    ]


def test_market_lines_that_do_not_fit_are_refused_with_header_and_line(
    tmp_path: Path, warehouse: Warehouse
) -> None:
    file = write_csv(tmp_path / "m" / "f.csv", rows("market", "registration", 2))
    with file.open("ab") as handle:
        handle.write(b"DE,DE,2025-01,all_by_brand\r\n")  # too few fields
        handle.write(b"DE,DE,2025-01,all_by_brand,Citro\xebn,,all,5\r\n")
        handle.write(b"DE,DE,2025-01,all_by_brand,VW,,all,\r\n")  # blank is not zero
    assert warehouse.load_ok("market", market_files=file) == {"registration": (5, 2, 3, 0)}
    assert warehouse.reasons("market") == ["columns", "encoding", "type"]
    originals = warehouse.query("select original from raw_market.rejected_row where reason_code = 'encoding'")
    header = file.read_bytes().splitlines(keepends=True)[0]
    assert originals == [(header + b"DE,DE,2025-01,all_by_brand,Citro\xebn,,all,5\r\n",)]


def test_an_unclosed_quote_in_a_market_file_costs_one_line(tmp_path: Path, warehouse: Warehouse) -> None:
    file = write_csv(tmp_path / "f.csv", rows("market", "registration", 300))
    content = file.read_bytes().splitlines(keepends=True)
    content[100] = content[100].replace(b",brand", b',"brand', 1)
    file.write_bytes(b"".join(content))
    assert warehouse.load_ok("market", market_files=file) == {"registration": (300, 299, 1, 0)}
    assert warehouse.query("select position, original from raw_market.rejected_row") == [
        ("f.csv:line 101", content[0] + content[100])
    ]


def test_a_market_file_with_other_columns_names_what_is_missing(tmp_path: Path, warehouse: Warehouse) -> None:
    file = write_csv(tmp_path / "f.csv", [{"month": "2016-01", "make": "VW", "number": 3}])
    message = warehouse.load("market", market_files=file).message
    assert "f.csv has no column brand, country" in message
    assert "no mapping 'mine'; known are forecourt, open_ev_charts" in (
        warehouse.load("market", market_files=file, market_mapping="mine").message
    )


def test_a_full_disk_is_said_and_the_next_load_is_whole(tmp_path: Path, warehouse: Warehouse) -> None:
    """A limit on the size of files stands in for the full disk: every write beyond it fails as there."""
    url = write_database(tmp_path / "crm.sqlite", "crm", {"lead": rows("crm", "lead", 3000)})
    warehouse.load("service")  # so that the file exists and only the load itself meets the limit
    limit = warehouse.file.stat().st_size + 20_000
    program = (
        "import sys, signal; from pathlib import Path; from ingestion.config import SourceConfigs\n"
        "from ingestion.load import load_sources\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "configs = SourceConfigs(crm_url=sys.argv[3])\n"
        "[r] = load_sources(Path(sys.argv[1]), Path(sys.argv[2]), configs, ['crm'])\n"
        "print(r.status, r.message)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(warehouse.file), str(warehouse.pipelines), url],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "the disk is full; make room" in done.stdout + done.stderr
    warehouse.load_ok("crm", crm_url=url)
    assert len(warehouse.rows("raw_crm.lead")) == 3000
