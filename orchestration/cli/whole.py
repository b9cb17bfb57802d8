"""The verbs that do the whole flow: run and real."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration import pipeline
from orchestration.cli.console import interrupt_check, say, seconds, show, show_json
from orchestration.cli.flow import build_sentence, check_scale, publish_sentence, show_load, world_sentence
from orchestration.cli.funnel import show_funnel
from orchestration.cli.options import AsJson, DataDir, Scale, Wait
from orchestration.lock import writer_lock
from orchestration.progress import progress
from orchestration.settings import Settings, load_settings
from orchestration.targets import public_target

if TYPE_CHECKING:
    from orchestration.pipeline import RunReport

app = typer.Typer()


@app.command()
def run(
    ctx: typer.Context,
    scale: Scale = None,
    data_dir: DataDir = None,
    wait: Wait = 0.0,
    as_json: AsJson = False,
) -> None:
    """Load, build, publish and show the dealer funnel.

    Where no source is configured, the demo world is written first.
    """
    settings = load_settings(data_dir=data_dir)
    check_scale(scale)
    with writer_lock(settings.data_dir, "forecourt run", wait), progress() as shown:
        report = pipeline.run(settings, shown, scale=scale, check=interrupt_check(ctx))
    _tell(settings, report, as_json, "make dashboards")


@app.command()
def real(
    ctx: typer.Context,
    data: Annotated[Path, typer.Argument(metavar="DATA", help="Folder of the public data sets.")],
    data_dir: DataDir = None,
    wait: Wait = 0.0,
    as_json: AsJson = False,
) -> None:
    """Run the same pipeline on the public data sets, in a data folder of its own (<data>/real)."""
    settings = load_settings(data_dir=load_settings(data_dir=data_dir).data_dir / "real")
    with writer_lock(settings.data_dir, "forecourt real", wait), progress() as shown:
        target = public_target(settings, data, shown.step)
        report = pipeline.run(settings, shown, target=target, check=interrupt_check(ctx))
    _tell(settings, report, as_json, f"FORECOURT_DATA_DIR={settings.data_dir} make dashboards")


def _tell(settings: Settings, report: "RunReport", as_json: bool, next_step: str) -> None:
    """The result for people or for programs; exit code 1 where a source failed."""
    if as_json:
        show_json(report)
    else:
        _show_run(settings, report, next_step)
    failed = ", ".join(source.source for source in report.failed_sources)
    if failed:
        say(f"Finished, but not everything could be loaded: {failed}. What they held before is still there.")
        raise typer.Exit(1)


def _show_run(settings: Settings, report: "RunReport", next_step: str) -> None:
    if report.world:
        show(world_sentence(report.world))
    show_load(report.sources)
    show(build_sentence(report.build))
    show(publish_sentence(report.snapshot))
    show_funnel(settings.snapshots_dir)
    show(f"Done in {seconds(report.seconds)}. Next: `{next_step}` opens the dashboards.")
