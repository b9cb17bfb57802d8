"""What the loader asks the warehouse file: which rows are there already, and how many a package brought.

Belongs here: the loader's own SQL on the raw schemas. Everything that writes entities goes through dlt.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from ingestion.batch import Entity, column_name


class WarehouseError(Exception):
    """The warehouse file cannot be opened; the message says why and what to do."""


def open_warehouse(file: Path, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open the warehouse; for writing, folder and file are made where they are missing.

    Raises :class:`WarehouseError` where another process writes it, or it is no DuckDB file.
    """
    if not read_only:
        file.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = duckdb.connect(str(file), read_only=read_only)
    except duckdb.Error as problem:
        raise WarehouseError(
            f"the warehouse {file} cannot be opened: {str(problem).splitlines()[0]}; "
            "wait until the process that writes it has finished, or build it with a load"
        ) from problem
    connection.execute("set timezone = 'UTC'")
    return connection


class RawSchema:
    """The schema ``raw_<source>`` of an open warehouse."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, source: str) -> None:
        self.connection, self.source, self.name = connection, source, f"raw_{source}"

    def tables(self) -> set[str]:
        """Names of the tables that exist."""
        query = "select table_name from information_schema.tables where table_schema = ?"
        return {row[0] for row in self.connection.execute(query, [self.name]).fetchall()}

    def columns(self, table: str) -> set[str]:
        """Names of the columns of one table."""
        query = "select column_name from information_schema.columns where table_schema = ? and table_name = ?"
        return {row[0] for row in self.connection.execute(query, [self.name, table]).fetchall()}

    def state_version(self) -> int | None:
        """Version of dlt's pipeline state that the last complete package brought, or ``None``."""
        if "_dlt_pipeline_state" not in self.tables():
            return None
        query = f"""
            select max(version) from {self.name}._dlt_pipeline_state
            where _dlt_load_id in (select load_id from {self.name}._dlt_loads where status = 0)
        """
        row = self.connection.execute(query).fetchone()
        return row[0] if row else None

    def superseded(self, entity: Entity, ties: bool = False) -> Callable[[pa.Table], np.ndarray] | None:
        """A function that finds the rows of which the table has the same (events) or a newer version.

        With ``ties`` an equally new version counts too, and any version where there is no cursor. ``None``
        where there is nothing to compare: no table yet, or neither cursor nor ties.
        """
        if not (entity.keeps_first or entity.cursor or ties) or entity.name not in self.tables():
            return None
        return partial(self._superseded, entity, ">=" if ties else ">")

    def _superseded(self, entity: Entity, newer: str, keys: pa.Table) -> np.ndarray:
        conditions = [f'there."{column_name(name)}" = here."{name}"' for name in entity.primary_key]
        if entity.cursor and not entity.keeps_first:
            # as the batch decides: a leap second is a time, and what is none is the oldest
            order = "coalesce({0}, -1)"
            if entity.columns[entity.cursor] != "integer":
                order = (
                    "coalesce(try_cast(replace(upper({0}), ':60', ':59') as timestamptz), "
                    "'-infinity'::timestamptz)"
                )
            there, here = f'there."{column_name(entity.cursor)}"', f'here."{entity.cursor}"'
            conditions.append(f"{order.format(there)} {newer} {order.format(here)}")
        self.connection.register("here", keys)
        try:
            found = self.connection.execute(
                f"""select distinct row_no from here join {self.name}.{entity.name} as there
                on {" and ".join(conditions)}"""
            ).fetchnumpy()
        finally:
            self.connection.unregister("here")
        return np.asarray(found["row_no"], dtype=np.int64)

    def unknown_rejects(self, rejected: pa.Table) -> pa.Table:
        """Those that are not in ``rejected_row`` yet: rejecting again must not reopen or repeat one."""
        if "rejected_row" not in self.tables():
            return rejected
        self.connection.register("here", rejected)
        try:
            return self.connection.sql(
                f"select * from here anti join {self.name}.rejected_row as there using (rejected_id)"
            ).to_arrow_table()
        finally:
            self.connection.unregister("here")

    def unsettled(self) -> list[tuple[str, str, str]]:
        """Run, entity and load id of the audit rows whose package is complete, but not counted."""
        if "load_audit" not in self.tables():
            return []
        return self.connection.execute(
            f"""select run_id, entity, _dlt_load_id from {self.name}.load_audit
            where finished_at is null
              and _dlt_load_id in (select load_id from {self.name}._dlt_loads where status = 0)"""
        ).fetchall()

    def settle_audits(self) -> None:
        """Count in the tables what each complete package brought, for the audit rows that wait for it."""
        for run_id, entity, load_id in self.unsettled():
            self.connection.execute(
                f"""update {self.name}.load_audit
                set loaded_cnt = loaded.cnt,
                    is_balanced = read_cnt = loaded.cnt + rejected_cnt + repeated_cnt,
                    finished_at = now()
                from (select count(*) as cnt from {self.name}.{entity} where _dlt_load_id = $load) as loaded
                where run_id = $run and entity = $entity""",
                {"load": load_id, "run": run_id, "entity": entity},
            )

    def audits(self, run_id: str, settled: bool = False) -> list[tuple[str, int, int, int, int, bool]]:
        """Entity, read, loaded, rejected, repeated and whether they balance, over all packages of one run.

        With ``settled`` only packages that were counted: of a load that failed the others are not there yet.
        """
        if "load_audit" not in self.tables():
            return []
        return self.connection.execute(
            f"""select entity, sum(read_cnt)::bigint, sum(loaded_cnt)::bigint, sum(rejected_cnt)::bigint,
                sum(repeated_cnt)::bigint, bool_and(is_balanced)
            from {self.name}.load_audit
            where (run_id = ? or starts_with(run_id, ? || '.')) {"and finished_at is not null" * settled}
            group by entity order by entity""",
            [run_id, run_id],
        ).fetchall()
