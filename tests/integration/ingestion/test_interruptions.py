"""Killed or interrupted anywhere, a load that is run again gives what an undisturbed one gives."""

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.ingestion.systems import event, lines, put, row, rows, utc, write_database, write_events
from tests.unit.ingestion.warehouses import Warehouse

# Loads a source and raises the signal at one call of a function: (module, class, function, call, when).
PROGRAM = """
import importlib, os, signal, sys
from pathlib import Path
from ingestion.config import SourceConfigs
from ingestion.load import load_sources

warehouse, pipelines, source, address, name, module, owner, function, call, when = sys.argv[1:]
target = getattr(importlib.import_module(module), owner)
original, calls = getattr(target, function), [0]

def raise_signal():
    os.kill(os.getpid(), getattr(signal, name))

def interrupted(*args, **kwargs):
    calls[0] += 1
    hit = calls[0] == int(call)
    if hit and when == "before":
        raise_signal()
    result = original(*args, **kwargs)
    if hit and when == "after":
        raise_signal()
    return result

setattr(target, function, interrupted)
import ingestion.readers.jsonl as jsonl
jsonl.CHUNK_BYTES = 20_000
field = {"app": "app_files", "crm": "crm_url"}[source]
print(load_sources(Path(warehouse), Path(pipelines), SourceConfigs(**{field: address}), [source]))
"""
SQL = ("dlt.destinations.impl.duckdb.sql_client", "DuckDbSqlClient", "execute_query")
POINTS = {
    "while rows are read": ("ingestion.batch", "Batch", "add", 3, "after"),
    "when all rows are read": ("ingestion.batch", "Batch", "tables", 1, "before"),
    "before normalising": ("dlt.pipeline.pipeline", "Pipeline", "normalize", 1, "before"),
    "before loading": ("dlt.pipeline.pipeline", "Pipeline", "load", 1, "before"),
    "after rows reached staging, before dlt notes it": (
        "dlt.destinations.impl.duckdb.duck",
        "DuckDbCopyJob",
        "run",
        2,
        "after",
    ),
    "before the merge": ("dlt.destinations.sql_jobs", "SqlMergeFollowupJob", "generate_sql", 1, "before"),
    "while tables are made": (*SQL, 7, "before"),
    "after a merge": (*SQL, 18, "before"),
    "when the package is written down as complete": (*SQL, 23, "before"),
    "before the package is complete": ("dlt.load.load", "Load", "complete_package", 1, "before"),
    "before the audit": ("ingestion.warehouse", "RawSchema", "settle_audits", 2, "before"),
}
CRM_POINTS = (
    "before normalising",
    "before loading",
    "after rows reached staging, before dlt notes it",
    "before the merge",
    "before the package is complete",
    "before the audit",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two files with repeats and broken lines."""
    place = tmp_path_factory.mktemp("app")
    events = [event(i) for i in range(300)]
    write_events(place / "a.jsonl", [*events[:200], b"broken", *events[100:110]])
    write_events(place / "b.jsonl", [*events[190:], b"also broken"])
    return place


@pytest.fixture(scope="module")
def undisturbed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list]:
    """What an undisturbed load gives."""
    warehouse = Warehouse(tmp_path_factory.mktemp("undisturbed"))
    warehouse.load_ok("app", app_files=folder)
    return warehouse.content("app")


def interrupted_load(
    warehouse: Warehouse, address: Path | str, signal: str, point: str, source: str = "app"
) -> int:
    """Load in another process that gets the signal at the point; answers with its exit code."""
    warehouse.folder.mkdir(parents=True, exist_ok=True)
    places = [str(warehouse.file), str(warehouse.pipelines), source, str(address)]
    command = [sys.executable, "-c", PROGRAM, *places, signal, *map(str, POINTS[point])]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False).returncode


def assert_balanced(warehouse: Warehouse, source: str = "app") -> None:
    audit = f"select count(*) from raw_{source}.load_audit where is_balanced is not true"
    assert warehouse.query(audit) == [(0,)]


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_load_run_again_gives_the_same(
    warehouse: Warehouse, folder: Path, undisturbed: dict[str, list], point: str
) -> None:
    assert interrupted_load(warehouse, folder, "SIGKILL", point) == -9, "the point was not reached"
    report = warehouse.load("app", app_files=folder)
    assert report.status == "ok", report.message
    assert warehouse.content("app") == undisturbed
    assert_balanced(warehouse)


@pytest.mark.parametrize("point", ["while rows are read", "before loading", "before the merge"])
def test_ctrl_c_and_run_again_gives_the_same(
    warehouse: Warehouse, folder: Path, undisturbed: dict[str, list], point: str
) -> None:
    interrupted_load(warehouse, folder, "SIGINT", point)
    assert warehouse.load("app", app_files=folder).status == "ok"
    assert warehouse.content("app") == undisturbed
    assert_balanced(warehouse)


@pytest.fixture(scope="module")
def crm(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A warehouse that has the first versions of some leads."""
    warehouse = Warehouse(tmp_path_factory.mktemp("crm") / "warehouse")
    url = write_database(warehouse.folder.parent / "crm.sqlite", "crm", {"lead": rows("crm", "lead", 50)})
    warehouse.load_ok("crm", crm_url=url)
    return warehouse


@pytest.mark.parametrize("point", CRM_POINTS)
def test_a_killed_load_of_corrected_rows_balances_though_they_are_corrected_again(
    tmp_path: Path, crm: Warehouse, point: str
) -> None:
    shutil.copytree(crm.folder.parent, tmp_path, dirs_exist_ok=True)
    warehouse, url = Warehouse(tmp_path / "warehouse"), f"sqlite:///{tmp_path / 'crm.sqlite'}"

    def correct(count: int, version: int) -> list[dict]:
        changed = [
            row("crm", "lead", i, updated_at=utc(100 * version), full_name=f"{version}") for i in range(count)
        ]
        with sqlite3.connect(tmp_path / "crm.sqlite") as connection:
            put(connection, "crm", "lead", [*changed, row("crm", "lead", 100 + version)])
        connection.close()
        return changed

    first = correct(20, 1)
    assert interrupted_load(warehouse, url, "SIGKILL", point, "crm") == -9, "the point was not reached"
    second = correct(10, 2)
    report = warehouse.load("crm", crm_url=url)
    assert report.status == "ok", report.message
    assert warehouse.rows("raw_crm.lead")[:20] == [*second, *first[10:]]
    assert len(warehouse.rows("raw_crm.lead")) == 52
    assert_balanced(warehouse, "crm")
    assert warehouse.load_ok("crm", crm_url=url) == {}


def test_what_came_while_a_package_was_pending_is_loaded_by_the_same_run(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    place = write_events(tmp_path / "app" / "a.jsonl", [event(i) for i in range(200)])
    assert interrupted_load(warehouse, place, "SIGKILL", "before loading") == -9
    with (place / "a.jsonl").open("ab") as handle:
        handle.write(lines([event(200)]))
    report = warehouse.load("app", app_files=place)
    assert "finished a load that had been interrupted" in report.message
    assert len(warehouse.rows("raw_app.event")) == 201


def test_a_deleted_warehouse_is_filled_again_from_the_start(
    warehouse: Warehouse, folder: Path, undisturbed: dict[str, list]
) -> None:
    warehouse.load_ok("app", app_files=folder)
    warehouse.file.unlink()
    warehouse.load_ok("app", app_files=folder)
    assert warehouse.content("app") == undisturbed


def test_an_older_copy_of_the_warehouse_gets_what_it_misses(warehouse: Warehouse, tmp_path: Path) -> None:
    place = write_events(tmp_path / "app" / "a.jsonl", [event(0)])
    warehouse.load_ok("app", app_files=place)
    shutil.copy(warehouse.file, tmp_path / "copy.duckdb")
    write_events(place / "b.jsonl", [event(1)])
    warehouse.load_ok("app", app_files=place)
    shutil.copy(tmp_path / "copy.duckdb", warehouse.file)
    assert warehouse.load_ok("app", app_files=place) == {"event": (1, 1, 0, 0)}


def test_a_lost_working_folder_does_not_load_everything_again(warehouse: Warehouse, folder: Path) -> None:
    warehouse.load_ok("app", app_files=folder)
    shutil.rmtree(warehouse.pipelines)
    assert warehouse.load_ok("app", app_files=folder) == {}
