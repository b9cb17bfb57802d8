"""How long the indicator models take: all of them from nothing, one new day, and a build without news.

python -m tests.bench.cubes WAREHOUSE [--times 20]     on a copy of a built warehouse, its facts repeated
"""

import argparse
import resource
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from indicators.models import Process
from indicators.registry import Registry, load_registry
from indicators.tables import PERSON_KEY
from tests.bench.measure import Measured, run
from tests.bench.rows import Row

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
FULL, DAY, NOTHING = "all indicator models from nothing", "one new day", "a build without news"
MEMORY = "6GB"
TARGETS = {FULL: "5 min (bench)", DAY: "20 s (bench)", NOTHING: ""}


def cubes(folder: Path, scale: str, runs: int) -> list[Row]:
    """The three, on a copy of the world that `whole_run` left."""
    scratch = folder / "cubes"
    scratch.mkdir()
    return measure(folder / f"run-{scale}-0" / "data" / "warehouse.duckdb", scratch, times=1)


def measure(warehouse: Path, folder: Path, times: int) -> list[Row]:
    """The three, each once, on a copy in `folder` whose facts and people are there `times` times."""
    copy = folder / "warehouse.duckdb"
    shutil.copy(warehouse, copy)
    registry = load_registry()
    with duckdb.connect(copy, config={"memory_limit": MEMORY}) as con:
        rows = repeat(con, registry, times)
    found = {FULL: build(copy, folder, "--full-refresh")}
    with duckdb.connect(copy) as con:
        add_a_day(con, registry)
    found[DAY] = build(copy, folder)
    found[NOTHING] = build(copy, folder)
    remark = f"{rows:,} rows of facts; dbt run in a new process, tests not included"
    return [
        Row(
            what,
            1,
            round(one.seconds, 1),
            round(one.peak_bytes / 2**30, 2),
            TARGETS[what],
            f"{cpu}; {remark}",
        )
        for what, (one, cpu) in found.items()
    ]


def repeat(con: duckdb.DuckDBPyConnection, registry: Registry, times: int) -> int:
    """Repeat every fact and person under other keys; returns the rows of all facts."""
    [[people]] = con.execute("select max(person_no) from core.dim_customer").fetchall()
    copies = f"range(1, {times}) as copies (k)"
    renamed = f"one_id || '~' || k as one_id, person_no + k * {people} as person_no"
    people_again = f"select one.* replace ({renamed}) from core.dim_customer as one, {copies}"
    con.execute(f"insert into core.dim_customer {people_again}")
    number = f"one.* replace (person_no + k * {people} as person_no)"
    con.execute(f"insert into serving.srv_person select {number} from serving.srv_person as one, {copies}")
    rows = 0
    for process in _facts(registry):
        fact = f"core.{process.model}"
        types = dict(con.execute(f"select column_name, column_type from (describe {fact})").fetchall())
        named = {name for name in types if name.endswith("one_id")} | {*process.grain}
        other = [f"{name} || '~' || k as {name}" for name in sorted(named) if types[name] == "VARCHAR"]
        other += [f"{PERSON_KEY} + k * {people} as {PERSON_KEY}"] if PERSON_KEY in types else []
        if other:  # a fact of one row a day has none
            replaced = ", ".join(other)
            con.execute(f"insert into {fact} select one.* replace ({replaced}) from {fact} as one, {copies}")
        rows += con.execute(f"select count(*) from {fact}").fetchall()[0][0]
    return rows


def add_a_day(con: duckdb.DuckDBPyConnection, registry: Registry) -> None:
    """The last day of every fact once more, a day later."""
    for process in _facts(registry):
        fact, day = f"core.{process.model}", process.time
        types = dict(con.execute(f"select column_name, column_type from (describe {fact})").fetchall())
        other = [f"{key} || '+' as {key}" for key in process.grain if types[key] == "VARCHAR"]
        con.execute(
            f"insert into {fact} select * replace ({', '.join([*other, f'{day} + 1 as {day}'])}) from {fact} "
            f"where {day} = (select max({day}) from {fact} where {day} < current_date)"
        )


def build(warehouse: Path, folder: Path, *more: str) -> tuple[Measured, str]:
    """`dbt run` over the indicator models in a process of its own; and its processor time, in words."""
    command = [sys.executable, "-m", "dbt.cli.main", "run", "--select", "path:models/indicators", *more]
    paths = {"FORECOURT_WAREHOUSE": str(warehouse), "DBT_LOG_PATH": str(folder)}
    before = children()
    measured = run([*command, "--target-path", str(folder / "dbt" / "target")], paths, PROJECT)
    return measured, f"{children() - before:.0f} s of processor time"


def children() -> float:
    """Seconds of processor time that the ended children of this process took."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _facts(registry: Registry) -> list[Process]:
    """One process for each fact."""
    return list({process.model: process for process in registry.all_processes}.values())


def main() -> None:
    """Measure on a copy of a warehouse and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.cubes")
    parser.add_argument("warehouse", type=Path)
    parser.add_argument("--times", type=int, default=1, help="how often the facts and people are repeated")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="forecourt-cubes-") as folder:
        for row in measure(options.warehouse, Path(folder), options.times):
            print(f"{row.what}: {row.seconds} s, {row.memory_gib} GiB. {row.remark}", flush=True)


if __name__ == "__main__":
    main()
