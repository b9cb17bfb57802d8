"""Bring the sources into the raw schemas of the warehouse: nothing lost, nothing twice, each row counted."""

import importlib
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import duckdb
from dlt.pipeline.pipeline import Pipeline

from ingestion.config import SOURCE_NAMES, SourceConfigs
from ingestion.contracts import entities
from ingestion.drops import bring
from ingestion.pipelines import garbage_collector_paused, load_package, open_pipeline, recover
from ingestion.problems import Kept, explain
from ingestion.readers.database import DatabaseReader
from ingestion.resources import Package, package_source
from ingestion.sweep import ReturnedReader, sweep, swept_since
from ingestion.warehouse import RawSchema, open_warehouse


@dataclass(frozen=True)
class EntityReport:
    """Rows of one entity in one run; ``loaded`` was counted in the warehouse after the load."""

    entity: str
    read: int
    loaded: int
    rejected: int
    repeated: int


@dataclass
class SourceReport:
    """What became of one source in one run; of a failed one ``entities`` has what was loaded and counted."""

    source: str
    status: Literal["ok", "failed", "not_configured"]
    entities: list[EntityReport] = field(default_factory=list)
    seconds: float = 0.0
    message: str = ""

    @property
    def rejected(self) -> int:
        """Rejected rows over all entities."""
        return sum(row.rejected for row in self.entities)


def load_sources(
    warehouse: Path,
    pipelines_dir: Path,
    configs: SourceConfigs,
    names: Sequence[str] | None = None,
    on_progress: Callable[[str], None] | None = None,
) -> list[SourceReport]:
    """Load all sources, or those in ``names``, and report on each.

    A source that fails does not stop the others; its cursor stays where it was and what it had loaded stays.
    Raises ``ValueError`` for an unknown name and ``WarehouseError`` where the warehouse cannot be written.
    """
    wanted = list(names) if names else list(SOURCE_NAMES)
    unknown = sorted(set(wanted) - set(SOURCE_NAMES))
    if unknown:
        raise ValueError(f"unknown source {', '.join(unknown)}; known are {', '.join(SOURCE_NAMES)}")
    say = on_progress or (lambda _: None)
    run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}"
    open_warehouse(warehouse).close()
    reports = []
    for name in wanted:
        started = time.perf_counter()
        with garbage_collector_paused():
            report = _load_source(name, warehouse, pipelines_dir, configs, run_id, say)
        report.seconds = time.perf_counter() - started
        say(f"{name}: {summary(report)}")
        reports.append(report)
    return reports


def summary(report: SourceReport) -> str:
    """One line on one source: counts, seconds and the message."""
    if report.status != "ok":
        return f"{report.status.replace('_', ' ')}. {report.message}".strip()
    read, loaded, repeated = (
        sum(getattr(row, what) for row in report.entities) for what in ("read", "loaded", "repeated")
    )
    text = f"{read:,} rows read, {loaded:,} loaded, {report.rejected:,} rejected, {repeated:,} repeated"
    return f"{text} in {report.seconds:.1f} s. {report.message}".strip()


def _load_source(
    name: str,
    warehouse: Path,
    pipelines_dir: Path,
    configs: SourceConfigs,
    run_id: str,
    say: Callable[[str], None],
) -> SourceReport:
    connection = open_warehouse(warehouse)
    raw, pipeline = RawSchema(connection, name), None
    try:
        pipeline = open_pipeline(name, pipelines_dir, connection)
        notes = ["finished a load that had been interrupted"] if recover(pipeline, raw) else []
        try:
            if configs.address(name) is None:
                _make_tables(pipeline, raw, run_id)
                return SourceReport(name, "not_configured", message=". ".join(notes))
            configs, said = _with_drop(name, configs, say)
            notes += said
            notes += _load_packages(pipeline, raw, configs, run_id, say)
            notes += _sweep(pipeline, raw, configs, run_id, say)
        except Exception:
            _make_tables(pipeline, raw, run_id)
            raise
        return _report(name, raw, run_id, notes)
    except Exception as problem:
        kept, entities_kept = _kept(pipeline, raw, run_id)
        message = explain(name, configs.address(name), problem, kept)
        return SourceReport(name, "failed", entities_kept, message=message)
    finally:
        connection.close()


