"""Figures of the live path, kept in docs/benchmarks/live.json: a table for each verb."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from tests.bench.measure import machine
from tests.bench.page import FIGURES, write_page


def keep(part: str, title: str, rows: Sequence[dict[str, Any]], note: str = "") -> None:
    """Print the rows, replace the table ``part`` and write docs/BENCHMARKS.md."""
    for row in rows:
        print(", ".join(f"{name} {value}" for name, value in row.items() if value not in ("", None)))
    file = FIGURES / "live.json"
    kept = json.loads(file.read_text()) if file.is_file() else {"tables": {}}
    measured_at = datetime.now(UTC).isoformat(timespec="seconds")
    kept["tables"][part] = {
        "measured_at": measured_at,
        "title": title,
        "machine": machine(),
        "note": note,
        "rows": list(rows),
    }
    FIGURES.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(kept, indent=2) + "\n")
    write_page()
    print("Written to docs/BENCHMARKS.md.")
