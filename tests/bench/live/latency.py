"""From an event's arrival at the collector to its published row, at 2,000 and 10,000 events a second, on a
built world: every event of the run counts, not a sample.

``python -m tests.bench.live latency --world DATA_DIR`` copies a built world; without it one is made.
"""

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.bench.live.running import Sender, accounts, all_lags, live_path, quantile, world
from tests.bench.live.tables import keep

TARGETS = {2_000: 1.0, 10_000: 2.0}


def main(arguments: list[str]) -> None:
    """Measure and keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.live latency", description=__doc__)
    parser.add_argument("--scale", choices=["tiny", "demo", "bench"], default="demo")
    parser.add_argument("--world", type=Path, default=None, help="a data folder that was built")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--folder", type=Path, default=None, help="scratch folder (default: the system's)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="forecourt-bench-") as scratch:
        data_dir = world(Path(scratch), options.scale, options.world)
        people = accounts(data_dir)
        with live_path(data_dir) as path:
            rows = []
            for rate, target in TARGETS.items():
                before = path.last_pass()
                sender = Sender(path.collector.url, rate, f"latency-{rate}", people)
                sender.start()
                time.sleep(options.seconds)
                sender.finished.set()
                sender.join()
                path.wait_idle(120)
                passes = path.passes(before)
                rows.append(_row(rate, target, len(sender.acknowledged) / options.seconds, passes))
    note = (
        "Collector, refresher and sender share the machine's cores. Lag: from receivedAt to the instant at "
        "which the layer was current, over all events, in tenths of a second. "
        "Each pass brings fct_app_event, ind_app_1d and ind_app_person_1d up to date; every 10 s "
        "registrations and the freshness of sources; everything else follows in the full lane, when a batch "
        "source brought something and every 10 minutes."
    )
    keep(f"latency-{options.scale}", f"Event to published row, {options.scale} world", rows, note)


def _row(rate: int, target: float, sent: float, passes: list[dict[str, Any]]) -> dict[str, Any]:
    live = [one for one in passes if one["lane"] == "live"]
    lags = all_lags(passes)
    return {
        "events a second asked": rate,
        "sent": round(sent),
        "published": sum(lags.values()),
        "passes": len(live),
        "p50 (s)": quantile(lags, 0.5),
        "p95 (s)": quantile(lags, 0.95),
        "slowest (s)": max(one["lag_seconds"]["max"] for one in passes if one["lag_seconds"]),
        "failed passes": sum(one["error"] is not None for one in passes),
        "target p95 (s)": target,
        "CPU s for a pass": round(sum(one["cpu_seconds"] for one in live) / len(live), 3),
    }
