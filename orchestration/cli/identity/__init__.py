"""The verbs over OneID: how well records are put together, and what a steward decides about them.

One module for each verb (or family of verbs); this file only hangs them up.
"""

import typer

from orchestration.cli.identity import decide, evaluate, explain, keys, review, train

app = typer.Typer(no_args_is_help=True)
app.add_typer(evaluate.app)
app.add_typer(decide.app)
app.add_typer(review.app)
app.add_typer(explain.app)
app.add_typer(keys.app)
app.add_typer(train.app)
