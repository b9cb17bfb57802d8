"""The verb that takes events over HTTP."""

from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli.console import say
from orchestration.cli.options import DataDir
from orchestration.settings import load_settings

app = typer.Typer()


@app.command()
def collect(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; one for each core.")] = None,
    folder: Annotated[Path | None, typer.Option(help="Where the events land.")] = None,
    is_open: Annotated[
        bool, typer.Option("--open", help="Let anybody on this machine send: to try it.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Start the event collector: Segment's and Snowplow's libraries and webhooks send, files land.

    Who may send stands under [collector] in forecourt.toml.
    """
    from ingestion.collector.serve import serve

    settings = load_settings(data_dir=data_dir)
    collector = settings.collector_settings(
        host=host, port=port, workers=workers, folder=folder, is_open=is_open or None
    )
    scheme = "https" if collector.tls_certificate else "http"
    say(
        f"Collecting on {scheme}://{collector.host}:{collector.port} into {collector.folder}. "
        "Ctrl-C stops it."
    )
    if (
        settings.sources.app_files is None
        or settings.sources.app_files.absolute() != collector.folder.absolute()
    ):
        say(
            f'To load what it takes, set app_files = "{collector.folder}" under [sources]; '
            "then `forecourt load app`."
        )
    serve(collector)
