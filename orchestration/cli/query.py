"""The verb ``query``: an indicator's values from the published snapshot."""

import csv
import re
import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestration.cli.console import count, say, show, show_json, show_table
from orchestration.cli.options import NOT_KNOWN, AsJson, DataDir, conditions, day, said_in_options
from orchestration.errors import ForecourtError
from orchestration.settings import load_settings

if TYPE_CHECKING:
    import pyarrow as pa

    from indicators.planner import Plan
    from serving.query import QueryResult

app = typer.Typer()


@app.command()
def query(
    code: Annotated[str, typer.Argument(help="Any indicator's code, e.g. lead_cnt or td_uv_30d_yoy.")],
    *,
    by: Annotated[
        str, typer.Option(help="Up to three dimensions, separated by commas.", metavar="dim,dim")
    ] = "",
    date_from: Annotated[
        date | None, typer.Option("--from", parser=day, metavar="YYYY-MM-DD", help="First day, included.")
    ] = None,
    date_to: Annotated[
        date | None, typer.Option("--to", parser=day, metavar="YYYY-MM-DD", help="Last day, included.")
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(help="Only this value (or `not known`); may be repeated.", metavar="dim=value"),
    ] = None,
    grain: Annotated[
        str | None, typer.Option(help="One row for each day, week, month, quarter or year.")
    ] = None,
    compare: Annotated[
        str | None,
        typer.Option(help="Against another period: dod, wow, mom, qoq, yoy or previous; with _pp in points."),
    ] = None,
    total: Annotated[
        bool, typer.Option("--total", help="Also the value of the whole, computed anew.")
    ] = False,
    people: Annotated[
        bool, typer.Option("--people", help="The people behind the number, by their person numbers.")
    ] = False,
    of: Annotated[
        str | None, typer.Option(help="With --people or --rows-sql: behind which part of a formula.")
    ] = None,
    rows_sql: Annotated[
        bool, typer.Option("--rows-sql", help="Print the SQL that names its facts in the warehouse.")
    ] = False,
    sql: Annotated[
        bool, typer.Option("--sql", help="Print the SQL that answers, and its parameters.")
    ] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print comma-separated values.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="Rows shown as a table.")] = 100,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Show an indicator's values, cut by dimensions, from the published snapshot."""
    from indicators import planner
    from indicators.registry import load_registry
    from serving.freshness import freshness
    from serving.query import ask, people_behind, rows_behind
    from serving.store import Store

    if of is not None and not (people or rows_sql):
        raise ForecourtError("--of says behind which part of a formula: use it with --people or --rows-sql.")
    snapshot = Store(load_settings(data_dir=data_dir).snapshots_dir).snapshot()
    registry = load_registry()
    request = planner.Request(
        code=code,
        by=[name.strip() for name in by.split(",") if name.strip()],
        date_from=date_from,
        date_to=date_to,
        where=conditions(where or []),
        grain=grain,
        as_of=freshness(snapshot).as_of,
        compare=compare,
        with_total=total,
    )
    with said_in_options():
        if rows_sql:
            _show_sql(rows_behind(snapshot, registry, request, of))
            return
        result = (
            people_behind(snapshot, registry, request, of) if people else ask(snapshot, registry, request)
        )
    if sql:
        _show_sql(result.plan)
        return
    for warning in result.warnings:
        say(warning)
    words = f"{result.reason or ''} {result.note}".strip()
    if as_json:
        _show_json(code, result)
    elif as_csv:
        _show_csv(result.table)
        if words:
            say(words)
    else:
        _show(result.table, limit)
        rows = "1 row" if result.table.num_rows == 1 else f"{count(result.table.num_rows)} rows"
        show(f"{rows}, unit {result.unit}, snapshot {result.version}. {words}".rstrip())
    if result.reason and result.unknown:  # a misspelt filter; that nothing happened is an answer
        raise typer.Exit(1)


def _show_sql(plan: "Plan") -> None:
    """The plan's SQL with its parameters written in: it runs where it is pasted."""
    names = "|".join(sorted(map(re.escape, plan.params), key=len, reverse=True))
    filled = re.sub(rf"\$({names})\b", lambda found: _literal(plan.params[found[1]]), plan.sql)
    show(f"{filled if names else plan.sql};")
    if plan.note:
        show(f"-- {plan.note}")


def _literal(value: Any) -> str:
    """A parameter as SQL."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, date):
        return f"date '{value}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return "null" if value is None else str(value).lower()


def _show_json(code: str, result: "QueryResult") -> None:
    show_json(
        {
            "code": code,
            "unit": result.unit,
            "note": result.note,
            "reason": result.reason,
            "warnings": result.warnings,
            "snapshot": result.version,
            "rows": result.rows(),
        }
    )


def _show_csv(table: "pa.Table") -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(table.column_names)
    writer.writerows(row.values() for row in table.to_pylist())


def _show(table: "pa.Table", limit: int) -> None:
    import pyarrow as pa

    numbers = [
        position
        for position, field in enumerate(table.schema)
        if pa.types.is_integer(field.type)
        or pa.types.is_floating(field.type)
        or pa.types.is_decimal(field.type)
    ]
    # The people behind a number have no value: each column is a key, and a person's number counts nothing.
    width = table.column_names.index("value") if "value" in table.column_names else table.num_columns
    keys = table.column_names[:width]
    rows = [
        [_key(row, name) if name in keys else _text(value) for name, value in row.items()]
        for row in table.slice(0, limit).to_pylist()
    ]
    show_table(table.column_names, rows, numbers=numbers)
    if table.num_rows > limit:
        show(f"The first {limit} are shown: --limit shows more, --json shows all.")


def _key(row: dict[str, Any], name: str) -> str:
    """A dimension's value; where there is none, the row is the total or the dimension is not known."""
    if row[name] is None:
        return "total" if row.get("is_total") else NOT_KNOWN
    return str(row[name])


def _text(value: Any) -> str:
    if value is None:
        return "no data"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return count(value)
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1 else f"{value:,.2f}"
    return str(value)
