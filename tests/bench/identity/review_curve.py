"""How F1 grows with judged pairs: in the order of the review queue, and drawn evenly over the match weights.

The queue is asked as a steward would be: the next pairs are those that it ranks first after the model was
trained on all answers before. The truth answers. Both curves start from the same run without labels.
"""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration import dbt_build
from orchestration.identity_evaluation.run import VARIABLES
from orchestration.settings import load_settings
from tests.bench.identity.accuracy import draw
from tests.bench.identity.ours import ours
from tests.identity_sets import sets

# The match model learns from judged pairs when there are 200.
COUNTS = (0, 100, 200, 300, 500, 1_000)
DRAWS = 3


def rows(
    folder: Path,
    data: Path,
    name: str = "town",
    people: int | None = None,
    counts: Sequence[int] = COUNTS,
    draws: int = DRAWS,
) -> Iterator[dict[str, Any]]:
    """One row for each number of judged pairs and way of choosing them; `people` takes so many of the set."""
    folder.mkdir(parents=True, exist_ok=True)
    records, truth = _files(folder, *sets(data)[name](), people)
    labels: list[dict[str, Any]] = []
    free = folder / "free"
    for count in counts:
        file = folder / f"queue-{count}.parquet"
        if count:
            labels += _next(folder / "scratch", labels, count - len(labels))
            pq.write_table(pa.Table.from_pylist(labels), file)
            shutil.rmtree(folder / "scratch")
        said = ours(records, truth, file if count else None, folder / "scratch")
        if not count:
            shutil.copytree(folder / "scratch", free)
        yield _row(name, "review queue" if count else "no labels", len(labels), said)
        drawn = [
            ours(records, truth, even)
            for seed in range(draws if count else 0)
            if (even := draw(free / "warehouse.duckdb", count, seed))
        ]
        if drawn:
            worst = min(drawn, key=lambda one: one["pairwise"]["f1"])
            yield _row(name, f"even over weights, worst of {draws}", count, worst)


def _files(folder: Path, records: pa.Table, truth: pa.Table, people: int | None) -> tuple[Path, Path]:
    """The set as files; of `people` persons only, taken by a hash, where that is asked for."""
    places = folder / "records.parquet", folder / "truth.parquet"
    with duckdb.connect() as con:
        con.register("every_truth", truth)
        con.register("every_record", records)
        limit = "" if people is None else f"limit {people}"
        con.execute(
            "create table person as select distinct person_id from every_truth "
            f"order by hash(person_id), person_id {limit}"
        )
        con.execute("create table kept as from every_truth semi join person using (person_id)")
        con.execute(f"copy kept to '{places[1]}' (format parquet)")
        con.execute(
            f"copy (from every_record semi join kept using (record_id)) to '{places[0]}' (format parquet)"
        )
    return places


def _next(scratch: Path, labels: Sequence[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """The first `count` pairs of the queue over the warehouse in `scratch`, judged by the truth."""
    settings = load_settings(data_dir=scratch)
    dbt_build.build(
        settings,
        select=["id_label", "id_review_pair", "id_review_queue"],
        kinds=["model"],
        variables=dict(VARIABLES),
    )
    with duckdb.connect(str(settings.warehouse), read_only=True) as con:
        asked = con.execute(
            """
            select one.source_key, other.source_key, one_truth.person_id = other_truth.person_id
            from identity.id_review_queue as queue
            join identity.id_record as one on queue.record_no = one.record_no
            join identity.id_record as other on queue.other_record_no = other.record_no
            join raw_identity.truth as one_truth on one.source_key = one_truth.record_id
            join raw_identity.truth as other_truth on other.source_key = other_truth.record_id
            order by queue.pair_no
            """
        ).fetchall()
    names = ("left_record_id", "right_record_id", "is_match")
    known = {frozenset((row["left_record_id"], row["right_record_id"])) for row in labels}
    fresh = [row for row in asked if frozenset(row[:2]) not in known]
    return [dict(zip(names, row, strict=True)) for row in fresh[:count]]


def _row(name: str, way: str, count: int, said: dict[str, Any]) -> dict[str, Any]:
    pairs = said["pairwise"]
    return {
        "set": name,
        "pairs chosen": way,
        "judged pairs": count,
        "precision": round(pairs["precision"], 4),
        "recall": round(pairs["recall"], 4),
        "F1": round(pairs["f1"], 4),
        "over-merged": f"{said['over_merged_share']:.2%}",
    }
