"""The verbs that work people out apart from a refresh: ``identity train``, ``reconcile`` and ``apply``."""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.console import count, seconds, show, show_json
from orchestration.cli.options import AsJson, DataDir, Wait
from orchestration.lock import writer_lock
from orchestration.progress import progress
from orchestration.settings import load_settings

if TYPE_CHECKING:
    from orchestration.stewardship.people import Outcome

app = typer.Typer()
Downstream = Annotated[bool, typer.Option("--downstream", help="Build all that reads people, too.")]


@app.command()
def train(
    *, downstream: Downstream = False, data_dir: DataDir = None, wait: Wait = 0.0, as_json: AsJson = False
) -> None:
    """Train the match model anew on the records and labels of today, and work out everybody with it.

    Builds do this by themselves only for new labels, or when the records have outgrown the model.
    """
    from orchestration.stewardship.people import rebuild_everybody

    work = partial(rebuild_everybody, is_trained=True, facts=downstream)
    _work("train", work, downstream, data_dir, wait, as_json)


@app.command()
def reconcile(
    *, downstream: Downstream = False, data_dir: DataDir = None, wait: Wait = 0.0, as_json: AsJson = False
) -> None:
    """Work out everybody anew with the model that stands; id_reconciliation keeps what the batches missed."""
    from orchestration.stewardship.people import rebuild_everybody

    work = partial(rebuild_everybody, facts=downstream)
    _work("reconcile", work, downstream, data_dir, wait, as_json)


@app.command()
def apply(
    *, downstream: Downstream = False, data_dir: DataDir = None, wait: Wait = 0.0, as_json: AsJson = False
) -> None:
    """Let decisions and answers take effect now, without a refresh: only whom they reach is worked out."""
    from orchestration.stewardship.people import apply_decisions

    work = partial(apply_decisions, facts=downstream)
    _work("apply", work, downstream, data_dir, wait, as_json)


def _work(
    verb: str,
    work: Callable[..., "Outcome"],
    downstream: bool,
    data_dir: DataDir,
    wait: float,
    as_json: bool,
) -> None:
    settings = load_settings(data_dir=data_dir)
    with writer_lock(settings.data_dir, f"forecourt identity {verb}", wait), progress():
        found = work(settings)
    if as_json:
        show_json(asdict(found))
        return
    show(
        f"{count(found.people)} people; {count(found.moved_records)} records moved to another, "
        f"in {seconds(found.seconds)}."
    )
    if not downstream:
        show("Facts follow at the next `forecourt build`.")
