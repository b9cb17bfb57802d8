"""kill -9 of collector and refresher at random points under load, with a client that retries: everything that
was acknowledged is in the warehouse once, and nothing else is.
"""

import argparse
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

from orchestration.refresher.journal import read_state
from tests.bench.live.running import LivePath, Sender, accounts, found_ids, world
from tests.bench.live.tables import keep


def state_of(path: LivePath) -> str:
    """What the refresher says that it does; one that has said nothing yet is starting."""
    state = read_state(path.settings)
    assert path.refresher is not None
    return str(state["state"]) if state and state["pid"] == path.refresher.pid else "starting"


def main(arguments: list[str]) -> None:
    """Kill, count, keep the figures. Exits with an error where an event is missing, twice or invented."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.live kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--rate", type=float, default=500, help="events a second")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", choices=["tiny", "demo"], default="tiny")
    parser.add_argument("--world", type=Path, default=None, help="a data folder that was built")
    parser.add_argument("--folder", type=Path, default=None, help="scratch folder (default: the system's)")
    options = parser.parse_args(arguments)
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="forecourt-bench-") as scratch:
        data_dir = world(Path(scratch), options.scale, options.world)
        people = accounts(data_dir)
        path = LivePath(data_dir)
        path.collector.start()
        path.start_refresher()
        path.wait_idle(1800)
        sender = Sender(path.collector.url, options.rate, "kills", people)
        sender.start()
        killed = {"refresher": 0, "collector": 0}
        states: Counter[str] = Counter()  # what the refresher was doing when it was killed
        for number in range(options.kills):
            time.sleep(chance.uniform(0.2, 12.0))  # from the middle of its start to many passes later
            if chance.random() < 0.6:
                states[state_of(path)] += 1
                path.refresher.kill()
                path.refresher.wait()
                path.start_refresher()
                killed["refresher"] += 1
            else:
                path.collector.kill()
                path.collector.start()
                killed["collector"] += 1
            print(
                f"{number + 1} of {options.kills}: {killed}, {len(sender.acknowledged):,} events", flush=True
            )
        sender.finished.set()
        sender.join()
        path.collector.stop()
        path.wait_idle(1800)
        path.stop()
        found, acknowledged = found_ids(data_dir, "kills-"), set(sender.acknowledged)
        row = {
            "kills of the refresher": killed["refresher"],
            "kills of the collector": killed["collector"],
            "acknowledged": len(acknowledged),
            "in the warehouse": len(set(found)),
            "missing": len(acknowledged - set(found)),
            "twice": len(found) - len(set(found)),
            "never sent": sum(int(one.removeprefix("kills-")) > sender._number for one in found),
            "killed while": ", ".join(f"{name} {count}" for name, count in sorted(states.items())),
            "files left": len(list(path.settings.landing_dir.rglob("*.jsonl*"))),
        }
    keep(
        "kills", "kill -9 under load", [row], "One client that posts batches of 100, each until it is taken."
    )
    if row["missing"] or row["twice"] or row["never sent"]:
        raise SystemExit("events are missing, twice or invented")
