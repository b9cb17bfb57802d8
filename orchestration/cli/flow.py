"""The verbs for one step of the flow: demo, load, build, publish, refresh."""

import time
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration import pipeline
from orchestration.cli.console import count, interrupt_check, say, seconds, show, show_json, show_table
from orchestration.cli.options import AsJson, DataDir, Scale, Wait, check_sources
from orchestration.errors import ForecourtError
from orchestration.lock import writer_lock
from orchestration.progress import Progress, progress
from orchestration.settings import Settings, load_settings
from orchestration.targets import known_target

if TYPE_CHECKING:
    from ingestion.demo.world import WorldReport
    from ingestion.load import SourceReport
    from orchestration.dbt_build import BuildReport
    from serving.snapshot import PublishReport

app = typer.Typer()


@app.command()
def demo(
    scale: Scale = None,
    seed: Annotated[int | None, typer.Option(help="The same seed and day give the same world.")] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The world's last day.")
    ] = None,
    data_dir: DataDir = None,
    wait: Wait = 0.0,
    as_json: AsJson = False,
) -> None:
    """Write the demo world's source systems."""
    settings = load_settings(data_dir=data_dir)
    day = as_of.date() if as_of else None
    with writer_lock(settings.data_dir, "forecourt demo", wait), progress() as shown:
        world = pipeline.demo(settings, shown, scale=check_scale(scale), seed=seed, as_of=day)
    if as_json:
        show_json(world)
    else:
        show(world_sentence(world))
        show("Next: `forecourt run` loads it, or point forecourt.toml at its files.")


@app.command()
def load(
    ctx: typer.Context,
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]...", help="crm service app marketing market")
    ] = None,
    accept_deletions: Annotated[
        bool,
        typer.Option(
            "--accept-deletions",
            help="Compare keys now, and believe that as many rows were deleted as are gone.",
        ),
    ] = False,
    data_dir: DataDir = None,
    wait: Wait = 0.0,
    as_json: AsJson = False,
) -> None:
    """Bring sources into raw_ (all of them, or those named)."""
    settings = load_settings(data_dir=data_dir)
    check_sources(sources or [])
    with writer_lock(settings.data_dir, "forecourt load", wait), progress() as shown:
        reports = _load(ctx, settings, shown, sources or [], accept_deletions=accept_deletions)
    if as_json:
        show_json(reports)
    else:
        show_load(reports)
    if any(report.status == "failed" for report in reports):
        raise typer.Exit(1)


@app.command()
def build(
    select: Annotated[
        list[str] | None, typer.Option("--select", "-s", help="dbt selection; may be repeated.")
    ] = None,
    exclude: Annotated[list[str] | None, typer.Option(help="dbt selection to leave out.")] = None,
    full_refresh: Annotated[bool, typer.Option("--full-refresh", help="Rebuild incremental models.")] = False,
    data_dir: DataDir = None,
    wait: Wait = 0.0,
    as_json: AsJson = False,
) -> None:
    """Run dbt over the warehouse (in this process)."""
    settings = load_settings(data_dir=data_dir)
    with writer_lock(settings.data_dir, "forecourt build", wait), progress() as shown:
        report = pipeline.build(
            settings, shown, select=select or [], exclude=exclude or [], full_refresh=full_refresh
        )
    if as_json:
        show_json(report)
    else:
        show(build_sentence(report))


@app.command()
def publish(data_dir: DataDir = None, wait: Wait = 0.0, as_json: AsJson = False) -> None:
    """Make the snapshot of the warehouse current for readers."""
    settings = load_settings(data_dir=data_dir)
    with writer_lock(settings.data_dir, "forecourt publish", wait), progress() as shown:
        report = pipeline.publish(settings, shown)
    if as_json:
        show_json(report)
    else:
        show(publish_sentence(report))


