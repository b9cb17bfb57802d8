"""One evaluation: the files into a scratch warehouse, the OneID models over it, the result held against the
truth.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from identity.evaluate import Evaluation, evaluate
from orchestration import dbt_build
from orchestration.dbt_manifest import parsed_project
from orchestration.errors import ForecourtError
from orchestration.identity_evaluation import files
from orchestration.identity_evaluation.report import EvaluationReport, peak_bytes
from orchestration.progress import PlainProgress, Progress
from orchestration.settings import Settings, load_settings

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

# The people, why they are, and what came before; nothing of the warehouse that a file does not have.
SELECTED = ("+id_batch", "id_history", "id_edge")
VARIABLES: dict[str, object] = {"id_records": "file"}


def evaluate_file(
    records: Path,
    truth: Path,
    labels: Path | None = None,
    *,
    rules_only: bool = False,
    clusters: Path | None = None,
    scratch: Path | None = None,
    progress: Progress | None = None,
) -> EvaluationReport:
    """Resolve the records of a CSV or Parquet file into people and compare these with the truth.

    `labels`: pairs judged by people, for training; `rules_only`: without scored pairs; `clusters`: where to
    write record_id and one_id (CSV, or Parquet by its ending); `scratch`: an empty folder in which the
    warehouse is kept (else it is removed). Raises ``ForecourtError`` for files that cannot be used and
    ``BuildFailedError`` where a model broke.
    """
    shown = progress or PlainProgress(lambda _line: None)
    seconds: dict[str, float] = {}
    with _folder(scratch) as folder:
        settings = load_settings()
        own = settings.model_copy(update={"data_dir": folder})
        with _timed(seconds, "read"):
            shown.step("Reading the files")
            label_cnt, notes = _load(own.warehouse, records, truth, labels)
        with _timed(seconds, "parse"):
            shown.step("Reading the dbt project")
            manifest, variables = file_project(settings, rules_only)
        with _timed(seconds, "resolve"):
            shown.step("Resolving the records with the warehouse's models")
            resolve(own, manifest, variables, shown)
        with _timed(seconds, "compare"):
            shown.step("Comparing with the truth")
            evaluation, found = _compare(own.warehouse, clusters)
    return EvaluationReport(evaluation, seconds, peak_bytes(), label_cnt, notes + found)


def file_project(settings: Settings, rules_only: bool = False) -> tuple["Manifest", dict[str, object]]:
    """The dbt project parsed for the records of a file, and the variables that make it so."""
    variables = VARIABLES | ({"id_scored_pairs": False} if rules_only else {})
    folder = settings.data_dir / "dbt" / ("evaluate-rules" if rules_only else "evaluate")
    return parsed_project(settings, folder, variables), variables


def resolve(
    settings: Settings,
    manifest: "Manifest",
    variables: dict[str, object],
    shown: Progress,
    select: Sequence[str] = SELECTED,
) -> dbt_build.BuildReport:
    """Build the OneID models over the file's records in the warehouse of `settings`."""
    return dbt_build.build(
        settings,
        select=select,
        kinds=["model", "seed"],
        variables=variables,
        manifest=manifest,
        say=shown.say,
        on_node=shown.advance,
    )


def _load(warehouse: Path, records: Path, truth: Path, labels: Path | None) -> tuple[int, list[str]]:
    with duckdb.connect(str(warehouse)) as con:
        _cnt, of_records = files.load_records(con, records)
        of_truth = files.load_truth(con, truth)
        label_cnt, of_labels = files.load_labels(con, labels)
        con.execute("drop table opened")
    return label_cnt, of_records + of_truth + of_labels


def _compare(warehouse: Path, clusters: Path | None) -> tuple[Evaluation, list[str]]:
    """Scores of the records that have a truth, and what is to be said about what was read."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        if clusters:
            _write_clusters(con, clusters)
        both: pa.Table = con.sql(
            """
            select map.one_id, truth.person_id
            from identity.id_map as map
            inner join raw_identity.truth as truth on map.source_key = truth.record_id
            """
        ).to_arrow_table()
        expected = con.execute("select count(*) from raw_identity.truth").fetchall()[0][0]
        notes = _unread_dates(con)
    if both.num_rows != expected:
        raise ForecourtError(
            f"{expected:,} records have a truth but {both.num_rows:,} were resolved: id_map lost or repeated "
            "records. This is a fault of the models; please report it."
        )
    # Arrow compares and numbers text many times faster than NumPy does.
    one_id, person = (both[name].combine_chunks().dictionary_encode().indices for name in both.column_names)
    return evaluate(one_id.to_numpy(), person.to_numpy()), notes


def _unread_dates(con: duckdb.DuckDBPyConnection) -> list[str]:
    unread = """
        from raw_identity.record as typed
        inner join identity.id_record as record on typed.record_id = record.source_key
        where typed.birth_date is not null and record.birth_date is null
    """
    cnt = con.execute(f"select count(*) {unread}").fetchall()[0][0]
    if not cnt:
        return []
    values = con.execute(f"select distinct typed.birth_date {unread} order by 1 limit 3").fetchall()
    examples = ", ".join(value for (value,) in values)
    return [f"{cnt:,} birth dates are no dates or a form's default ({examples}) and count as missing."]


def _write_clusters(con: duckdb.DuckDBPyConnection, file: Path) -> None:
    kind = "parquet" if file.suffix == ".parquet" else "csv"
    name = str(file).replace("'", "''")
    try:
        con.execute(
            "copy (select source_key as record_id, one_id from identity.id_map order by one_id, record_id) "
            f"to '{name}' (format {kind})"
        )
    except duckdb.Error as error:
        raise ForecourtError(f"The clusters could not be written to {file}: {error}") from error


@contextmanager
def _folder(scratch: Path | None) -> Iterator[Path]:
    if scratch is None:
        made = Path(tempfile.mkdtemp(prefix="forecourt-evaluate-"))
        try:
            yield made
        finally:
            shutil.rmtree(made, ignore_errors=True)
        return
    if scratch.exists() and any(scratch.iterdir()):
        raise ForecourtError(f"The scratch folder {scratch} is not empty: name another one.")
    scratch.mkdir(parents=True, exist_ok=True)
    yield scratch.absolute()


@contextmanager
def _timed(seconds: dict[str, float], step: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    seconds[step] = time.perf_counter() - started
