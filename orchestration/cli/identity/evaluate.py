"""The verb ``identity evaluate``: OneID on anyone's records, held against a truth."""

import typer

app = typer.Typer()
