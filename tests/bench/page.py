"""docs/BENCHMARKS.md from the figures in docs/benchmarks: whole runs by scale, tables of one subject."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
FIGURES = REPOSITORY / "docs" / "benchmarks"
RUN_COLUMNS = {
    "what": "what",
    "runs": "runs",
    "seconds": "seconds",
    "memory_gib": "peak memory (GiB)",
    "target": "target",
    "remark": "remark",
}


def write_figures(name: str, computer: dict[str, object], rows: Sequence[dict]) -> None:
    """Keep the newest figures of a subject as JSON, and write the page anew."""
    FIGURES.mkdir(parents=True, exist_ok=True)
    kept = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": computer,
        "rows": list(rows),
    }
    (FIGURES / f"{name}.json").write_text(json.dumps(kept, indent=2) + "\n")
    write_page()
    print("Written to docs/BENCHMARKS.md.")


def write_page() -> None:
    """Write the page anew from all kept figures."""
    page = [
        "# Benchmarks",
        "",
        "Written by `make bench` and `python -m tests.bench.{identity,indicators,dashboards}`. Medians.",
        "",
    ]
    for file in sorted(FIGURES.glob("*.json")):
        kept = json.loads(file.read_text())
        page += [f"## {file.stem}", ""]
        if "tables" in kept:
            for table in kept["tables"].values():
                page += [f"### {table['title']}", "", *_lines(table, list(table["rows"][0]))]
        else:
            page += _lines(kept, list(RUN_COLUMNS))
    (REPOSITORY / "docs" / "BENCHMARKS.md").write_text("\n".join(page))


def _lines(kept: dict, columns: Sequence[str]) -> list[str]:
    facts = ", ".join(f"{name} {value}" for name, value in kept["machine"].items())
    lines = [f"{kept['measured_at']}: {facts}", ""]
    lines += [kept["note"], ""] if kept.get("note") else []
    lines += ["| " + " | ".join(RUN_COLUMNS.get(name, name) for name in columns) + " |"]
    lines += ["|" + "|".join("---:" if _is_number(kept["rows"], name) else "---" for name in columns) + "|"]
    lines += ["| " + " | ".join(_text(row.get(name, "")) for name in columns) + " |" for row in kept["rows"]]
    return [*lines, ""]


def _is_number(rows: Sequence[dict], name: str) -> bool:
    return all(isinstance(row.get(name, 0), int | float) for row in rows)


def _text(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
