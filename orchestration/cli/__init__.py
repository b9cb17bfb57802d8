"""The command line ``forecourt``: thin verbs over the packages that own the work.

Every verb says in plain words what it did, with counts and seconds; exits 0 when all is well, 1 on a
failure, 2 on a wrong option and 130 when it was stopped with Ctrl-C. ``--json`` puts a program's form of the
result on standard output, where nothing else is written; progress and messages go to standard error.
"""

import typer

from orchestration.cli import (
    collect,
    doctor,
    drivers,
    events,
    flow,
    identity,
    indicators,
    query,
    rejected,
    whole,
)
from orchestration.cli.console import FriendlyGroup

app = typer.Typer(
    name="forecourt",
    cls=FriendlyGroup,
    help="Customer-360 and indicator warehouse for car makers and their dealers.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for verbs in (whole.app, flow.app, query.app, collect.app, doctor.app):
    app.add_typer(verbs)
indicators.app.add_typer(drivers.app)
app.add_typer(
    indicators.app,
    name="indicators",
    help="Indicators: the registry, its checks, and what is known about each.",
)
app.add_typer(rejected.app, name="rejected", help="Rows that broke their contract: list, show, replay.")
app.add_typer(identity.app, name="identity", help="OneID: evaluate, explain, review, link, unlink, block.")
app.add_typer(events.app, name="events", help="Events that can be sent: list, check, new, release.")
