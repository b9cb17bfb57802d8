"""``python -m tests.bench [--scale demo|bench|tiny] [--runs N]``: measure, print, write
docs/BENCHMARKS.md.
"""

import argparse
import tempfile
from pathlib import Path

from tests.bench.cubes import cubes
from tests.bench.indicators import latency
from tests.bench.measure import machine
from tests.bench.page import write_figures
from tests.bench.rows import ALL, Row


def main() -> None:
    """Measure every row at one scale."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--scale", choices=["tiny", "demo", "bench"], default="demo")
    parser.add_argument("--runs", type=int, default=3, help="runs of each row; the median is kept")
    parser.add_argument("--folder", type=Path, default=None, help="scratch folder (default: the system's)")
    options = parser.parse_args()
    computer = machine()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="forecourt-bench-") as scratch:
        for measure in (*ALL, latency, cubes):
            found = measure(Path(scratch), options.scale, options.runs)
            for row in found if isinstance(found, list) else [found]:
                print(f"{row.what}: {row.seconds:.2f} s, {row.memory_gib:.2f} GiB. {row.remark}", flush=True)
                rows.append(row)
    write(options.scale, computer, rows)


def write(scale: str, computer: dict[str, object], rows: list[Row]) -> None:
    """Keep the newest figures of each scale."""
    write_figures(scale, computer, [row.as_json() for row in rows])


if __name__ == "__main__":
    main()
