"""The identity models of the warehouse, opened for reading while nobody writes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb

from orchestration.errors import ForecourtError
from orchestration.lock import current_writer
from orchestration.settings import Settings


class Identity:
    """A read-only connection with the questions' common form: rows as dictionaries."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """The rows of a SELECT; instants are UTC."""
        cursor = self._connection.execute(sql, list(params))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def has(self, name: str) -> bool:
        """Whether the warehouse was built with the model `identity.<name>`."""
        return bool(
            self.rows(
                "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'identity' AND table_name = ? UNION ALL "
                "SELECT 1 FROM duckdb_views() WHERE schema_name = 'identity' AND view_name = ?",
                [name, name],
            )
        )

    def columns(self, name: str) -> list[str]:
        """Column names of `identity.<name>`, in order."""
        found = self.rows(
            "SELECT column_name FROM duckdb_columns() WHERE schema_name = 'identity' AND table_name = ? "
            "ORDER BY column_index",
            [name],
        )
        return [row["column_name"] for row in found]


@contextmanager
def identity(settings: Settings) -> Iterator[Identity]:
    """The warehouse's identity models. Raises ForecourtError where there are none or somebody writes them."""
    if not settings.warehouse.exists():
        raise ForecourtError(f"There is no warehouse at {settings.warehouse} yet: run `forecourt run`.")
    try:
        connection = duckdb.connect(str(settings.warehouse), read_only=True)
    except duckdb.IOException as error:
        writer = current_writer(settings.data_dir)
        raise ForecourtError(
            f"The warehouse is being written{f' by {writer}' if writer else ''}: try again when it is done."
        ) from error
    try:
        connection.execute("SET TimeZone = 'UTC'")
        opened = Identity(connection)
        if not opened.has("id_map"):
            raise ForecourtError("The warehouse knows no people yet: run `forecourt build`.")
        yield opened
    finally:
        connection.close()
