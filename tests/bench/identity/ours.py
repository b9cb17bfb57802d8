"""Our side of every comparison: `forecourt identity evaluate`, each run in a process of its own."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import duckdb

from identity.evaluate import Evaluation, evaluate
from tests.bench.measure import run

FORECOURT = str(Path(sys.executable).with_name("forecourt"))
REPOSITORY = Path(__file__).resolve().parents[3]


def ours(
    records: Path,
    truth: Path,
    labels: Path | None = None,
    scratch: Path | None = None,
    rules_only: bool = False,
) -> dict[str, Any]:
    """What the command says as JSON; ``scratch`` keeps the warehouse."""
    options = [
        *(("--rules-only",) if rules_only else ()),
        *(("--labels", str(labels)) if labels else ()),
        *(("--scratch", str(scratch)) if scratch else ()),
    ]
    command = [FORECOURT, "identity", "evaluate", str(records), "--truth", str(truth), "--json", *options]
    said = run(command, {"FORECOURT_DATA_DIR": str(_shared_folder())}, REPOSITORY).output
    return json.loads(said[said.index("\n{") :])


def module(name: str, *arguments: object) -> dict[str, Any]:
    """What a module of this package prints last: one line of JSON."""
    command = [sys.executable, "-m", f"tests.bench.identity.{name}", *map(str, arguments)]
    said = run(command, {"FORECOURT_DATA_DIR": str(_shared_folder())}, REPOSITORY).output
    return json.loads(next(line for line in reversed(said.splitlines()) if line.startswith("{")))


def score(clusters: Path, truth: Path) -> Evaluation:
    """A file of record_id and one_id against a file of record_id and person_id."""
    with duckdb.connect() as con:
        both = con.sql(
            f"select one_id, person_id from '{clusters}' join '{truth}' using (record_id)"
        ).to_arrow_table()
    labels = (
        both[name].combine_chunks().dictionary_encode().indices.to_numpy() for name in both.column_names
    )
    return evaluate(*labels)


def _shared_folder() -> Path:
    """Where the parsed dbt project is kept between the runs."""
    return Path(os.environ.get("FORECOURT_BENCH_DIR", "/tmp")) / "forecourt-bench-identity"
