"""A scratch warehouse of small facts; dbt builds the compiled cubes on it with the project's own macros."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

from indicators import compile as compiler
from indicators.registry import Registry

PROJECT = Path(__file__).parents[4] / "dbt_project"
FIRST_DAY = date(2026, 1, 1)
FACTS = {
    "dim_customer": "one_id varchar, person_no bigint",
    "fct_lead": "lead_id varchar, one_id varchar, dealer_id varchar, region_code varchar, channel varchar, "
    "created_on date, created_at timestamp, is_counted boolean, visited_at timestamp, "
    "spend_amt decimal(18, 2)",
    "fct_visit": "visit_id varchar",
    "fct_stock_day": "stat_on date, vin varchar, dealer_id varchar, list_amt decimal(18, 2)",
}
_DBT_PROJECT = """
name: forecourt
version: "1.0"
config-version: 2
profile: forecourt
macro-paths: [macros, {macros}/indicators, {macros}/live]
vars: {{lane: full}}
on-run-start: ["{{{{ create_indicator_state() }}}}"]
models:
  forecourt:
    core: {{+schema: core}}
    indicators: {{+schema: indicators, +materialized: incremental_by_day}}
"""
_PROFILE = (
    "forecourt: {{target: t, outputs: {{t: {{type: duckdb, path: '{path}', schema: main, threads: 1}}}}}}"
)


class Project:
    """A dbt project with the cubes of a registry; the facts are models that are never run."""

    def __init__(self, folder: Path, registry: Registry, warehouse: Path):
        self.folder = folder
        compiler.write(registry, folder)
        shutil.rmtree(folder / "seeds")
        shutil.rmtree(folder / "models/indicators/semantic")
        for file in (folder / "models/indicators").glob("ind_restatement.*"):
            file.unlink()  # the log is read where it is written
        (folder / "models/core").mkdir()
        for name in FACTS:
            (folder / f"models/core/{name}.sql").write_text("select 1 as row_no")
        (folder / "macros").mkdir()
        for macro in ("generate_schema_name.sql",):
            shutil.copy(PROJECT / "macros" / macro, folder / "macros")
        shutil.copy(PROJECT / "tests/generic/unique_grain.sql", folder / "macros")
        macros = PROJECT / "macros"
        (folder / "dbt_project.yml").write_text(_DBT_PROJECT.format(macros=macros))
        (folder / "profiles.yml").write_text(_PROFILE.format(path=warehouse))
        self._arguments = [
            *("--project-dir", str(folder), "--profiles-dir", str(folder)),
            *("--target-path", str(folder / "target"), "--log-path", str(folder / "logs")),
            *("--log-level", "none", "--log-level-file", "none", "--no-write-json", "--threads", "1"),
        ]
        parsed = dbtRunner().invoke(["parse", *self._arguments])
        assert parsed.success, parsed.exception
        self._dbt = dbtRunner(manifest=parsed.result)

    def arguments(self, command: str, folder: str = "indicators") -> list[str]:
        """dbt's command line for the models of a folder."""
        return [command, *self._arguments, "--select", f"path:models/{folder}"]

    def build(self, *more: str, folder: str = "indicators") -> dict[str, str]:
        """Run a folder; returns the SQL of each model as dbt compiled it: what a rebuild would hold."""
        done = self._dbt.invoke([*self.arguments("run", folder), *more])
        failed = (
            [] if done.result is None else [r.message for r in done.result.results if r.status == "error"]
        )
        assert done.success, (done.exception, failed)
        return {
            r.node.name: r.node.compiled_code for r in done.result.results if r.node.resource_type == "model"
        }


class Restatement(NamedTuple):
    """A line of the log."""

    code: str
    day: date
    before: float | None
    after: float | None
    cause: str


_PEOPLE = "count(distinct person_no) filter (where {})"
_TOTALS = {
    "lead_cnt": ("ind_lead_1d", "sum(lead_cnt)"),
    "lead_visit_cnt": ("ind_lead_1d", "sum(lead_visit_cnt)"),
    "spend_amt": ("ind_lead_1d", "sum(spend_amt)"),
    "stock_cnt": ("ind_stock_1d", "sum(stock_cnt)"),
    "stock_amt": ("ind_stock_1d", "sum(stock_amt)"),
    "lead_uv": ("ind_lead_person_1d", _PEOPLE.format("lead_uv")),
    "lead_days": ("ind_lead_person_1d", _PEOPLE.format("lead_days")),
}


class World:
    """Facts in DuckDB that batches change, and the cubes that dbt keeps up with them."""

    def __init__(self, project: Project):
        self.project = project
        self.today = FIRST_DAY + timedelta(days=9)
        self.built: dict[str, str] = {}
        project.build(folder="core")  # opens the warehouse
        self.run("drop schema if exists indicators cascade")
        self.run("drop schema core cascade")
        self.run("create schema core")
        self.run("delete from indicator_state.day_fingerprint")
        self.run("delete from indicator_state.restatement")
        for name, columns in FACTS.items():
            self.run(f"create table core.{name} ({columns})")

    def run(self, sql: str, params: Any = None) -> duckdb.DuckDBPyConnection:
        """Execute on the connection pool that dbt holds: the file is open for one process only."""
        return DuckDBConnectionManager._ENV.conn.cursor().execute(sql, params)

    def rows(self, sql: str) -> list[tuple]:
        return self.run(sql).fetchall()

    def build(self, *more: str) -> None:
        """One incremental pass of dbt."""
        self.built = self.project.build(*more)

    def close(self) -> None:
        """Let go of the file, for another process."""
        DuckDBConnectionManager.close_all_connections()

    def differing(self) -> list[str]:
        """The tables that are not what a rebuild from the facts would hold."""
        both = "(from {0} except all from ({1})) union all (from ({1}) except all from {0})"
        return [
            name
            for name, sql in self.built.items()
            if self.rows(f"select 1 from ({both.format(f'indicators.{name}', sql)}) limit 1")
        ]

    def totals(self) -> dict[tuple[str, date], float]:
        """The network's total of each indicator and day, as readers see it."""
        return {
            (code, day): float(total or 0)
            for code, (table, value) in _TOTALS.items()
            for day, total in self.rows(
                f"select stat_date, {value} from indicators.{table} group by stat_date"
            )
        }

    def published(self) -> dict[str, set[date]]:
        """The days of each indicator that were over, and inside the data, when its table was last written."""
        spans = {
            name: (first, last)
            for name, first, last in self.rows(
                "select table_name, min(stat_date), max(stat_date) from indicator_state.day_fingerprint "
                "group by table_name"
            )
        }
        found = {}
        for code, (table, _) in _TOTALS.items():
            first, last = spans.get(table, (FIRST_DAY, FIRST_DAY))
            found[code] = {first + timedelta(days=number) for number in range((last - first).days)}
        return found

    def restatements(self) -> list[Restatement]:
        """The log, oldest first."""
        rows = self.rows(
            "select indicator_code, stat_date, value_before, value_after, cause "
            "from indicator_state.restatement order by rowid"
        )
        return [Restatement(*row) for row in rows]
