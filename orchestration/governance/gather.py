"""Before a publish: each indicator's last good value and details, written where dbt's views read them."""

import gc
from dataclasses import dataclass

from indicators.registry import Registry, load_registry
from orchestration.dbt_build import BuildFailedError, close_warehouse
from orchestration.governance.details import Details
from orchestration.governance.lineage import compiled_manifest, load_manifest, project_lineage
from orchestration.governance.readers import Readers
from orchestration.governance.values import Measured, record_values
from orchestration.progress import Progress
from orchestration.settings import REPOSITORY, Settings

_INSERT = "insert or replace into raw_governance.indicator_detail values (?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True)
class Gathered:
    """What was written: values by `Measured`, and the details of so many indicators."""

    values: Measured
    described: int


def load_details(settings: Settings, registry: Registry) -> Details:
    """Details of any code, of the project as it stands. dbt compiles it where no build has."""
    lineage = project_lineage(settings)
    manifest = load_manifest(compiled_manifest(settings))
    return Details(registry, lineage, manifest, Readers(registry, REPOSITORY))


def gather(settings: Settings, progress: Progress) -> Gathered | None:
    """Write values and details into the warehouse; None where it was built before there was a dictionary."""
    import duckdb

    registry = load_registry()
    close_warehouse()  # Dagster's dbt integration counts rows on a read-only connection and keeps it open
    gc.collect()
    try:
        opened = duckdb.connect(str(settings.warehouse))
    except duckdb.ConnectionException as error:  # a reader of this process holds it: publish what there is
        progress.say(f"  the dictionary keeps its last state: {error}")
        return None
    with opened as connection:
        connection.execute("set timezone = 'UTC'")
        built = connection.execute(
            "select count(*) from duckdb_views()"
            " where schema_name = 'serving' and view_name = 'srv_indicator_status'"
        ).fetchone()
        if not built or not built[0]:
            return None
        measured = record_values(connection, registry)
        for problem in measured.problems[:5]:
            progress.say(f"  no value for {problem}")
        try:
            known = load_details(settings, registry)
            rows = [known.of(code).row() for code in (*registry.bases, *registry.named)]
        except BuildFailedError as error:
            progress.say(f"  the dictionary keeps its old details: {error}")
            rows = []
        if rows:
            connection.execute("begin")
            connection.execute("delete from raw_governance.indicator_detail")
            connection.executemany(_INSERT, rows)
            connection.execute("commit")
    return Gathered(measured, len(rows))
