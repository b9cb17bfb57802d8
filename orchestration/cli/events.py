"""The verbs over the event taxonomy: list, check, new, release."""

from typing import Annotated

import typer

from orchestration.cli.console import count, say, show, show_json, show_table
from orchestration.cli.options import AsJson

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_(
    domain: Annotated[
        str | None, typer.Option(help="Only app, showroom, service, marketing or tracking.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the events that can be sent, with their versions and required properties."""
    from ingestion.events import DOMAINS, EventError, list_events

    if domain not in (None, *DOMAINS):
        raise EventError(f"there is no domain {domain}: say {', '.join(DOMAINS)}")
    events = [event for event in list_events() if domain in (None, event.domain)]
    if as_json:
        show_json(events)
        return
    rows = [
        [
            event.domain,
            event.name + (" (critical)" if event.critical else ""),
            event.versions[-1] if event.versions else "no contract",
            ", ".join(event.required),
            event.summary,
        ]
        for event in events
    ]
    show_table(["Domain", "Event", "Version", "Required", "What happened"], rows)
    show(f"{count(len(events))} events.")


@app.command()
def check() -> None:
    """Is every event listed, compatible with its version number, and released?"""
    from ingestion.events import list_events, problems

    found = problems()
    for problem in found:
        say(problem)
    if found:
        raise typer.Exit(1)
    show(f"{count(len(list_events()))} events: all is well.")


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Snake case, noun and verb in the past: order_signed.")],
    domain: Annotated[str, typer.Option(help="app, showroom, service, marketing or tracking.")] = "app",
    summary: Annotated[str, typer.Option(help="One sentence: what happened.")] = "",
    version: Annotated[
        str | None, typer.Option(help="Of an event that exists: addition, revision or model.")
    ] = None,
) -> None:
    """Draft a new event, or the next version of one."""
    from ingestion.events import EventError, new_event, new_version

    if version is None and not summary:
        raise EventError("say in --summary, in one sentence, what happened when this event is sent")
    file = new_version(name, version) if version else new_event(name, domain, summary)
    show(
        f"Drafted {file}: edit its properties, then `forecourt events check` and `forecourt events release`."
    )


@app.command()
def release() -> None:
    """Freeze new contracts: from then on they are never edited."""
    from ingestion.versions import release as release_contracts

    files = release_contracts()
    for file in files:
        show(f"Released {file.parent.name} {file.stem}.")
    show("Nothing new to release." if not files else f"{count(len(files))} contracts released.")
