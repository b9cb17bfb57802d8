"""A batch into a warehouse that stands, or one merge undone: its cost, and whether it equals a full run.

python -m tests.bench.identity.increment batch|unmerge|deterministic RECORDS FOLDER

"Computing" is the time that the database spends on statements, and Python models on their work; what dbt
spends on itself is left out. "Through dbt" is the whole call in a process that has parsed the project.
"""

import json
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from identity.evaluate import evaluate
from orchestration.identity_evaluation import files
from orchestration.identity_evaluation.report import peak_bytes
from orchestration.identity_evaluation.run import SELECTED, file_project, resolve
from orchestration.progress import PlainProgress
from orchestration.settings import Settings, load_settings
from orchestration.stewardship.people import DECIDED

QUIET = PlainProgress(lambda _line: None)
PYTHON = Path(__file__).parents[3] / "dbt_project" / "models" / "identity"
MAPPED = "select source_key, one_id from identity.id_map order by source_key"


STATEMENT = re.compile(
    r"\[(?P<thread>[^\]]+)\]: "
    r'(?:Using duckdb connection "(?P<node>[^"]+)"|SQL status: OK in (?P<seconds>[\d.]+))'
)


def main(what: str, records: Path, folder: Path) -> None:
    """Measure, and print figures as JSON."""
    measure = {"batch": _measure_batch, "unmerge": _measure_unmerge, "deterministic": _measure_rules}[what]
    print(json.dumps({**measure(records, folder), "peak_bytes": peak_bytes()}))


def _measure_batch(records: Path, folder: Path) -> dict[str, Any]:
    """One record of a hundred comes later; the partition is held against one full build."""
    standing, whole = (_settings(folder / name) for name in ("standing", "whole"))
    project = file_project(load_settings())
    found: dict[str, Any] = {"records": _hold(standing, records)}
    with duckdb.connect(str(standing.warehouse)) as con:
        con.execute(
            "create table late as select * from raw_identity.record "
            f"order by md5(record_id) limit {found['records'] // 100}"
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
    manifest, variables = project
    found["reconcile"] = _build(standing, (manifest, {**variables, "id_rebuild": True}))
    found["reconciled_pairs"] = _differing_pairs(after, _map(standing))
    _hold(whole, records)
    found["full_build"] = _build(whole, project)
    found["differing_pairs"] = _differing_pairs(after, _map(whole))
    return found


def _measure_unmerge(records: Path, folder: Path) -> dict[str, Any]:
    """A steward parts two records: the models that `forecourt identity apply` builds."""
    standing, project = _settings(folder / "standing"), file_project(load_settings())
    return {
        "records": _hold(standing, records),
        "first_build": _build(standing, project),
        "unmerge": _unmerge(standing, project),
    }


def _measure_rules(records: Path, folder: Path) -> dict[str, Any]:
    """The deterministic tier alone, from nothing."""
    standing, project = _settings(folder / "rules"), file_project(load_settings(), rules_only=True)
    return {"records": _hold(standing, records), "deterministic": _build(standing, project)}


def _hold(settings: Settings, records: Path) -> int:
    """Load the records; return how many there are."""
    with duckdb.connect(str(settings.warehouse)) as con:
        cnt, _ = files.load_records(con, records)
        files.load_labels(con, None)
    return cnt


def _settings(folder: Path) -> Settings:
    folder.mkdir(parents=True)
    return load_settings().model_copy(update={"data_dir": folder})


def _build(settings: Settings, project: Any, select: Sequence[str] = SELECTED) -> dict[str, float]:
    """Seconds: of the whole call, of the models by dbt's account, and of their computing alone."""
    log = settings.dbt_log_dir / "dbt.log"
    said = log.stat().st_size if log.is_file() else 0
    started = time.perf_counter()
    resolve(settings, *project, QUIET, select=select)
    seconds = time.perf_counter() - started
    results = json.loads((settings.dbt_target_dir / "run_results.json").read_text())["results"]
    models = {one["unique_id"]: one["execution_time"] for one in results}
    python = {name for name in models if (PYTHON / f"{name.rsplit('.')[-1]}.py").is_file()}
    computing = sum(models[name] for name in python) + _statements(log, said, python)
    return {
        "seconds": round(seconds, 2),
        "models": round(sum(models.values()), 2),
        "computing": round(computing, 2),
    }


def _statements(log: Path, start: int, without: set[str]) -> float:
    """Seconds of all statements that dbt's log tells of from the byte `start`, but those of some nodes."""
    node_of: dict[str, str] = {}
    seconds = 0.0
    with log.open(errors="replace") as opened:
        opened.seek(start)
        for line in opened:
            if found := STATEMENT.search(line):
                if found["node"]:
                    node_of[found["thread"]] = found["node"]
                elif node_of.get(found["thread"]) not in without:
                    seconds += float(found["seconds"])
    return seconds


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
    seconds = _build(settings, project, DECIDED)
    with duckdb.connect(str(settings.warehouse), read_only=True) as con:
        parted = con.execute(
            "select count(distinct one_id) from identity.id_map, raw_identity.review_answer "
            "where record_key in (record_key_a, record_key_b)"
        ).fetchall()
    if parted != [(2,)]:
        raise RuntimeError("the two records that were parted are still one person")
    return seconds


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
