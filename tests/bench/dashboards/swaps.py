"""Readers under a thousand new snapshots: no error, no answer out of two versions."""

import secrets
import shutil
import threading
import time
from pathlib import Path

from serving import layout
from serving.access import AccessScope
from serving.errors import SnapshotError
from serving.layout import SnapshotRef
from serving.store import Store

READERS = 8
# The same fact told by two tables: of one version both say the same.
QUESTION = """
    SELECT (SELECT count(*) FROM serving.srv_dealer) AS dealers,
           (SELECT count(DISTINCT dealer_id) FROM serving.srv_weak_link WHERE period = 'all') AS judged
"""


def swaps(snapshots_dir: Path, folder: Path, count: int) -> dict[str, object]:
    """Move the pointer `count` times while readers ask; the version is one and the same under many names."""
    first = layout.current(snapshots_dir)
    assert first is not None
    folder.mkdir(parents=True)
    target = _copy(first, folder)
    store, stop = Store(folder), threading.Event()
    asked, errors = [0] * READERS, []
    expected = None

    def read(number: int) -> None:
        nonlocal expected
        scope = AccessScope("all")
        while not stop.is_set():
            try:
                found = store.snapshot().seen_by(scope).query(QUESTION).to_pylist()
                expected = expected or found
                if found != expected:
                    errors.append(f"{found} and not {expected}")
            except SnapshotError as error:
                errors.append(str(error))
            asked[number] += 1

    threads = [threading.Thread(target=read, args=(number,)) for number in range(READERS)]
    for thread in threads:
        thread.start()
    started = time.perf_counter()
    for _ in range(count):
        target = _copy(first, folder)
        layout.prune(folder, target, 3)
        # Every version is read by somebody before the next one comes; half of the readers are then inside it.
        seen = sum(asked) + READERS // 2
        while sum(asked) < seen:
            time.sleep(0.001)
    seconds = time.perf_counter() - started
    stop.set()
    for thread in threads:
        thread.join()
    return {
        "what": f"{count} snapshot swaps under {READERS} readers",
        "queries": sum(asked),
        "reader errors": len(errors),
        "seconds": round(seconds, 1),
        "first error": errors[0] if errors else "",
    }


def _copy(first: SnapshotRef, folder: Path) -> SnapshotRef:
    """The same snapshot under a new name, made current."""
    name = f"snapshot-{first.version:06d}-{secrets.token_hex(4)}.duckdb"
    shutil.copyfile(first.path, folder / name)
    target = SnapshotRef(first.version, folder / name)
    layout.move_pointer(folder, target)
    return target
