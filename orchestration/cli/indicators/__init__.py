"""The verbs over indicators, one module for each kind of question; every module's commands join the group."""

import typer

from orchestration.cli.indicators import apply, diff, explain, registry, release

app = typer.Typer(no_args_is_help=True)
for verbs in (registry.app, apply.app, explain.app, diff.app, release.app):
    app.add_typer(verbs)
