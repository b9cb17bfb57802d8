"""The verb ``query``: an indicator's values from the published snapshot."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestration.cli.console import count, show, show_json, show_table
from orchestration.cli.options import AsJson, DataDir
from orchestration.errors import ForecourtError
from orchestration.settings import load_settings

if TYPE_CHECKING:
    import pyarrow as pa

app = typer.Typer()


@app.command()
def query(
    code: Annotated[str, typer.Argument(help="Any indicator's code, e.g. lead_cnt or td_uv_30d_yoy.")],
    *,
    by: Annotated[str, typer.Option(help="Dimensions, separated by commas.", metavar="dim,dim")] = "",
    date_from: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day, included.")
    ] = None,
    date_to: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day, included.")
    ] = None,
    where: Annotated[
        list[str] | None, typer.Option(help="Only this value; may be repeated.", metavar="dim=value")
    ] = None,
    grain: Annotated[
        str | None, typer.Option(help="One row for each day, week, month, quarter or year.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Rows shown as a table.")] = 100,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Show an indicator's values, cut by dimensions, from the published snapshot."""
    from indicators.planner import Request
    from indicators.registry import load_registry
    from serving.freshness import freshness
    from serving.query import query_indicator
    from serving.store import Store

    store = Store(load_settings(data_dir=data_dir).snapshots_dir)
    request = Request(
        code=code,
        by=[name.strip() for name in by.split(",") if name.strip()],
        date_from=date_from.date() if date_from else None,
        date_to=date_to.date() if date_to else None,
        where=_conditions(where or []),
        grain=grain,
        as_of=freshness(store.snapshot()).as_of,
    )
    result = query_indicator(store, load_registry(), request)
    if as_json:
        show_json({"code": code, "unit": result.unit, "note": result.note, "rows": result.rows()})
        return
    _show(result.table, limit)
    rows = count(result.table.num_rows)
    show(f"{rows} rows, unit {result.unit}, snapshot {result.version}. {result.note}".rstrip())


def _conditions(pairs: list[str]) -> dict[str, Any]:
    """``dim=value`` pairs as conditions; a dimension that stands twice allows both values."""
    allowed: dict[str, list[str]] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise ForecourtError(
                f"--where {pair} is not a condition: write dim=value, e.g. --where region=DE-BY."
            )
        allowed.setdefault(name.strip(), []).append(value.strip())
    return {name: values[0] if len(values) == 1 else values for name, values in allowed.items()}


def _show(table: "pa.Table", limit: int) -> None:
    import pyarrow as pa

    numbers = [
        position
        for position, field in enumerate(table.schema)
        if pa.types.is_integer(field.type)
        or pa.types.is_floating(field.type)
        or pa.types.is_decimal(field.type)
    ]
    rows = [[_text(value) for value in row.values()] for row in table.slice(0, limit).to_pylist()]
    show_table(table.column_names, rows, numbers=numbers)
    if table.num_rows > limit:
        show(f"The first {limit} are shown: --limit shows more, --json shows all.")


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
