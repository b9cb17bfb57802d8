"""How fast indicators are: check, compile, build, one new day, and questions.

A question is answered by the planner on the published snapshot, by MetricFlow's SQL and by SQL by hand on the
facts: in one run, over the same data, by four readers at once.

    python -m tests.bench.indicators DATA_DIR --times 430
        all of it, on a copy of a tiny world's data; facts and people are repeated to a million people and
        20 million app events, and the figures go to docs/BENCHMARKS.md
    python -m tests.bench.indicators DATA_DIR
        the questions alone, on a folder as it is, e.g. data/
"""

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

from indicators.check import check_folder
from indicators.compile import compile_registry
from indicators.registry import Registry, load_registry
from serving.query import ask
from serving.snapshot import publish
from serving.store import Store
from tests.bench import cubes
from tests.bench.measure import machine
from tests.bench.page import write_figures
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


def _concurrently(answer: Callable[[], object], calls: int) -> tuple[list[float], float]:
    """Seconds of each call of `READERS` threads that ask at once, `calls` times each; processor time of
    a call; one call warms up.
    """
    answer()
    taken: list[float] = []

    def read() -> None:
        for _ in range(calls):
            started = time.perf_counter()
            answer()
            taken.append(time.perf_counter() - started)

    readers = [threading.Thread(target=read) for _ in range(READERS)]
    before = time.process_time()
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return taken, (time.process_time() - before) / len(taken)


def _rounded(values: list[float]) -> list[float]:
    return sorted(round(float(value), 6) for value in values if value is not None)


def _row(what: str, times: tuple[list[float], float], target: str) -> Row:
    """p95 as the row's seconds; the median, the slowest and the processor time stand in the remark."""
    seconds, processor = times
    ranked = sorted(seconds)
    p95 = ranked[max(int(len(ranked) * 0.95) - 1, 0)]
    middle, slowest = statistics.median(ranked) * 1000, ranked[-1] * 1000
    remark = (
        f"p95 {p95 * 1000:.1f} ms, median {middle:.1f} ms, slowest {slowest:.1f} ms, {READERS} readers; "
        f"{processor * 1000:.1f} ms of processor time a call"
    )
    return Row(what, len(ranked), round(p95, 4), 0.0, target, remark)


def registry_work() -> Iterator[Row]:
    """Check and compile, each three times in this process; the fastest, for the first one imports."""
    for what, work, target in (
        ("check of the shipped registry", check_folder, "0.5 s for 5,000 derived"),
        ("compile of the shipped registry", lambda: compile_registry(load_registry()), "2 s"),
    ):
        taken = []
        for _ in range(3):
            started = time.perf_counter()
            work()
            taken.append(time.perf_counter() - started)
        yield Row(
            what, 3, round(min(taken), 2), 0.0, target, f"{len(load_registry().derived):,} derived indicators"
        )


def whole(data: Path, times: int, calls: int, scratch: Path) -> Iterator[Row]:
    """Everything, on a scratch copy whose facts and people are there `times` times."""
    yield from registry_work()
    yield from cubes.measure(data / "warehouse.duckdb", scratch, times)
    publish(scratch / "warehouse.duckdb", scratch / "snapshots")
    yield from measure(scratch, calls)


def main() -> None:
    """Measure and print; with --times, write docs/BENCHMARKS.md too."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.indicators")
    parser.add_argument("data", type=Path)
    parser.add_argument("--times", type=int, default=0, help="repeat facts and people so often, and build")
    parser.add_argument("--calls", type=int, default=50, help="calls of each reader")
    parser.add_argument("--folder", type=Path, default=None, help="scratch folder (default: the system's)")
    options = parser.parse_args()
    computer, kept = machine(), []
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="forecourt-bench-") as scratch:
        rows = (
            whole(options.data, options.times, options.calls, Path(scratch))
            if options.times
            else measure(options.data, options.calls)
        )
        for row in rows:
            print(f"{row.what}: {row.seconds} s. {row.remark}", flush=True)
            kept.append(row.as_json())
    if options.times:
        write_figures("indicators", computer, kept)


if __name__ == "__main__":
    main()
