"""How sources are started by hand, and what a load may not do."""

import subprocess
import sys
from pathlib import Path

import pytest

from ingestion.config import SOURCE_NAMES, SourceConfigs
from ingestion.load import load_sources, summary
from ingestion.sources import app, crm, market, marketing, service
from ingestion.warehouse import WarehouseError
from tests.unit.ingestion.systems import event, rows, write_csv, write_events
from tests.unit.ingestion.warehouses import Warehouse


def test_every_source_has_the_same_names() -> None:
    for package in (app, crm, market, marketing, service):
        assert package.__doc__
        assert package.readers(SourceConfigs()) == {}
        assert set(package.build_source(SourceConfigs()).resources) >= {"rejected_row", "load_audit"}
    assert {package.NAME for package in (app, crm, market, marketing, service)} == set(SOURCE_NAMES)


def test_a_source_can_be_tried_out_by_itself(tmp_path: Path) -> None:
    folder = write_events(tmp_path / "a.jsonl", [event(1), b"broken"])
    command = [sys.executable, "-m", "ingestion.sources.app"]
    done = subprocess.run([*command, str(folder)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0
    assert done.stdout.split()[:7] == ["event", "read", "2", "loaded", "1", "rejected", "1"]
    done = subprocess.run(
        [*command, str(tmp_path / "x")], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "does not exist" in done.stdout
    assert subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 2


def test_a_load_speaks_to_no_server_and_writes_nothing_in_the_home_folder(tmp_path: Path) -> None:
    program = (
        "import socket, sys; from pathlib import Path; asked = []\n"
        "socket.getaddrinfo = lambda *a, **k: asked.append(a[0]) or (_ for _ in ()).throw(OSError())\n"
        "from ingestion.config import SourceConfigs; from ingestion.load import load_sources\n"
        "place = Path(sys.argv[1])\n"
        "load_sources(place / 'w.duckdb', place / 'p', SourceConfigs(app_files=place), ['app'])\n"
        "import dlt.common.runtime.telemetry as t; t.stop_telemetry(); print('asked', asked)"
    )
    home = tmp_path / "home"
    home.mkdir()
    write_events(tmp_path / "a.jsonl", [event(1)])
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        env={"HOME": str(home), "PATH": ""},
        cwd=home,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "asked []"
    assert done.stderr == ""
    assert list(home.iterdir()) == []


def test_an_unknown_source_is_named(warehouse: Warehouse) -> None:
    with pytest.raises(
        ValueError, match="unknown source erp; known are crm, service, app, marketing, market"
    ):
        load_sources(warehouse.file, warehouse.pipelines, SourceConfigs(), ["erp"])


def test_a_warehouse_that_is_no_database_is_named(warehouse: Warehouse) -> None:
    warehouse.folder.mkdir()
    warehouse.file.write_text("no database " * 1000)
    with pytest.raises(WarehouseError, match="cannot be opened"):
        load_sources(warehouse.file, warehouse.pipelines, SourceConfigs())


def test_progress_tells_each_source_and_its_counts(tmp_path: Path, warehouse: Warehouse) -> None:
    file = write_csv(tmp_path / "r.csv", rows("market", "registration", 3))
    told: list[str] = []
    [report] = load_sources(
        warehouse.file, warehouse.pipelines, SourceConfigs(market_files=file), ["market"], told.append
    )
    assert told == ["market: reading", f"market: {summary(report)}"]
    assert summary(report).startswith("3 rows read, 3 loaded, 0 rejected, 0 repeated in ")
