"""What the concurrency tests run in other processes: a reader that checks every answer, and a publisher.

python processes.py read SNAPSHOTS STOP_FILE N      N threads; prints one JSON line when STOP_FILE appears
python processes.py publish WAREHOUSE SNAPSHOTS     publishes for ever, printing each stage
python processes.py die WAREHOUSE SNAPSHOTS N       kills itself with SIGKILL at the N-th stage
"""

import json
import os
import signal
import sys
import threading
from pathlib import Path

from serving.snapshot import publish
from serving.store import Store

# Version v holds v + 1000 rows of the value v in each of three tables: a torn read cannot look right.
CHECK = """
    SELECT meta.version, stamp.* FROM snap.meta,
           (SELECT min(v) AS low, max(v) AS high, count(*) AS n FROM (
            FROM serving.stamp_a UNION ALL FROM serving.stamp_b UNION ALL FROM indicators.stamp_c)) AS stamp
"""


def stamp_sql(version: int) -> str:
    """Statements that make the warehouse hold the content of `version`."""
    return "".join(
        f"CREATE OR REPLACE TABLE {name} AS SELECT {version} AS v FROM range({version} + 1000);"
        for name in ("serving.stamp_a", "serving.stamp_b", "indicators.stamp_c")
    )


def is_right(row: dict[str, int]) -> bool:
    """Whether an answer to CHECK is whole."""
    version = row["version"]
    return (row["low"], row["high"], row["n"]) == (version, version, 3 * (version + 1000))


def read(snapshots: Path, stop: Path, threads_cnt: int) -> None:
    """Query from several threads of one store until told to stop, then once more."""
    store = Store(snapshots)
    seen: list[list[int]] = [[] for _ in range(threads_cnt)]
    wrong: list[object] = []

    def loop(versions: list[int]) -> None:
        last = False
        while True:
            try:
                snapshot = store.snapshot()
                rows = [snapshot.query(CHECK).to_pylist()[0] for _ in range(2)]
            except Exception as error:
                wrong.append(repr(error))
                return
            if not is_right(rows[0]) or rows[0] != rows[1]:
                wrong.append(rows)
            versions.append(rows[0]["version"])
            if len(versions) == 1 and versions is seen[0]:
                print("ready", flush=True)
            if last:
                return
            last = stop.exists()

    threads = [threading.Thread(target=loop, args=(versions,)) for versions in seen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"seen": seen, "wrong": wrong}), flush=True)


def publish_for_ever(warehouse: Path, snapshots: Path) -> None:
    """Publish again and again, telling each stage."""
    while True:
        publish(warehouse, snapshots, on_stage=lambda stage: print(stage, flush=True))


def die(warehouse: Path, snapshots: Path, at: int) -> None:
    """Publish once and be killed at stage `at`, counted from 0."""
    stages: list[str] = []

    def on_stage(stage: str) -> None:
        stages.append(stage)
        if len(stages) > at:
            os.kill(os.getpid(), signal.SIGKILL)

    publish(warehouse, snapshots, on_stage=on_stage)


if __name__ == "__main__":
    verb, first, second, *rest = sys.argv[1:]
    if verb == "read":
        read(Path(first), Path(second), int(rest[0]))
    elif verb == "publish":
        publish_for_ever(Path(first), Path(second))
    else:
        die(Path(first), Path(second), int(rest[0]))
