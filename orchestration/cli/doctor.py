"""The verb ``doctor``: is this installation healthy."""

import typer

from orchestration.cli.console import show, show_json, show_table
from orchestration.cli.options import AsJson, DataDir
from orchestration.settings import load_settings

app = typer.Typer()


@app.command()
def doctor(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Say whether this installation is healthy: versions, lock, disk, freshness, snapshot."""
    from orchestration.health import examine

    findings = examine(load_settings(data_dir=data_dir))
    broken = [finding for finding in findings if finding.state == "broken"]
    if as_json:
        show_json(findings)
    else:
        show_table(
            ["check", "state", "what was found"], [[one.check, one.state, one.message] for one in findings]
        )
        show("Healthy." if not broken else f"{len(broken)} thing(s) to put right.")
    if broken:
        raise typer.Exit(1)
