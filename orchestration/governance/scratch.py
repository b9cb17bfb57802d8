"""Cubes of another registry, from the same facts: a scratch database beside the warehouse.

The dbt project is copied with the models that the given registry compiles to; the facts are views on the
warehouse, which is only read. So a definition of last month meets the rows of today.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from indicators import compile as compiler
from indicators.registry import Registry
from indicators.tables import tables
from orchestration.dbt_build import BuildFailedError
from orchestration.settings import Settings

_SCHEMAS = ("core", "identity", "serving", "staging")
_PROFILE = """
forecourt:
  target: scratch
  outputs:
    scratch:
      type: duckdb
      path: "{path}"
      schema: main
      threads: 2
      attach: [{{path: "{warehouse}", alias: warehouse_read, read_only: true}}]
      settings: {{TimeZone: UTC}}
"""


def build_cubes(
    settings: Settings, registry: Registry, processes: Sequence[str], folder: Path
) -> tuple[Path, dict[str, str]]:
    """Build the cubes of `processes` as `registry` defines them.

    Returns the database's file, and for each table that could not be built what dbt said: a fact that is
    gone, a column that it does not have.
    """
    project, database = folder / "dbt_project", folder / "scratch.duckdb"
    ignored = shutil.ignore_patterns("target", "logs", "*.duckdb")
    shutil.copytree(settings.dbt_project_dir, project, ignore=ignored)
    compiler.write(registry, project)
    text = _PROFILE.format(path=database, warehouse=settings.warehouse)
    (project / "profiles.yml").write_text(text, encoding="utf-8")
    _link_facts(settings.warehouse, database)
    names = [
        table.name
        for process in processes
        if process in registry.processes
        for table in tables(registry, registry.processes[process])
    ]
    return database, _run_dbt(project, names) if names else {}


def _link_facts(warehouse: Path, database: Path) -> None:
    """A view for every table of the warehouse that a cube or a query may read."""
    import duckdb

    with duckdb.connect(str(database)) as connection:
        connection.execute(f"attach '{warehouse}' as warehouse_read (read_only)")
        found = connection.execute(
            """
            select schema_name, table_name from duckdb_tables() where database_name = 'warehouse_read'
            union all
            select schema_name, view_name from duckdb_views() where database_name = 'warehouse_read'
            """
        ).fetchall()
        for schema, name in found:
            if schema in _SCHEMAS:
                connection.execute(f'create schema if not exists "{schema}"')
                connection.execute(
                    f'create view "{schema}"."{name}" as from warehouse_read."{schema}"."{name}"'
                )


def _run_dbt(project: Path, names: Sequence[str]) -> dict[str, str]:
    from dbt.cli.main import dbtRunner

    folder = str(project)
    arguments = ["run", "--project-dir", folder, "--profiles-dir", folder, "--log-level", "none"]
    arguments += ["--target-path", f"{folder}/target", "--log-path", f"{folder}/logs", "--select", *names]
    with _own_warehouse():
        outcome = dbtRunner().invoke(arguments)
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()
    if outcome.exception:
        raise BuildFailedError(f"dbt could not read the project with that registry: {outcome.exception}")
    return {
        one.node.name: " ".join(str(one.message).split())
        for one in getattr(outcome.result, "results", None) or []
        if str(one.status) in ("error", "skipped")
    }


@contextmanager
def _own_warehouse() -> Iterator[None]:
    """The scratch profile names its own file: the variable of the installation must not reach dbt."""
    kept = os.environ.pop("FORECOURT_WAREHOUSE", None)
    try:
        yield
    finally:
        if kept is not None:
            os.environ["FORECOURT_WAREHOUSE"] = kept
