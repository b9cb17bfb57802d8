"""``python -m tests.bench.identity [PART ...]``: measure OneID, write docs/benchmarks/identity.json.

Each part replaces its own table and leaves the others as they are: accuracy, labels, review, households,
million, increment, unmerge, deterministic, planted, graphs, components. Each measurement runs in a process of
its own, so that its peak memory is its own.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from tests.bench.identity import accuracy, planted, review_curve
from tests.bench.identity.graphs import write_graph
from tests.bench.identity.households import write as write_households
from tests.bench.identity.ours import module, ours, score
from tests.bench.measure import machine
from tests.bench.page import FIGURES, REPOSITORY, write_page

Rows = list[dict[str, Any]]
DATA = Path(os.environ.get("FORECOURT_REAL_DATA") or REPOSITORY.parent / "shared" / "data")
GIB = 2**30


def graphs(folder: Path, size: int) -> Rows:
    """Connected components by every method."""
    file = folder / f"graph-{size}.parquet"
    write_graph(file, size)
    rows = []
    for method in ("scipy", "sql", "splink", *(["networkx"] if size <= 1_000_000 else [])):
        said = module("graphs", method, file)
        named = {"scipy": "scipy (DuckDB)", "sql": "dbt macro (any engine)"}.get(method, method)
        peak = round(said.pop("peak_bytes") / GIB, 2)
        seconds = round(said.pop("seconds"), 1)
        rows.append({"edges": size, "method": named, "seconds": seconds, "peak memory (GiB)": peak, **said})
    return rows


def components(folder: Path, size: int) -> Rows:
    """Connected components of ten times as many edges."""
    return graphs(folder, 10 * size)


def households(folder: Path, size: int) -> Rows:
    """Ours and Splink alone on the same records, a tenth of the size."""
    return million(folder, size // 10)


def million(folder: Path, size: int) -> Rows:
    """Ours and Splink alone on the same records."""
    rows = []
    records, truth = write_households(folder / f"households-{size}", size)
    for system, rules_only in (("ours, rules alone", True), ("ours", False)):
        said = ours(records, truth, rules_only=rules_only)
        steps = ", ".join(f"{name} {value:.1f}" for name, value in said["seconds_by_step"].items())
        rows.append({"system": system, **accuracy.figures(said), "remark": f"without labels; {steps}"})
    out = records.parent / "splink.parquet"
    figures = module("splink_alone", records, out)
    other = {**score(out, truth).as_json(), "seconds": figures["seconds"]}
    other["peak_memory_bytes"] = figures["peak_bytes"]
    rows.append({"system": "Splink", **accuracy.figures(other), "remark": "documented settings"})
    return rows


def increment(folder: Path, size: int) -> Rows:
    """One hundredth of the records into the others."""
    names = {
        "first_build": "first build of 99 in 100 records",
        "batch": "the hundredth record comes later",
        "nothing_new": "a build with nothing new",
        "full_build": "all records in one full build",
    }
    said = _steps("batch", folder, size)
    remark = (
        f"{said['reconciled_pairs']:,} pairs move when everybody is worked out anew with the same model, "
        f"{said['differing_pairs']:,} differ from a full build that trains its own; "
        f"{said['changed_ids']:,} people changed id without merging or splitting"
    )
    return _timed_rows(said, names, {"batch": remark})


def unmerge(folder: Path, size: int) -> Rows:
    """One person parted by a steward."""
    names = {"unmerge": "a steward parts two records of one person (identity apply)"}
    return _timed_rows(_steps("unmerge", folder, size), names, {})


def deterministic(folder: Path, size: int) -> Rows:
    """Rules alone, from nothing."""
    names = {"deterministic": "the deterministic tier alone, from nothing"}
    return _timed_rows(_steps("deterministic", folder, size), names, {})


def _steps(what: str, folder: Path, size: int) -> dict[str, Any]:
    records, _ = write_households(folder / f"households-{size}", size)
    return module("increment", what, records, folder / what)


def _timed_rows(said: dict[str, Any], names: dict[str, str], remarks: dict[str, str]) -> Rows:
    return [
        {
            "what": what,
            "records": said["records"],
            "computing (s)": said[name]["computing"],
            "through dbt (s)": said[name]["seconds"],
            "peak memory (GiB)": round(said["peak_bytes"] / GIB, 2),
            "remark": remarks.get(name, ""),
        }
        for name, what in names.items()
    ]


def planted_values(folder: Path, size: int) -> Rows:
    """A dealer's phone on 20,000 records, a placeholder e-mail on 1 %."""
    records, truth = write_households(folder / "planted", size // 3)
    return planted.measure(records, truth, folder / "planted", size // 50)


def labelled(folder: Path, size: int, labels: tuple[int, ...], only: tuple[str, ...]) -> Rows:
    """Every labelled set at hand, or those that are named."""
    return list(accuracy.rows(folder / "sets", DATA, labels, only))


def labels(folder: Path, _size: int) -> Rows:
    """The town with 300 and with 1,000 judged pairs, the worst of five draws each."""
    return list(accuracy.rows(folder / "sets", DATA, (300, 1_000), ("town",)))


def judged(folder: Path, _size: int) -> Rows:
    """The town, with more and more pairs that a steward has judged."""
    return list(review_curve.rows(folder / "town", DATA))


PARTS: dict[str, tuple[str, Callable[[Path, int], Rows]]] = {
    "review": ("F1 with judged pairs: asked by the review queue, drawn evenly", judged),
    "labels": ("The town with judged pairs, the worst of five draws", labels),
    "households": ("Synthetic households, beside Splink on the same records", households),
    "million": ("A million synthetic records, beside Splink on the same records", million),
    "increment": ("Increments", increment),
    "unmerge": ("A merge undone", unmerge),
    "deterministic": ("Rules alone", deterministic),
    "planted": ("Values that strangers share", planted_values),
    "graphs": ("Connected components", graphs),
    "components": ("Connected components of ten million edges", components),
}


ACCURACY = "accuracy"


def main() -> None:
    """Measure the parts that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.identity", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", help=f"of {', '.join([ACCURACY, *PARTS])}; all when none is named"
    )
    parser.add_argument("--records", type=int, default=1_000_000, help="size of the large runs")
    parser.add_argument("--folder", type=Path, default=None, help="scratch folder (default: the system's)")
    parser.add_argument(
        "--sets", nargs="*", default=[], help="accuracy: only these sets, the others' rows stay"
    )
    parser.add_argument("--labels", nargs="*", type=int, default=[300, 1_000], help="accuracy: judged pairs")
    options = parser.parse_args()
    judge = partial(labelled, labels=tuple(options.labels), only=tuple(options.sets))
    parts = {ACCURACY: ("Accuracy on labelled sets, thresholds chosen without their truth", judge), **PARTS}
    for name in options.parts or parts:
        title, measure = parts[name]
        computer = machine()
        with tempfile.TemporaryDirectory(dir=options.folder, prefix="forecourt-bench-") as scratch:
            rows = measure(Path(scratch), options.records)
        for row in rows:
            print(row, flush=True)
        keep(name, {"title": title, "machine": computer, "rows": rows})


def keep(part: str, table: dict[str, Any]) -> None:
    """Replace one table in the figures and write the page."""
    file = FIGURES / "identity.json"
    kept = json.loads(file.read_text()) if file.is_file() else {"tables": {}}
    measured = {row.get("set") for row in table["rows"]}
    others = kept["tables"].get(part, {"rows": []})["rows"] if part == ACCURACY else []
    table["rows"] = [row for row in others if row["set"] not in measured] + table["rows"]
    kept["tables"][part] = {"measured_at": datetime.now(UTC).isoformat(timespec="seconds"), **table}
    FIGURES.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(kept, indent=2) + "\n")
    write_page()


if __name__ == "__main__":
    main()
