"""One indicator by dimensions over a period, from the published snapshot: what `forecourt query` and later
the API ask.

The planner of `indicators` writes the SQL; nothing here knows how an indicator is computed.
"""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from indicators.planner import PlanError, Request, plan
from indicators.registry import Registry
from serving.errors import QueryFailed
from serving.store import Store


@dataclass(frozen=True)
class QueryResult:
    """The answer: `table` has the plan's columns (period, dimensions, `value`, operands), `version` its
    snapshot.
    """

    table: pa.Table
    unit: str
    note: str
    version: int

    def rows(self) -> list[dict[str, Any]]:
        """The table as one dictionary for each row."""
        return self.table.to_pylist()


def query_indicator(store: Store, registry: Registry, request: Request) -> QueryResult:
    """Answer `request` from the current snapshot.

    Raises QueryFailed for a question that has no right answer, with the planner's words; NoSnapshot and
    SnapshotBroken as the store does.
    """
    try:
        planned = plan(registry, request)
    except PlanError as error:
        raise QueryFailed(str(error)) from error
    snapshot = store.snapshot()
    table = snapshot.query(planned.sql, planned.params)
    return QueryResult(table.select(list(planned.columns)), planned.unit, planned.note, snapshot.version)
