"""Half an hour of steady load, with a batch of changes in the CRM every minute: memory and lag stay where
they are, and no file is left behind.
"""

import argparse
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import psutil

from tests.bench.live.crm import change_leads
from tests.bench.live.running import Sender, accounts, all_lags, found_ids, live_path, quantile, world
from tests.bench.live.tables import keep

MEMORY_GROWTH, LAG_GROWTH = 1.25, 2.0  # from the second part to the last
PARTS = 6  # the run is told in so many parts


def main(arguments: list[str]) -> None:
    """Measure and keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.live soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=float, default=2_000, help="events a second")
    parser.add_argument("--crm-rows", type=int, default=500, help="changes in the CRM every minute")
    parser.add_argument("--scale", choices=["tiny", "demo"], default="demo")
    parser.add_argument("--world", type=Path, default=None, help="a data folder that was built")
    parser.add_argument("--folder", type=Path, default=None, help="scratch folder (default: the system's)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="forecourt-bench-") as scratch:
        data_dir = world(Path(scratch), options.scale, options.world)
        people, database = accounts(data_dir), data_dir / "demo" / options.scale / "crm.sqlite"
        with live_path(data_dir) as path:
            sender = Sender(path.collector.url, options.rate, "soak", people)
            process = psutil.Process(path.refresher.pid)
            sender.start()
            rows = []
            for part in range(PARTS):
                before, sent = path.last_pass(), len(sender.acknowledged)
                _changes(database, options.crm_rows, options.minutes * 60 / PARTS, part)
                passes = path.passes(before)
                rows.append(
                    _row(part, passes, len(sender.acknowledged) - sent, process, options.minutes / PARTS)
                )
            sender.finished.set()
            sender.join()
            path.collector.stop()
            path.wait_idle(600)
        left = len(list(path.settings.landing_dir.rglob("*.*")))
        lost = len(set(sender.acknowledged) - set(found_ids(data_dir, "soak-")))
    note = f"Files left in the landing folder: {left}. Acknowledged and not in the warehouse: {lost}."
    keep("soak", f"{options.minutes:g} minutes at {options.rate:,.0f} events a second", rows, note)
    faults = [note] if left or lost else []
    faults += judge(rows)
    if faults:
        raise SystemExit("; ".join(faults))


def judge(rows: list[dict[str, Any]]) -> list[str]:
    """What of a run is no steady state: memory or lag that grows from its second part to its last (the first
    one warms up), or a pass that failed.
    """
    faults = []
    first, last = rows[min(1, len(rows) - 1)], rows[-1]
    if last["memory (MiB)"] > MEMORY_GROWTH * first["memory (MiB)"]:
        faults.append(f"memory grew from {first['memory (MiB)']} to {last['memory (MiB)']} MiB")
    if (last["lag p95 (s)"] or 0.0) > LAG_GROWTH * max(first["lag p95 (s)"] or 0.0, 1.0):
        faults.append(f"lag p95 grew from {first['lag p95 (s)']} to {last['lag p95 (s)']} s")
    if failed := sum(row["failed passes"] for row in rows):
        faults.append(f"{failed} passes failed")
    return faults


def _changes(database: Path, rows: int, seconds: float, part: int) -> None:
    """A batch of changes every minute, for so long."""
    end, number = time.monotonic() + seconds, 0
    while (left := end - time.monotonic()) > 0:
        change_leads(database, rows, part * 100 + number)
        number += 1
        threading.Event().wait(min(60.0, left))


def _row(
    part: int, passes: list[dict[str, Any]], sent: int, process: psutil.Process, minutes: float
) -> dict[str, Any]:
    live = [one for one in passes if one["lag_seconds"]]
    lags = all_lags(passes)
    return {
        "minutes": f"{part * minutes:g} to {(part + 1) * minutes:g}",
        "events sent": sent,
        "live passes": len(live),
        "full passes": len([one for one in passes if one["lane"] == "full"]),
        "lag p50 (s)": quantile(lags, 0.5),
        "lag p95 (s)": quantile(lags, 0.95),
        "slowest (s)": max((one["lag_seconds"]["max"] for one in live), default=None),
        "memory (MiB)": process.memory_info().rss >> 20,
        "open files": process.num_fds(),
        "failed passes": len([one for one in passes if one["error"]]),
    }
