"""A load that fails on its way says what was kept of it, and the next one brings the rest."""

import errno
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dlt.pipeline.pipeline import Pipeline

import ingestion.sources.app
from ingestion.problems import KEPT
from ingestion.readers import jsonl
from ingestion.warehouse import RawSchema
from tests.unit.ingestion.systems import event, write_events
from tests.unit.ingestion.warehouses import Warehouse

FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two files, each a load package of its own."""
    small = partial(jsonl.JsonlReader, package_bytes=1)
    monkeypatch.setattr(ingestion.sources.app, "JsonlReader", small)
    write_events(tmp_path / "app" / "a.jsonl", [event(i) for i in range(20)])
    return write_events(tmp_path / "app" / "b.jsonl", [event(i) for i in range(20, 30)])


def fails_at(call: int, real: Callable[..., Any], problem: Exception) -> Callable[..., Any]:
    """The function, which raises once: at this call of it."""
    calls = [0]

    def failing(*args: Any, **kwargs: Any) -> Any:
        calls[0] += 1
        if calls[0] == call:
            raise problem
        return real(*args, **kwargs)

    return failing


@pytest.mark.parametrize(
    ("owner", "function", "call", "problem", "kept", "counted"),
    [
        (jsonl, "parse_lines", 1, FULL, "nothing", []),
        (jsonl, "parse_lines", 2, FULL, "part", [(20, 20, 0, 0)]),
        (Pipeline, "load", 2, FULL, "pending", [(20, 20, 0, 0)]),
        (RawSchema, "settle_audits", 3, duckdb.IOException("full"), "uncounted", [(20, 20, 0, 0)]),
    ],
)
def test_a_failed_load_says_what_was_kept(
    warehouse: Warehouse,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    owner: Any,
    function: str,
    call: int,
    problem: Exception,
    kept: str,
    counted: list[tuple[int, int, int, int]],
) -> None:
    warehouse.load("app")  # the tables are there, as in every load but the first
    monkeypatch.setattr(owner, function, fails_at(call, getattr(owner, function), problem))
    report = warehouse.load("app", app_files=folder)
    assert report.status == "failed"
    assert KEPT[kept] in report.message  # type: ignore[index]
    assert [(e.read, e.loaded, e.rejected, e.repeated) for e in report.entities] == counted

    assert warehouse.load("app", app_files=folder).status == "ok"
    assert len(warehouse.rows("raw_app.event")) == 30
    audit = "select sum(read_cnt), sum(loaded_cnt), bool_and(is_balanced) from raw_app.load_audit"
    assert warehouse.query(audit) == [(30, 30, True)]


def test_a_warehouse_that_answers_nothing_more_is_said(
    warehouse: Warehouse, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: Any) -> None:
        raise duckdb.FatalException("database has been invalidated")

    monkeypatch.setattr(Pipeline, "load", closed)
    monkeypatch.setattr(RawSchema, "unsettled", closed)
    report = warehouse.load("app", app_files=folder)
    assert (report.status, report.entities) == ("failed", [])
    assert KEPT["unknown"] in report.message
