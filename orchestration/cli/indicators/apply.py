"""The verb ``apply``: from a line of YAML to the published dictionary, in one command."""

from typing import TYPE_CHECKING, Any

import typer

from orchestration.cli.console import count, say, seconds, show
from orchestration.cli.options import DataDir, Wait
from orchestration.settings import Settings, load_settings

if TYPE_CHECKING:
    from indicators.registry import Registry
    from serving.reading import Reading

app = typer.Typer()


@app.command()
def apply(data_dir: DataDir = None, wait: Wait = 0.0) -> None:
    """Check the registry, compile it, build what follows from it, publish, and show what is new."""
    from indicators.check import check_folder
    from indicators.registry import load_registry
    from orchestration.errors import ForecourtError
    from orchestration.governance.applying import apply_registry, known_codes
    from orchestration.lock import writer_lock
    from orchestration.progress import progress

    findings = check_folder()
    for finding in findings:
        say(str(finding))
    if findings:
        say(f"{count(len(findings))} finding(s): nothing was compiled or built.")
        raise typer.Exit(1)
    settings, registry = load_settings(data_dir=data_dir), load_registry()
    if not settings.warehouse.exists():
        raise ForecourtError(f"There is no warehouse at {settings.warehouse} yet: run `make run` first.")
    before = known_codes(settings)
    with writer_lock(settings.data_dir, "forecourt indicators apply", wait), progress() as shown:
        applied = apply_registry(settings, registry, shown)
    show(f"{count(len(applied.written))} compiled files written; built in {seconds(applied.build.seconds)}.")
    show(f"Published snapshot {applied.snapshot.version}.")
    _show_new(settings, registry, before)


def _show_new(settings: Settings, registry: "Registry", before: dict[str, str]) -> None:
    """The indicators that the snapshot before did not know, each with its value and its page."""
    from serving.reading import reading
    from serving.store import Store

    snapshot = Store(settings.snapshots_dir).snapshot()
    new = [code for code in (*registry.bases, *registry.named) if code not in before]
    for code in new:
        item: Any = registry.indicator(code)
        show(f"New: {code}, {item.name.en} ({item.name.zh}): {_value(reading(snapshot, registry, code))}")
        show(f"  `make dashboards`, then /indicator-dictionary?code={code}")
    if not new:
        show("No indicator is new; `forecourt indicators diff HEAD` shows what changed.")


def _value(found: "Reading") -> str:
    if found.value is None:
        return found.problem or "no data"
    return f"{found.value:,.4g} {found.unit} ({found.words}: {found.first} to {found.last})"