@app.command()
def refresh(
    ctx: typer.Context,
    watch: Annotated[
        bool,
        typer.Option(
            "--watch", help="Stay: events are published in about a second, batch sources when they change."
        ),
    ] = False,
    data_dir: DataDir = None,
    wait: Wait = 0.0,
    as_json: AsJson = False,
) -> None:
    """Bring in what is new, build and publish: one pass, or (--watch) pass after pass."""
    settings = load_settings(data_dir=data_dir)
    if watch:
        from orchestration.cli.watch import watch as stay

        stay(settings, as_json=as_json)
        return
    started = time.perf_counter()
    with writer_lock(settings.data_dir, "forecourt refresh", wait), progress() as shown:
        reports = _load(ctx, settings, shown, [])
        built = pipeline.build(settings, shown)
        published = pipeline.publish(settings, shown)
    if as_json:
        show_json({"sources": reports, "build": built, "snapshot": published})
    else:
        show_load(reports)
        show(f"{build_sentence(built)}\n{publish_sentence(published)}")
        show(f"One pass took {seconds(time.perf_counter() - started)}.")
    if any(report.status == "failed" for report in reports):
        raise typer.Exit(1)


def _load(
    ctx: typer.Context,
    settings: Settings,
    shown: Progress,
    names: list[str],
    *,
    accept_deletions: bool = False,
) -> "list[SourceReport]":
    """Load what is configured, or the demo world that the warehouse was made from."""
    target = known_target(settings)
    if accept_deletions:
        configs = target.configs.model_copy(update={"accept_deletions": True})
        target = replace(target, configs=configs)
    return pipeline.load(settings, target, shown, names=names, check=interrupt_check(ctx))


def check_scale(scale: str | None) -> str | None:
    """``scale`` where it is one. Raises ``ForecourtError`` otherwise."""
    if scale not in (None, "tiny", "demo", "bench"):
        raise ForecourtError(f"There is no scale {scale}: say tiny, demo or bench.")
    return scale


def show_load(reports: "list[SourceReport]") -> None:
    """One line for each source, and the reason of each that failed."""
    rows = []
    for report in reports:
        sums = [
            sum(getattr(one, name) for one in report.entities)
            for name in ("read", "loaded", "rejected", "repeated")
        ]
        state = {"ok": "ok", "failed": "FAILED", "not_configured": "not configured"}[report.status]
        rows.append([report.source, state, *(count(number) for number in sums), seconds(report.seconds)])
    show_table(
        ["source", "state", "read", "loaded", "rejected", "repeated", "time"], rows, numbers=(2, 3, 4, 5, 6)
    )
    for report in reports:
        if report.status == "failed":
            say(f"{report.source}: {report.message}")
    if any(one.rejected for report in reports for one in report.entities):
        show("Rejected rows are kept with their reasons: `forecourt rejected list`.")


def world_sentence(world: "WorldReport") -> str:
    """What became of the demo world, in one sentence."""
    if world.reused:
        return f"Used the demo world of scale {world.scale} that is in {world.folder}."
    rows = sum(number for name, number in world.counts.items() if not name.startswith("truth."))
    took = seconds(world.seconds)
    return f"Wrote the demo world of scale {world.scale}, {count(rows)} rows, to {world.folder} in {took}."


def build_sentence(report: "BuildReport") -> str:
    """What was built, in one sentence."""
    parts = ", ".join(f"{count(number)} {kind}" for kind, number in sorted(report.counts.items()))
    warned = f"; {report.warnings} tests warned (dbt's log says which)" if report.warnings else ""
    return f"Built {parts or 'nothing'} in {seconds(report.seconds)}{warned}."


def publish_sentence(report: "PublishReport") -> str:
    """What was published, in one sentence."""
    rows = sum(report.tables.values())
    return (
        f"Published snapshot {report.version}: {len(report.tables)} tables, {count(rows)} rows, "
        f"{report.bytes / 1e6:.1f} MB, in {seconds(report.seconds)}."
    )
