"""OneID on records that a test makes up: dbt in this process, on a small warehouse in file mode."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb
import pyarrow as pa
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

PROJECT = Path(__file__).parents[3] / "dbt_project"
COLUMNS = (
    "record_id", "source", "full_name", "given_name", "family_name", "birth_date", "gender", "email", "phone",
    "street", "city", "region", "postal_code", "national_id", "device_id", "vin", "crm_id", "app_user_id",
    "organisation",
)  # fmt: skip
MODELS = ("+id_batch", "+id_history", "+id_edge")
Record = Mapping[str, str | None]


class OneId:
    """A warehouse of nothing but records: `build(records)` says what the sources hold now."""

    def __init__(self, folder: Path, manifest: object | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.warehouse, self._folder, self.manifest = folder / "warehouse.duckdb", folder, manifest

    def build(self, records: Iterable[Record], **variables: object) -> dict[str, str]:
        """Make `records` all that the sources hold, build, and return {record_id: one_id}."""
        self.hold(records)
        return self.rebuild(**variables)

    def hold(self, records: Iterable[Record]) -> None:
        """Make `records` all that the sources hold."""
        rows = [{name: record.get(name) for name in COLUMNS} for record in records]
        table = pa.Table.from_pylist(rows, pa.schema([(name, pa.string()) for name in COLUMNS]))
        with duckdb.connect(self.warehouse) as connection:
            connection.execute("create schema if not exists raw_identity")
            connection.register("given", table)
            connection.execute("create or replace table raw_identity.record as from given")

    def rebuild(self, *more: str, select: Iterable[str] = MODELS, **variables: object) -> dict[str, str]:
        """Build the models of `select` on what is there; `more` are options of dbt."""
        wanted = {"id_records": "file", "id_scored_pairs": False, **variables}
        arguments = [
            *("build", "--select", *select, "--exclude-resource-type", "test", "unit_test"),
            *("--vars", json.dumps(wanted), "--log-level", "none", *more),
            *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
            *("--target-path", str(self._folder / "target"), "--log-path", str(self._folder)),
        ]
        os.environ["FORECOURT_WAREHOUSE"] = str(self.warehouse)
        try:
            outcome = dbtRunner(manifest=self.manifest).invoke(arguments)
        finally:
            del os.environ["FORECOURT_WAREHOUSE"]
            DuckDBConnectionManager.close_all_connections()
        failures = [node.message for node in getattr(outcome.result, "results", []) if node.status == "error"]
        assert outcome.success, outcome.exception or failures
        return dict(self.rows("select source_key, one_id from identity.id_map"))

    def rows(self, sql: str) -> list[tuple]:
        """The rows of a query of the warehouse."""
        with duckdb.connect(self.warehouse, read_only=True) as connection:
            return connection.execute(sql).fetchall()


def parsed(**variables: object) -> object:
    """dbt's manifest in file mode, to be kept over many builds: parsing takes longer than building.

    What a model's YAML takes from a variable (`id_scored_pairs`) is settled here, not by `build`.
    """
    wanted = {"id_records": "file", "id_scored_pairs": False, **variables}
    arguments = ["parse", "--no-partial-parse", "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    arguments += ["--vars", json.dumps(wanted), "--log-level", "none", "--no-write-json"]
    outcome = dbtRunner().invoke(arguments)
    assert outcome.success, outcome.exception
    return outcome.result


def people(ids: Mapping[str, str]) -> set[frozenset[str]]:
    """The partition of the records, whatever people's ids are called."""
    members: dict[str, set[str]] = {}
    for record, one_id in ids.items():
        members.setdefault(one_id, set()).add(record)
    return {frozenset(records) for records in members.values()}
