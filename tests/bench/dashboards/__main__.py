"""``python -m tests.bench.dashboards --data-dir FOLDER``: measure the dashboards on a published snapshot,
print, write docs/BENCHMARKS.md. Some three minutes; the machine should have nothing else to do.
"""

import argparse
import asyncio
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlparse

import psutil

from dashboards.browser import running_app
from serving.settings import ReaderSettings
from tests.bench.dashboards.browser import person
from tests.bench.dashboards.load import crowd, reruns
from tests.bench.dashboards.swaps import swaps
from tests.bench.measure import machine
from tests.bench.page import FIGURES, write_page

TITLES = {
    "person": "In a real Chromium",
    "reruns": "One viewer over the WebSocket",
    "crowd": "Many viewers in one process",
    "swaps": "Readers under new snapshots",
}


def main() -> None:
    """Measure what was asked for and keep it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.dashboards", description=__doc__)
    parser.add_argument("--data-dir", type=Path, default=ReaderSettings().data_dir)
    parser.add_argument("--only", choices=TITLES, action="append", help="default: everything")
    parser.add_argument("--viewers", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60, help="of the many viewers, after they came")
    parser.add_argument("--think", type=float, default=10, help="seconds between two actions of a viewer")
    parser.add_argument("--runs", type=int, default=8, help="of each figure of the browser")
    parser.add_argument("--swaps", type=int, default=1000)
    parser.add_argument("--dry", action="store_true", help="print only, keep nothing")
    options = parser.parse_args()
    wanted = options.only or list(TITLES)
    found = measure(options, wanted)
    for rows in found.values():
        for row in rows:
            print(
                ", ".join(f"{name} {value}" for name, value in row.items() if value is not None), flush=True
            )
    if not options.dry:
        keep(found)


def measure(options: argparse.Namespace, wanted: list[str]) -> dict[str, list[dict[str, object]]]:
    """The rows of each table that is wanted. Raises FileNotFoundError where nothing is published."""
    data_dir = options.data_dir.resolve()
    found: dict[str, list[dict[str, object]]] = {}
    if set(wanted) - {"swaps"}:
        with running_app(data_dir) as address:
            server = _listening(urlparse(address).port or 0)
            if "person" in wanted:
                found["person"] = person(address, options.runs)
            if "reruns" in wanted:
                found["reruns"] = asyncio.run(reruns(address, server, 60))
            if "crowd" in wanted:
                crowded = crowd(address, server, options.viewers, options.seconds, options.think)
                found["crowd"] = asyncio.run(crowded)
    if "swaps" in wanted:
        with tempfile.TemporaryDirectory(prefix="forecourt-swaps-") as scratch:
            found["swaps"] = [swaps(data_dir / "snapshots", Path(scratch) / "snapshots", options.swaps)]
    return found


def _listening(port: int) -> psutil.Process:
    """The process of ours that serves on this port."""
    for child in psutil.Process().children(recursive=True):
        if any(one.laddr.port == port for one in child.net_connections("tcp") if one.status == "LISTEN"):
            return child
    raise RuntimeError(f"No child of this process listens on port {port}.")


def keep(found: dict[str, list[dict[str, object]]]) -> None:
    """Put the tables beside those that were kept before."""
    file = FIGURES / "dashboards.json"
    kept = json.loads(file.read_text()) if file.exists() else {"tables": {}}
    for name, rows in found.items():
        kept["tables"][name] = {
            "title": TITLES[name],
            "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": machine(),
            "rows": rows,
        }
    FIGURES.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(kept, indent=2) + "\n")
    write_page()
    print("Written to docs/BENCHMARKS.md.")


if __name__ == "__main__":
    main()