def _with_drop(
    name: str, configs: SourceConfigs, say: Callable[[str], None]
) -> tuple[SourceConfigs, list[str]]:
    """Bring the files of a drop here; the source is then read from their folder."""
    drop = {str(source): one for source, one in configs.drops.items()}.get(name)
    if drop is None or configs.drops_dir is None:
        return configs, []
    say(f"{name}: bringing files")
    folder = configs.drops_dir / name
    notes = bring(drop, folder)
    return configs.model_copy(update={f"{name}_files": folder}), notes


def _kept(pipeline: Pipeline | None, raw: RawSchema, run_id: str) -> tuple[Kept, list[EntityReport]]:
    """What is left of a load that failed: in the warehouse, counted or not, or in the working folder."""
    try:
        settled = [EntityReport(*row[:5]) for row in raw.audits(run_id, settled=True)]
        uncounted = bool(raw.unsettled())
    except duckdb.Error:  # after some errors DuckDB answers nothing more
        return "unknown", []
    if uncounted:
        return "uncounted", settled
    if pipeline is not None and pipeline.has_pending_data:
        return "pending", settled
    return "part" if settled else "nothing", settled


def _load_packages(
    pipeline: Pipeline, raw: RawSchema, configs: SourceConfigs, run_id: str, say: Callable[[str], None]
) -> list[str]:
    """Load until the source has no more; answers with what there is to say about it."""
    build = importlib.import_module(f"ingestion.sources.{raw.source}").source
    notes: list[str] = []
    number, more = 0, True
    while more:
        package = Package(raw.source, run_id if number == 0 else f"{run_id}.{number}", raw)
        say(f"{raw.source}: reading" if number == 0 else f"{raw.source}: reading on (part {number + 1})")
        load_package(pipeline, build(configs, package), raw)
        notes += [note for note in package.notes if note not in notes]
        number, more = number + 1, package.more
    return notes


def _sweep(
    pipeline: Pipeline, raw: RawSchema, configs: SourceConfigs, run_id: str, say: Callable[[str], None]
) -> list[str]:
    """Find what a database deleted, where it is time to; answers with what there is to say about it."""
    module = importlib.import_module(f"ingestion.sources.{raw.source}")
    done = set() if configs.accept_deletions else swept_since(raw, datetime.now(UTC) - configs.sweep_every)
    readers = {
        entity: reader
        for entity, reader in module.readers(configs).items()
        if isinstance(reader, DatabaseReader) and entity not in done
    }
    if not readers:
        return []
    say(f"{raw.source}: comparing keys")
    found = [sweep(raw, reader, run_id, accept=configs.accept_deletions) for reader in readers.values()]
    returned = {
        one.entity: ReturnedReader(readers[one.entity], one.returned) for one in found if one.returned
    }
    if returned:
        package = Package(raw.source, f"{run_id}.returned", raw)
        load_package(pipeline, package_source(returned, package), raw)
    return [note for one in found if (note := one.note())]


def _make_tables(pipeline: Pipeline, raw: RawSchema, run_id: str) -> None:
    """A source that gives nothing has its tables nevertheless: models read them and find no rows."""
    if not {*entities(raw.source), "rejected_row", "load_audit"} <= raw.tables():
        load_package(pipeline, package_source({}, Package(raw.source, run_id, raw)), raw)


def _report(name: str, raw: RawSchema, run_id: str, notes: list[str]) -> SourceReport:
    rows = raw.audits(run_id)
    uneven = [
        f"{name}.{entity}: read {read} rows, but {loaded} loaded + {rejected} rejected + {repeated} repeated"
        for entity, read, loaded, rejected, repeated, balanced in rows
        if not balanced
    ]
    if uneven:
        notes = [*uneven, "rows are missing or too many, nothing was taken back: look at load_audit", *notes]
    reports = [EntityReport(*row[:5]) for row in rows]
    return SourceReport(name, "failed" if uneven else "ok", reports, message=". ".join(notes))
