"""Accuracy on every labelled set at hand: ours without labels, with labels, Splink by its documentation."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from tests.bench.identity.ours import module, ours, score
from tests.identity_sets import sets

DRAWS = 5
BINS = 20


def rows(
    folder: Path, data: Path, labels: tuple[int, ...], only: tuple[str, ...] = ()
) -> Iterator[dict[str, Any]]:
    """One row for each set and way of resolving it; a set that is not at hand is left out."""
    for name, load in sets(data).items():
        if only and name not in only:
            continue
        try:
            labelled = load()
        except (OSError, duckdb.IOException):
            continue
        work = folder / name
        work.mkdir(parents=True)
        records, truth = work / "records.parquet", work / "truth.parquet"
        pq.write_table(labelled.records, records)
        pq.write_table(labelled.truth, truth)
        yield from _of_one_set(name, records, truth, labels)


def _of_one_set(name: str, records: Path, truth: Path, labels: tuple[int, ...]) -> Iterator[dict[str, Any]]:
    free = ours(records, truth, scratch=records.parent / "free")
    yield _row(name, "ours, no labels", free)
    for cnt in labels:
        drawn = [
            ours(records, truth, file)
            for seed in range(DRAWS)
            if (file := draw(records.parent / "free" / "warehouse.duckdb", cnt, seed))
        ]
        if drawn:
            worst = min(drawn, key=lambda said: said["pairwise"]["f1"])
            yield _row(name, f"ours, {cnt} labels, worst of {DRAWS} draws", worst)
    out = records.parent / "splink.parquet"
    try:
        figures = module("splink_alone", records, out)
    except RuntimeError as error:  # some sets have too few columns for its training
        yield {"set": name, "system": f"Splink: {str(error).strip().splitlines()[-1][:80]}"}
        return
    said = score(out, truth).as_json()
    yield _row(
        name, "Splink", {**said, "seconds": figures["seconds"], "peak_memory_bytes": figures["peak_bytes"]}
    )


def draw(warehouse: Path, cnt: int, seed: int) -> Path | None:
    """Write `cnt` judged pairs, drawn evenly over the range of match weights as a steward would see them.

    None where there are not twice as many scored pairs.
    """
    file = warehouse.parent / f"labels-{cnt}-{seed}.parquet"
    with duckdb.connect(str(warehouse), read_only=True) as con:
        scored = con.execute("select count(*) from identity.id_scored_pair").fetchall()[0][0]
        if scored < 2 * cnt:
            return None
        con.execute(
            f"""
            copy (
                with pair as (
                    select record_no, other_record_no,
                        floor(greatest(-20, least(20, match_weight)) / 40 * {BINS}) as bin,
                        hash(record_no, other_record_no, {seed}) as luck
                    from identity.id_scored_pair
                ),
                chosen as (
                    select record_no, other_record_no from pair
                    order by row_number() over (partition by bin order by luck), luck limit {cnt}
                )
                select one.source_key as left_record_id, other.source_key as right_record_id,
                    one_truth.person_id = other_truth.person_id as is_match
                from chosen
                join identity.id_record as one on chosen.record_no = one.record_no
                join identity.id_record as other on chosen.other_record_no = other.record_no
                join raw_identity.truth as one_truth on one.source_key = one_truth.record_id
                join raw_identity.truth as other_truth on other.source_key = other_truth.record_id
            ) to '{file}' (format parquet)
            """
        )
    return file


def _row(name: str, system: str, said: dict[str, Any]) -> dict[str, Any]:
    return {"set": name, "system": system, **figures(said)}


def figures(said: dict[str, Any]) -> dict[str, Any]:
    """The columns of the table, rounded."""
    pairs = said["pairwise"]
    return {
        "records": said["records"],
        "precision": round(pairs["precision"], 4),
        "recall": round(pairs["recall"], 4),
        "F1": round(pairs["f1"], 4),
        "B-cubed F1": round(said["bcubed"]["f1"], 4),
        "exact clusters F1": round(said["exact_clusters"]["f1"], 4),
        "largest cluster": said["largest_cluster"],
        "largest person": said["largest_person"],
        "over-merged": f"{said['over_merged_share']:.2%}",
        "seconds": round(said["seconds"], 1),
        "peak memory (GiB)": round(said["peak_memory_bytes"] / 2**30, 2),
    }
