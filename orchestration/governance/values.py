"""The last good value of every indicator, computed by the planner on the warehouse just before a publish.

An indicator that is withheld keeps the value that it had: that is the last good one. Written to
`raw_governance.indicator_value`, which `srv_indicator_status` and the dictionary read.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from indicators.headline import headline, last_day_sql
from indicators.planner import PlanError, Request, plan
from indicators.registry import Registry

if TYPE_CHECKING:
    import duckdb

_INSERT = "insert or replace into raw_governance.indicator_value values (?, ?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True)
class Measured:
    """How many values were computed, how many are withheld and keep their last good one, and what could not
    be computed because the tables do not fit the registry (`code: why`).
    """

    measured: int
    withheld: int
    problems: tuple[str, ...] = ()


def record_values(connection: "duckdb.DuckDBPyConnection", registry: Registry) -> Measured:
    """Compute and keep the value of every written indicator that is not withheld."""
    import duckdb

    held = {
        row[0]
        for row in connection.execute(
            "select code from serving.srv_indicator_status where state = 'withheld'"
        ).fetchall()
    }
    rows, problems = [], []
    for code in (*registry.bases, *registry.named):
        if code in held:
            continue
        try:
            row = _measure(connection, registry, code)
        except duckdb.Error as error:  # the registry is newer than the tables: build, then publish
            problems.append(f"{code}: {str(error).strip().splitlines()[0]}")
            continue
        if row:
            rows.append(row)
    if rows:
        connection.executemany(_INSERT, rows)
    return Measured(len(rows), len(held), tuple(problems))


def _measure(connection: "duckdb.DuckDBPyConnection", registry: Registry, code: str) -> list[Any] | None:
    """The row of one indicator; None where one of its sources has no data at all."""
    [[last]] = connection.execute(last_day_sql(registry, code)).fetchall()
    if last is None:
        return None
    asked = headline(registry, code, last)
    now = _rows(connection, registry, asked.now)
    course = _rows(connection, registry, asked.course)
    return [
        code,
        _number(now[0]["value"]) if now else None,
        asked.words,
        asked.first,
        asked.last,
        [row["period"] for row in course],
        [_number(row["value"]) for row in course],
        datetime.now(UTC),
    ]


def _rows(
    connection: "duckdb.DuckDBPyConnection", registry: Registry, request: Request
) -> list[dict[str, Any]]:
    try:
        planned = plan(registry, request)
    except PlanError:
        return []  # nothing recorded in that period: no value is not zero
    answer = connection.execute(planned.sql, planned.params)
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
