"""Options that several verbs share, described once."""

from pathlib import Path
from typing import Annotated

import typer

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
