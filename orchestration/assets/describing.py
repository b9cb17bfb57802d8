"""What Dagster shows of a built model beside that it was built: its rows and its columns.

dagster-dbt asks for both with a connection and some statements for each of 240 models, when dbt has ended;
two queries know everything.
"""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliInvocation


def described(context: dg.AssetExecutionContext, build: DbtCliInvocation, warehouse: Path) -> Iterator[Any]:
    """The events of a dbt run with row counts and columns; held back until dbt has left the warehouse.

    What the run raises at its end is raised after them.
    """
    kept: list[Any] = []
    problem: Exception | None = None
    try:
        for event in build.stream():
            kept.append(event)
    except Exception as error:
        problem = error
        if build.process.poll() is None:  # not dbt has failed but its reader: nobody listens any more
            build.process.send_signal(signal.SIGINT)
            build.process.wait()
    tables = _tables(warehouse) if kept else {}
    for event in kept:
        if isinstance(event, dg.Output):
            key = context.asset_key_for_output(event.output_name)
            found = tables.get(tuple(key.path), {})
            yield event.with_metadata({**event.metadata, **found})
        else:
            yield event
    if problem is not None:
        raise problem


def _tables(warehouse: Path) -> dict[tuple[str, ...], dict[str, Any]]:
    """Metadata of every table and view by schema and name; rows are counted in tables only."""
    import duckdb

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        columns = connection.execute(
            """select schema_name, table_name, list({'name': column_name, 'type': lower(data_type),
                'description': comment} order by column_index)
            from duckdb_columns() where not internal group by all"""
        ).fetchall()
        names = connection.execute(
            "select schema_name, table_name from duckdb_tables() where not internal"
        ).fetchall()
        counts = " union all by name ".join(
            f"select '{schema}' as s, '{table}' as t, count(*) as n from {schema}.{table}"
            for schema, table in names
            if not table.startswith("_")
        )
        rows = connection.execute(counts).fetchall() if names else []
    found: dict[tuple[str, ...], dict[str, Any]] = {
        (schema, table): {"dagster/column_schema": _schema(described)} for schema, table, described in columns
    }
    for schema, table, count in rows:
        found[schema, table]["dagster/row_count"] = count
    return found


def _schema(columns: list[dict[str, str]]) -> dg.TableSchema:
    return dg.TableSchema([dg.TableColumn(one["name"], one["type"], one["description"]) for one in columns])
