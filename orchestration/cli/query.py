"""The verb ``query``: an indicator's values from the published snapshot."""

import typer

app = typer.Typer()
