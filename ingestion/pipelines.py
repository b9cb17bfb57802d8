"""dlt pipelines of the sources: how they are set up, and how they come out of an interruption.

dlt keeps the state of a pipeline (the cursors) in its working folder and, with each complete package, in the
warehouse. The warehouse counts: a folder that is behind or ahead of it is replaced from there.
"""

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import dlt
import duckdb
from dlt.common.runtime.telemetry import stop_telemetry
from dlt.pipeline.pipeline import Pipeline
from dlt.sources import DltSource

from ingestion.warehouse import RawSchema

SETTINGS: dict[str, object] = {
    "runtime.dlthub_telemetry": False,
    "runtime.log_level": "CRITICAL",
    "extract.next_item_mode": "fifo",  # one entity after the other, then rejected rows and audit
    "normalize.parquet_normalizer.add_dlt_load_id": True,
    "load.workers": 1,  # DuckDB uses all cores for one statement; more writers only wait for each other
    "load.truncate_staging_dataset": True,
    "load.delete_completed_jobs": True,
}


def open_pipeline(source: str, pipelines_dir: Path, connection: duckdb.DuckDBPyConnection) -> Pipeline:
    """The pipeline of one source, writing through an open connection; no files outside its folder."""
    _configure()
    logging.getLogger("dlt").setLevel(logging.CRITICAL)  # what fails is raised, and told once
    pipelines_dir.mkdir(parents=True, exist_ok=True)
    return dlt.pipeline(
        pipeline_name=source,
        pipelines_dir=str(pipelines_dir),
        destination=dlt.destinations.duckdb(connection),
        dataset_name=f"raw_{source}",
    )


@cache
def _configure() -> None:
    """Settings of dlt, once for each process."""
    for key, value in SETTINGS.items():
        dlt.config[key] = value
    stop_telemetry()  # importing dlt has started it already, before any setting could say no


def recover(pipeline: Pipeline, raw: RawSchema) -> bool:
    """Finish packages that an interrupted load left, and bring cursors and warehouse together.

    Returns True where a package was finished. Afterwards the pipeline has the state that the warehouse holds.
    """
    raw.settle_audits()  # before anything that comes now takes rows away from the packages they count
    version = raw.state_version()
    if version is None and pipeline.list_completed_load_packages():
        # the warehouse was deleted: what is left here continues a history that is gone
        pipeline.drop()
    finished = pipeline.has_pending_data
    if finished:
        _complete(pipeline, raw)
    elif version is not None and pipeline.state["_state_version"] != version:
        # another copy of the warehouse, or an extraction that was cut off
        pipeline.drop()
    pipeline.sync_destination()
    return finished


@contextmanager
def garbage_collector_paused() -> Iterator[None]:
    """Rows hold no cycles, yet the collector walks them: 200,000 events parse in 2.5 s with, 0.8 without."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def load_package(pipeline: Pipeline, source: DltSource, raw: RawSchema) -> None:
    """Extract one package and load it. A failed extraction leaves state and warehouse as they were."""
    pipeline.extract(source)
    _complete(pipeline, raw)


def _complete(pipeline: Pipeline, raw: RawSchema) -> None:
    pipeline.normalize()
    pipeline.load()
    raw.settle_audits()
