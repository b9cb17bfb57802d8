"""Events in JSONL files into the warehouse: our loader beside dlt as its first example has it."""

import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dlt
import orjson

from ingestion.config import SourceConfigs
from ingestion.load import load_sources
from tests.bench.live.senders import event

PEER_SHARE = 10  # dlt's default path gets a tenth of the rows: its rate does not rise with them


def measure(scratch: Path, rows: int) -> list[dict[str, object]]:
    """Both, one after the other, each into a warehouse of its own."""
    ours, theirs = _write(scratch / "ours", rows), _write(scratch / "theirs", rows // PEER_SHARE)
    return [
        _row("forecourt load", rows, *_timed(lambda: _ours(scratch, ours)), "100,000 rows a second"),
        _row("dlt, default path", rows // PEER_SHARE, *_timed(lambda: _theirs(scratch, theirs)), ""),
    ]


def _write(folder: Path, rows: int) -> Path:
    folder.mkdir()
    with (folder / "events.jsonl").open("wb") as file:
        for number in range(rows):
            file.write(orjson.dumps(event(number), option=orjson.OPT_APPEND_NEWLINE))
    return folder


def _ours(scratch: Path, folder: Path) -> int:
    """Checked by contract, each id once, counted: the whole load with its audit."""
    configs = SourceConfigs(app_files=folder)
    (report,) = load_sources(scratch / "ours.duckdb", scratch / "ours-pipelines", configs, ["app"])
    return sum(entity.loaded for entity in report.entities)


def _theirs(scratch: Path, folder: Path) -> int:
    """A generator of dicts, merged on the message id; nothing is checked."""

    @dlt.resource(name="event", primary_key="messageId", write_disposition="merge", max_table_nesting=0)
    def events() -> Iterator[dict[str, Any]]:
        with (folder / "events.jsonl").open("rb") as file:
            yield from map(orjson.loads, file)

    pipeline = dlt.pipeline(
        "theirs",
        pipelines_dir=str(scratch / "their-pipelines"),
        destination=dlt.destinations.duckdb(str(scratch / "theirs.duckdb")),
        dataset_name="raw",
    )
    pipeline.run(events())
    with pipeline.sql_client() as client:
        return int(client.execute_sql("select count(*) from event")[0][0])


def _timed(load: Callable[[], int]) -> tuple[int, float, float]:
    """Rows, wall-clock seconds and CPU seconds."""
    cpu, wall = _cpu(), time.perf_counter()
    rows = load()
    return rows, time.perf_counter() - wall, _cpu() - cpu


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _row(name: str, wanted: int, loaded: int, wall: float, cpu: float, target: str) -> dict[str, object]:
    if loaded != wanted:
        raise AssertionError(f"{name}: {wanted} events in the files, {loaded} in the warehouse")
    return {
        "what": "files",
        "with": name,
        "events a second": round(loaded / wall),
        "events a CPU second": round(loaded / cpu),
        "target": target,
        "remark": f"{loaded:,} events in {wall:.1f} s",
    }
