"""How fast indicators are answered: the planner on the published snapshot, beside MetricFlow's SQL and SQL by
hand on the facts; one run, the same data, four readers at once.

    python -m tests.bench.indicators DATA_DIR      on a data folder that is there, e.g. data/
"""

import argparse
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

from indicators.registry import Registry, load_registry
from serving.query import ask
from serving.store import Store
from tests.bench.questions import Question, questions
from tests.bench.rows import Row
from tests.integration.three_ways.metricflow_engine import MetricFlow, read_manifest

READERS = 4


def latency(folder: Path, scale: str, runs: int) -> list[Row]:
    """Each question three ways, on the world that `whole_run` left; twenty calls a reader for each run."""
    return list(measure(folder / f"run-{scale}-0" / "data", 20 * runs))


def measure(data: Path, calls: int) -> Iterator[Row]:
    """Each question three ways on a data folder. Raises AssertionError where two ways give other numbers."""
    registry, store = load_registry(), Store(data / "snapshots")
    [found] = store.query("SELECT max(as_of_on) AS last FROM serving.srv_as_of").to_pylist()
    warehouse = duckdb.connect(config={"threads": 2})
    warehouse.execute(f"ATTACH '{data / 'warehouse.duckdb'}' AS warehouse (READ_ONLY)")
    warehouse.execute("USE warehouse; SET GLOBAL TimeZone = 'UTC'")
    manifest = data / "dbt" / "target"
    flow = MetricFlow(read_manifest(manifest), warehouse) if manifest.is_dir() else None
    with warehouse:
        for question in questions(found["last"]):
            yield from _three_ways(question, registry, store, warehouse, flow, calls)


def _three_ways(
    question: Question,
    registry: Registry,
    store: Store,
    warehouse: duckdb.DuckDBPyConnection,
    flow: MetricFlow | None,
    calls: int,
) -> Iterator[Row]:
    def planner() -> list[float]:
        return [row["value"] for row in ask(store.snapshot(), registry, question.request).rows()]

    yield _row(f"{question.what}: planner", _concurrently(planner, calls), question.target)
    wanted = _rounded(planner())
    ways = {"SQL by hand on the facts": question.by_hand}
    if flow and question.metric:
        asked = question.request
        ways["MetricFlow's SQL on the facts"] = flow.sql(
            question.metric, question.by, asked.date_from, asked.date_to
        )
    for name, sql in ways.items():

        def on_facts(text: str = sql) -> list[float]:
            with warehouse.cursor() as cursor:
                cursor.execute("USE warehouse")
                return [row[-1] for row in cursor.execute(text).fetchall()]

        times = _concurrently(on_facts, max(calls // 10, 2))
        assert _rounded(on_facts()) == wanted, f"{question.what}: {name} gives other numbers"
        yield _row(f"{question.what}: {name}", times, "")


def _concurrently(answer: Callable[[], object], calls: int) -> list[float]:
    """Seconds of each call of `READERS` threads that ask at once, `calls` times each; one call warms up."""
    answer()
    taken: list[float] = []

    def read() -> None:
        for _ in range(calls):
            started = time.perf_counter()
            answer()
            taken.append(time.perf_counter() - started)

    readers = [threading.Thread(target=read) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return taken


def _rounded(values: list[float]) -> list[float]:
    return sorted(round(float(value), 6) for value in values if value is not None)


def _row(what: str, seconds: list[float], target: str) -> Row:
    """p95 as the row's seconds; the median and the slowest stand in the remark."""
    ranked = sorted(seconds)
    p95 = ranked[max(int(len(ranked) * 0.95) - 1, 0)]
    middle, slowest = statistics.median(ranked) * 1000, ranked[-1] * 1000
    remark = f"p95 {p95 * 1000:.1f} ms, median {middle:.1f} ms, slowest {slowest:.1f} ms, {READERS} readers"
    return Row(what, len(ranked), round(p95, 4), 0.0, target, remark)


def main() -> None:
    """Measure on a data folder and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.indicators")
    parser.add_argument("data", type=Path)
    parser.add_argument("--calls", type=int, default=50, help="calls of each reader")
    options = parser.parse_args()
    for row in measure(options.data, options.calls):
        print(f"{row.what}: {row.remark}", flush=True)


if __name__ == "__main__":
    main()
