"""The verbs over rejected rows: list, show, replay."""

from collections import Counter
from datetime import datetime
from typing import Annotated

import typer

from orchestration.cli.console import count, say, show, show_json, show_table
from orchestration.cli.options import AsJson, DataDir, Wait, check_sources
from orchestration.errors import ForecourtError
from orchestration.lock import writer_lock
from orchestration.settings import Settings, load_settings
from orchestration.targets import known_target

app = typer.Typer(no_args_is_help=True)
Source = Annotated[str | None, typer.Option("--source", help="Only this source, e.g. crm.")]
Reason = Annotated[
    str | None, typer.Option("--reason", help="Only this reason, e.g. pattern or unknown_event.")
]
Since = Annotated[
    datetime | None,
    typer.Option(
        "--since", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="Only rows rejected since (UTC)."
    ),
]


@app.command("list")
def list_(
    source: Source = None,
    reason: Reason = None,
    since: Since = None,
    every: Annotated[bool, typer.Option("--all", help="Replayed rows too.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="Rows shown.")] = 20,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """List rejected rows, newest first, with the reason of each."""
    from ingestion.rejected import list_rejected

    check_sources([source] if source else [])
    settings = _with_warehouse(load_settings(data_dir=data_dir))
    rows = list_rejected(settings.warehouse, source, reason, since, None if every else "open")
    if as_json:
        show_json(rows[:limit])
        return
    if not rows:
        show("No row is rejected.")
        return
    shown = [
        [row.rejected_id[:12], f"{row.source}.{row.entity}", row.position, row.reason] for row in rows[:limit]
    ]
    show_table(["id", "entity", "position", "reason"], shown)
    for (name, code), number in Counter(
        (f"{row.source}.{row.entity}", row.reason_code) for row in rows
    ).most_common(10):
        show(f"  {count(number)} x {name}: {code}")
    show(f"{count(len(rows))} rows. `forecourt rejected show ID` shows one as it arrived.")


@app.command("show")
def show_row(
    rejected_id: Annotated[str, typer.Argument(metavar="ID", help="The id, or its beginning.")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Show one rejected row with its reason and its original bytes."""
    from ingestion.rejected import show_rejected

    settings = _with_warehouse(load_settings(data_dir=data_dir))
    try:
        row = show_rejected(settings.warehouse, rejected_id)
    except ValueError as error:
        raise ForecourtError(str(error)) from error
    if row is None:
        raise ForecourtError(
            f"There is no rejected row {rejected_id}: `forecourt rejected list` shows the ids."
        )
    fields = {name: value for name, value in vars(row).items() if name != "original"}
    original = (row.original or b"").decode("utf-8", errors="backslashreplace")
    if as_json:
        show_json({**fields, "original": original})
        return
    width = max(map(len, fields))
    for name, value in fields.items():
        show(f"{name.ljust(width)}  {'' if value is None else value}")
    show(f"{'original'.ljust(width)}  {original}")


@app.command()
def replay(
    source: Source = None,
    reason: Reason = None,
    since: Since = None,
    data_dir: DataDir = None,
    wait: Wait = 0.0,
    as_json: AsJson = False,
) -> None:
    """Check rejected rows against today's contracts and load those that pass."""
    from ingestion.rejected import replay_rejected

    check_sources([source] if source else [])
    settings = _with_warehouse(load_settings(data_dir=data_dir))
    with writer_lock(settings.data_dir, "forecourt rejected replay", wait):
        configs = known_target(settings).configs
        reports = replay_rejected(settings.warehouse, settings.pipelines_dir, source, reason, since, configs)
    if as_json:
        show_json(reports)
        return
    for one in reports:
        if one.tried:
            show(
                f"{one.source}: {count(one.tried)} tried, {count(one.loaded)} loaded, "
                f"{count(one.repeated)} were there already, {count(one.refused)} still break their contract."
            )
    if not any(one.tried for one in reports):
        show("No rejected row waits for a replay.")
    elif any(one.loaded for one in reports):
        say("Next: `forecourt build` and `forecourt publish` bring them to the readers.")


def _with_warehouse(settings: Settings) -> Settings:
    if not settings.warehouse.exists():
        raise ForecourtError(f"There is no warehouse at {settings.warehouse} yet: run `make run`.")
    return settings
