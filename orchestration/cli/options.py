"""Options that several verbs share, described once."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from orchestration.errors import ForecourtError

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir", help="Folder of warehouse and snapshots (else FORECOURT_DATA_DIR, else ./data)."
    ),
]
Wait = Annotated[
    float,
    typer.Option(
        "--wait", metavar="SECONDS", help="Wait so long for another writer instead of failing at once."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write the result as JSON on standard output.")]
Scale = Annotated[
    str | None, typer.Option("--scale", metavar="tiny|demo|bench", help="Size of the demo world.")
]


def check_sources(names: Iterable[str]) -> None:
    """Raise ``ForecourtError`` for a name that is no source's."""
    from ingestion.config import SOURCE_NAMES

    for name in names:
        if name not in SOURCE_NAMES:
            raise ForecourtError(f"There is no source {name}: there are {', '.join(SOURCE_NAMES)}.")
