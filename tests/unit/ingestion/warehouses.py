"""A warehouse under test: loads into it and reads what came."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ingestion.config import SourceConfigs
from ingestion.load import SourceReport, load_sources


@dataclass
class Warehouse:
    """A warehouse file and the working folder of its pipelines, both in ``folder``."""

    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "warehouse.duckdb"

    @property
    def pipelines(self) -> Path:
        return self.folder / "pipelines"

    def load(self, name: str, **addresses: Any) -> SourceReport:
        """Load one source and give its report back, whatever became of it."""
        [report] = load_sources(self.file, self.pipelines, SourceConfigs(**addresses), [name])
        return report

    def load_ok(self, name: str, **addresses: Any) -> dict[str, tuple[int, int, int, int]]:
        """Load one source, which must not fail: entity -> (read, loaded, rejected, repeated), no zeros."""
        report = self.load(name, **addresses)
        assert report.status == "ok", report.message
        counts = {e.entity: (e.read, e.loaded, e.rejected, e.repeated) for e in report.entities}
        assert all(
            read == loaded + rejected + repeated for read, loaded, rejected, repeated in counts.values()
        )
        return {entity: count for entity, count in counts.items() if any(count)}

    def query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        connection = duckdb.connect(str(self.file), read_only=True)
        try:
            return connection.execute(sql, list(values)).fetchall()
        finally:
            connection.close()

    def rows(self, table: str) -> list[dict[str, Any]]:
        """All rows of a table in a fixed order, without dlt's columns."""
        connection = duckdb.connect(str(self.file), read_only=True)
        try:
            sql = f"select * exclude (_dlt_load_id) from {table} order by all"
            return connection.sql(sql).to_arrow_table().to_pylist()
        finally:
            connection.close()

    def content(self, source: str) -> dict[str, list[dict[str, Any]]]:
        """Every entity of a source with its rows: what has to be equal however it was loaded."""
        sql = """select table_name from information_schema.tables where table_schema = ?
            and not starts_with(table_name, '_dlt')
            and table_name not in ('load_audit', 'rejected_row', 'sweep_audit', 'deleted_row')"""
        content = {table: self.rows(f"raw_{source}.{table}") for [table] in self.query(sql, f"raw_{source}")}
        rejected = f"select rejected_id, reason_code, original from raw_{source}.rejected_row order by 1"
        return content | {"rejected_row": self.query(rejected)}  # type: ignore[dict-item]

    def reasons(self, source: str) -> list[str]:
        """Reason codes of the rejected rows, in order."""
        return [
            code for [code] in self.query(f"select reason_code from raw_{source}.rejected_row order by 1")
        ]
