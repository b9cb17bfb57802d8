"""A batch into a warehouse that stands, and one merge undone: its cost, and whether it equals a full run.

python -m tests.bench.identity.increment RECORDS FOLDER BATCH
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import duckdb

from identity.evaluate import evaluate
from orchestration.identity_evaluation import files
from orchestration.identity_evaluation.report import peak_bytes
from orchestration.identity_evaluation.run import file_project, resolve
from orchestration.progress import PlainProgress
from orchestration.settings import Settings, load_settings

QUIET = PlainProgress(lambda _line: None)
MAPPED = "select source_key, one_id from identity.id_map order by source_key"


def main(records: Path, folder: Path, batch: int) -> None:
    """Measure, and print figures as JSON."""
    standing, whole = (_settings(folder / name) for name in ("standing", "whole"))
    project = file_project(load_settings())
    found: dict[str, Any] = {}
    with duckdb.connect(str(standing.warehouse)) as con:
        found["records"], _ = files.load_records(con, records)
        files.load_labels(con, None)
        con.execute(
            f"create table late as select * from raw_identity.record order by md5(record_id) limit {batch}"
        )
        con.execute("delete from raw_identity.record where record_id in (select record_id from late)")
    found["first_build"] = _build(standing, project)
    before = _map(standing)
    with duckdb.connect(str(standing.warehouse)) as con:
        con.execute("insert into raw_identity.record from late; drop table late; checkpoint")
    found["batch"] = _build(standing, project)
    after = _map(standing)
    found["changed_ids"] = _changed_without_cause(before, after)
    found["nothing_new"] = _build(standing, project)
    found["unmerge"] = _unmerge(standing, project)
    found["peak_bytes"] = peak_bytes()
    with duckdb.connect(str(whole.warehouse)) as con:
        files.load_records(con, records)
        files.load_labels(con, None)
    found["full_build"] = _build(whole, project)
    found["differing_pairs"] = _differing_pairs(after, _map(whole))
    print(json.dumps(found))


def _settings(folder: Path) -> Settings:
    folder.mkdir(parents=True)
    return load_settings().model_copy(update={"data_dir": folder})


def _build(settings: Settings, project: Any) -> dict[str, float]:
    """Seconds: of the whole call, and of the models by themselves (their sum)."""
    started = time.perf_counter()
    resolve(settings, *project, QUIET)
    seconds = time.perf_counter() - started
    results = json.loads((settings.dbt_target_dir / "run_results.json").read_text())["results"]
    models = sum(one["execution_time"] for one in results)
    return {"seconds": round(seconds, 2), "models": round(models, 2)}


def _map(settings: Settings) -> dict[str, str]:
    with duckdb.connect(str(settings.warehouse), read_only=True) as con:
        return dict(con.execute(MAPPED).fetchall())


def _changed_without_cause(before: dict[str, str], after: dict[str, str]) -> int:
    """People that hold the same old records as before, and yet have another id."""
    people: dict[str, set[str]] = {}
    for record, one_id in before.items():
        people.setdefault(one_id, set()).add(record)
    now: dict[str, set[str]] = {}
    for record in before:
        now.setdefault(after[record], set()).add(record)
    ids = {frozenset(records): one_id for one_id, records in now.items()}
    return sum(ids.get(frozenset(records), one_id) != one_id for one_id, records in people.items())


def _differing_pairs(one: dict[str, str], other: dict[str, str]) -> int:
    """Pairs of records that one partition puts together and the other does not."""
    keys = sorted(one)
    pairs = evaluate([one[key] for key in keys], [other[key] for key in keys]).pairs
    return pairs.true_pairs + pairs.found_pairs - 2 * pairs.right_pairs


def _unmerge(settings: Settings, project: Any) -> dict[str, float]:
    """A steward parts the two records of one person."""
    with duckdb.connect(str(settings.warehouse)) as con:
        con.execute(
            """
            create table raw_identity.review_answer as
            select
                1::bigint as answer_id, min(record_key) as record_key_a, max(record_key) as record_key_b,
                'different' as answer, 'benchmark' as answered_by, now() as answered_at,
                'terminal' as answered_in
            from identity.id_map group by one_id having count(*) = 2 order by one_id limit 1
            """
        )
        con.execute("checkpoint")
    seconds = _build(settings, project)
    with duckdb.connect(str(settings.warehouse), read_only=True) as con:
        parted = con.execute(
            "select count(distinct one_id) from identity.id_map, raw_identity.review_answer "
            "where record_key in (record_key_a, record_key_b)"
        ).fetchall()
    if parted != [(2,)]:
        raise RuntimeError("the two records that were parted are still one person")
    return seconds


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
