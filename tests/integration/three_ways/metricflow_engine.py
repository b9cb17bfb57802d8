"""MetricFlow in this process, on the semantic manifest that dbt writes from the compiled YAML: a third way.

It reads the facts (the funnel's metrics their cube), with SQL of its own making. Tests only.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantic_interfaces.implementations.semantic_manifest import PydanticSemanticManifest
from metricflow_semantics.model.dbt_manifest_parser import transform_dbt_generated_manifest
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup


class _DuckDb:
    """What MetricFlow asks of a client to write SQL; the SQL is run here, not by it."""

    sql_engine_type = SqlEngine.DUCKDB
    sql_plan_renderer = DuckDbSqlPlanRenderer()

    def render_bind_parameter_key(self, bind_parameter_key: str) -> str:
        return f"${bind_parameter_key}"


class MetricFlow:
    """Answers of MetricFlow from `connection`, which has the warehouse attached as `warehouse`."""

    def __init__(self, manifest: dict[str, Any], connection: duckdb.DuckDBPyConnection):
        read = PydanticSemanticManifest.parse_raw(json.dumps(manifest))
        self._engine = MetricFlowEngine(
            SemanticManifestLookup(transform_dbt_generated_manifest(read)), _DuckDb()
        )
        self._connection = connection

    def sql(self, metric: str, by: Sequence[str], first: date, last: date, where: Sequence[str] = ()) -> str:
        """The SQL for a metric by names of MetricFlow (`dealer`, `dealer__tier`, `metric_time__month`)."""
        request = MetricFlowQueryRequest.create(
            metric_names=[metric],
            group_by_names=list(by),
            where_constraints=list(where),
            time_constraint_start=datetime(first.year, first.month, first.day),
            time_constraint_end=datetime(last.year, last.month, last.day),
        )
        return self._engine.explain(request).sql_statement.sql

    def ask(
        self, metric: str, by: Sequence[str], first: date, last: date, where: Sequence[str] = ()
    ) -> dict[tuple, Any]:
        """Values by the cut, in the order of `by`; times as dates."""
        found = self._connection.execute(self.sql(metric, by, first, last, where))
        names = [column[0] for column in found.description]
        places = [names.index(name) for name in by]
        return {
            tuple(_plain(row[place]) for place in places): row[names.index(metric)]
            for row in found.fetchall()
        }


def read_manifest(target: Path) -> dict[str, Any]:
    """The semantic manifest of dbt's target folder."""
    return json.loads((target / "semantic_manifest.json").read_text())


def _plain(value: Any) -> Any:
    return value.date() if isinstance(value, datetime) else value
