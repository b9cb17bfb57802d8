"""The verbs over the registry of indicators."""

import typer

app = typer.Typer(no_args_is_help=True)
