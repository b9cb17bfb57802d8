"""The verbs ``identity train`` and ``identity reconcile``: everybody anew, and how many records moved."""

from typing import Annotated

import typer

from orchestration.cli.console import count, seconds, show, show_json
from orchestration.cli.options import AsJson, DataDir, Wait
from orchestration.lock import writer_lock
from orchestration.progress import progress
from orchestration.settings import Settings, load_settings

app = typer.Typer()
MODELS = ("+id_batch", "+id_history")
Downstream = Annotated[bool, typer.Option("--downstream", help="Build all that reads people, too.")]


@app.command()
def train(
    *, downstream: Downstream = False, data_dir: DataDir = None, wait: Wait = 0.0, as_json: AsJson = False
) -> None:
    """Train the match model anew on the records and labels of today, and work out everybody with it.

    Builds do this by themselves only for new labels, or when the records have outgrown the model.
    """
    _everybody(
        load_settings(data_dir=data_dir),
        "train",
        {"id_train": True},
        downstream=downstream,
        wait=wait,
        as_json=as_json,
    )


@app.command()
def reconcile(
    *, downstream: Downstream = False, data_dir: DataDir = None, wait: Wait = 0.0, as_json: AsJson = False
) -> None:
    """Work out everybody anew with the model that stands; id_reconciliation keeps what the batches missed."""
    _everybody(
        load_settings(data_dir=data_dir), "reconcile", {}, downstream=downstream, wait=wait, as_json=as_json
    )


def _everybody(
    settings: Settings,
    verb: str,
    variables: dict[str, object],
    *,
    downstream: bool,
    wait: float,
    as_json: bool,
) -> None:
    import duckdb

    from orchestration.dbt_build import build

    with writer_lock(settings.data_dir, f"forecourt identity {verb}", wait), progress():
        select = [*MODELS, "id_map+"] if downstream else MODELS
        report = build(settings, select=select, variables={"id_rebuild": True, **variables})
        with duckdb.connect(settings.warehouse, read_only=True) as connection:
            people, moved = connection.execute(
                "select person_cnt, moved_record_cnt from identity.id_batch order by closed_at desc limit 1"
            ).fetchall()[0]
    if as_json:
        show_json({"people": people, "moved_records": moved, "seconds": report.seconds})
        return
    show(f"{count(people)} people; {count(moved)} records moved to another, in {seconds(report.seconds)}.")
    if not downstream:
        show("Facts follow at the next `forecourt build`.")
