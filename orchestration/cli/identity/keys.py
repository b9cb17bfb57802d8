"""The verbs over the sealed file of identifying values: reveals (the audit) and rekey."""

from typing import Annotated

import typer

from orchestration import pipeline
from orchestration.cli.console import show, show_json, show_table
from orchestration.cli.options import AsJson, DataDir, Wait
from orchestration.errors import ForecourtError
from orchestration.lock import writer_lock
from orchestration.progress import progress
from orchestration.settings import load_settings

app = typer.Typer()


@app.command()
def reveals(
    limit: Annotated[int, typer.Option(min=1, help="Rows shown, the newest first.")] = 50,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """List who looked at identifying values: whom, what, when and why."""
    from serving.identity_vault import reveals as audit

    rows = audit(load_settings(data_dir=data_dir).state_file, limit)
    if as_json:
        show_json(rows)
    elif not rows:
        show("Nobody has looked at identifying values.")
    else:
        table = [
            [
                row.revealed_at[:19].replace("T", " "),
                row.revealed_by,
                row.one_id,
                row.fields,
                row.reason,
                row.revealed_in,
            ]
            for row in rows
        ]
        show_table(["when (UTC)", "who", "whom", "what", "why", "where"], table)


@app.command()
def rekey(data_dir: DataDir = None, wait: Wait = 0.0, as_json: AsJson = False) -> None:
    """Make a new key, seal the identifying values with it and forget what the old one opens."""
    from serving.identity_key import write_key

    settings = load_settings(data_dir=data_dir)
    if settings.identity_key is not None:
        raise ForecourtError(
            "The key comes from the variable FORECOURT_IDENTITY_KEY: put a new one there (32 random bytes in "
            "base64), then run `forecourt publish`."
        )
    with writer_lock(settings.data_dir, "forecourt identity rekey", wait), progress() as shown:
        old_files = list(settings.snapshots_dir.glob("identity-*.duckdb"))
        write_key(settings.identity_key_path)
        report = pipeline.publish(settings, shown)
        for file in old_files:
            file.unlink(missing_ok=True)
    if as_json:
        show_json({"key_file": settings.identity_key_path, "snapshot": report})
        return
    show(
        f"A new key is in {settings.identity_key_path}; snapshot {report.version} seals "
        f"{report.identities or 0:,} people with it, and {len(old_files)} older files are gone."
    )
