"""The shipped registry's own tables, on the tiny world: after late, corrected, moved and deleted rows and
merged people in every fact, one incremental pass leaves each of them as a rebuild would.
"""

import os
import subprocess
import sys
from pathlib import Path

import duckdb

from indicators.registry import load_registry
from indicators.tables import PERSON_KEY, tables

PROJECT = Path(__file__).parents[2] / "dbt_project"


def disturb(con: duckdb.DuckDBPyConnection) -> None:
    """Change some rows of every fact that the registry counts, as sources and OneID would."""
    registry = load_registry()
    people = con.execute("select one_id from core.dim_customer order by one_id limit 40").fetchall()
    merged = {goes: stays for (goes,), (stays,) in zip(people[::2], people[1::2], strict=True)}
    for process in {process.model: process for process in registry.all_processes}.values():
        fact = f"core.{process.model}"
        of_key = f"hash({', '.join(process.grain)}) % 40"
        con.execute(f"delete from {fact} where {of_key} = 1")
        con.execute(f"update {fact} set {process.time} = {process.time} - 3 where {of_key} = 2")
        for name, own in process.dims.items():
            column = own or registry.standard.dimensions[name].column
            con.execute(f"update {fact} set {column} = null where {of_key} = 3")
        late = f"select * replace ({process.time} - 7 as {process.time}) from {fact} where {of_key} = 4"
        con.execute(f"insert into {fact} {late}")
        if process.entity and process.entity != PERSON_KEY:
            for goes, stays in merged.items():
                con.execute(
                    f"update {fact} set {process.entity} = ? where {process.entity} = ?", [stays, goes]
                )
    con.executemany("delete from core.dim_customer where one_id = ?", [[goes] for goes in merged])


def run_dbt(warehouse: Path, target: Path) -> None:
    """One incremental pass over the indicator models."""
    command = [sys.executable, "-m", "dbt.cli.main", "run", "--select", "path:models/indicators"]
    done = subprocess.run(
        [*command, "--target-path", str(target)],
        cwd=PROJECT,
        env=os.environ | {"FORECOURT_WAREHOUSE": str(warehouse), "DBT_LOG_PATH": str(target)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3_000:]


def test_one_pass_after_changes_in_every_fact_leaves_every_table_as_a_rebuild_would(tiny, tmp_path):
    world = tiny.copy(tmp_path)
    target = world.data_dir / "dbt" / "target"
    with duckdb.connect(world.warehouse) as con:
        written = con.execute("select count(*) from indicator_state.day_fingerprint").fetchone()
        disturb(con)
    run_dbt(world.warehouse, target)

    registry = load_registry()
    names = [table.name for process in registry.all_processes for table in tables(registry, process)]
    assert len(names) > 50
    with duckdb.connect(world.warehouse, read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        differing = []
        for name in names:
            full = (target / f"compiled/forecourt/models/indicators/{name}.sql").read_text()
            both = "(from {0} except all from ({1})) union all (from ({1}) except all from {0})"
            if con.execute(f"select 1 from ({both.format(f'indicators.{name}', full)}) limit 1").fetchone():
                differing.append(name)
        assert differing == []
        causes = {
            row[0] for row in con.execute("select distinct cause from indicator_state.restatement").fetchall()
        }
        assert {"late_rows", "deletion", "people_merged"} <= causes
        kept = con.execute(
            "select count(*) from indicator_state.day_fingerprint "
            "where written_at < (select max(written_at) from indicator_state.day_fingerprint)"
        ).fetchone()
    assert written and kept and kept[0] > 0, "days that nothing touched were not written again"
