"""Smoke run: `python -m ingestion.demo FOLDER [SCALE]` writes a world and prints what it holds."""

import sys
from datetime import date
from pathlib import Path

from ingestion.demo import write_world

if __name__ == "__main__":
    arguments = [*sys.argv[1:], "demo-world", "tiny"][: max(2, len(sys.argv) - 1)]
    scale = sys.argv[2] if len(sys.argv) > 2 else "tiny"
    report = write_world(Path(arguments[0]), scale, 7, date(2026, 10, 31), print)
    for name, count in report.counts.items():
        print(f"{name:32}{count:>12,}")
