"""A batch of changes in the CRM's database: seconds from its commit to the published snapshot that shows
it.
"""

import argparse
import os
import sqlite3
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.live.running import LivePath, live_path, world
from tests.bench.live.tables import keep


def main(arguments: list[str]) -> None:
    """Measure and keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.live crm", description=__doc__)
    parser.add_argument("--scale", choices=["tiny", "demo", "bench"], default="demo")
    parser.add_argument("--world", type=Path, default=None, help="a data folder that was built")
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=None, help="scratch folder (default: the system's)")
    options = parser.parse_args(arguments)
    os.environ["FORECOURT_REFRESH__SOURCE_SECONDS"] = "1"
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="forecourt-bench-") as scratch:
        data_dir = world(Path(scratch), options.scale, options.world)
        database = data_dir / "demo" / options.scale / "crm.sqlite"
        with live_path(data_dir) as path:
            rows = [_measure(path, database, options.rows, run, options.scale) for run in range(options.runs)]
    note = (
        "No events meanwhile; the CRM is asked every second. Every model that follows from what changed is "
        "built and its tests are run; models of which no parent changed are not."
    )
    keep(f"crm-{options.scale}", f"Changes in the CRM to the snapshot, {options.scale} world", rows, note)


def _measure(path: LivePath, database: Path, rows: int, run: int, scale: str) -> dict[str, Any]:
    before = path.last_pass()
    committed = time.time()
    changed = change_leads(database, rows, run)
    while not (done := [one for one in path.passes(before) if one["lane"] == "full" and one["version"]]):
        time.sleep(0.05)
    [full] = done[:1]
    ended = datetime.fromisoformat(full["started_at"]).timestamp() + full["seconds"]
    stages: dict[str, float] = {}
    for stage in full["stages"]:
        kind = "load" if stage["name"].startswith("load.") else stage["name"]
        stages[kind] = round(stages.get(kind, 0.0) + stage["seconds"], 2)
    path.wait_idle(600)
    return {
        "rows changed": changed,
        "seconds": round(ended - committed, 2),
        "target": {"demo": 20, "bench": 40}.get(scale, ""),
        "CPU s": full["cpu_seconds"],
        "models built": len(full["models"]),
        **stages,
    }


def change_leads(database: Path, rows: int, run: int) -> int:
    """Leads that are lost for another reason, and a fiftieth with another telephone: most are nothing new to
    OneID, some are. Returns how many rows changed.
    """
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with sqlite3.connect(database, timeout=60) as crm:
        done = crm.execute(
            """update lead set lost_reason = case lost_reason when 'price' then 'competitor' else 'price' end,
                phone = case when (rowid / 7) % 50 = :run then '+49 911 ' || (7000000 + rowid) else phone end,
                updated_at = :now
            where lead_id in (select lead_id from lead where lost_at is not null
                              order by (rowid * 7919 + :run * 104729) % 1000003 limit :rows)""",
            {"now": now, "run": run, "rows": rows},
        )
    crm.close()
    return done.rowcount
