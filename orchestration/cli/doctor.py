"""The verb ``doctor``: is this installation healthy."""

import typer

app = typer.Typer()
