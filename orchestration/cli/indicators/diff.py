"""The verb ``diff``: which definitions changed since a git reference, and what that does to the numbers."""

from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.console import count, show, show_json
from orchestration.cli.options import AsJson, DataDir, Wait
from orchestration.settings import Settings, load_settings

if TYPE_CHECKING:
    from indicators.registry import Registry
    from orchestration.governance.comparing import Compared, Values
    from orchestration.governance.details import UsedBy

app = typer.Typer()


@app.command()
def diff(
    reference: Annotated[
        str, typer.Argument(metavar="GIT_REF", help="Compare with this, e.g. main or HEAD~3.")
    ],
    *,
    markdown: Annotated[bool, typer.Option("--markdown", help="Markdown, for a pull request.")] = False,
    values: Annotated[bool, typer.Option("--values/--no-values", help="Compute both definitions.")] = True,
    data_dir: DataDir = None,
    wait: Wait = 0.0,
    as_json: AsJson = False,
) -> None:
    """Show definitions that changed, their values before and after for 90 days, and who uses them."""
    import tempfile
    from pathlib import Path

    from indicators.registry import load_registry
    from orchestration.governance.comparing import compare, registry_at
    from orchestration.lock import writer_lock

    settings, new = load_settings(data_dir=data_dir), load_registry()
    with tempfile.TemporaryDirectory() as folder:
        old = registry_at(reference, Path(folder))
    if values:
        with writer_lock(settings.data_dir, "forecourt indicators diff", wait):
            found = compare(settings, old, new)
    else:
        found = compare(settings, old, new, with_values=False)
    users = _users(settings, old, new, [one.difference.code for one in found])
    if as_json:
        show_json([{"compared": one, "used_by": users.get(one.difference.code)} for one in found])
    elif markdown:
        _show_markdown(reference, found, users)
    else:
        _show_text(reference, found, users)


def _users(settings: Settings, old: "Registry", new: "Registry", codes: list[str]) -> "dict[str, UsedBy]":
    """Who uses each code; a removed one's users are those of the registry that still had it."""
    from orchestration.governance.gather import load_details

    if not codes:
        return {}
    sides = {False: load_details(settings, old), True: load_details(settings, new)}
    return {code: sides[new.indicator(code) is not None].of(code).used_by for code in codes}


def _show_text(reference: str, found: "list[Compared]", users: "dict[str, UsedBy]") -> None:
    for one in found:
        change = one.difference
        because = f" by {', '.join(change.because)}" if change.because else ""
        show(f"{change.code}: {change.kind}{because}")
        for field in change.fields:
            show(f"  {field.name}: {field.before or 'nothing'}  ->  {field.after or 'nothing'}")
        if one.values:
            show(f"  {_values_text(one.values)}")
        used = _used_text(users.get(change.code))
        if used:
            show(f"  used by: {used}")
    show(_summary(reference, found))


def _show_markdown(reference: str, found: "list[Compared]", users: "dict[str, UsedBy]") -> None:
    show(f"### {_summary(reference, found)}\n")
    if not found:
        return
    show("| indicator | what changed | values | used by |")
    show("|---|---|---|---|")
    for one in found:
        change = one.difference
        because = f" by {', '.join(f'`{code}`' for code in change.because)}" if change.because else ""
        fields = [
            f"{field.name}: `{field.before or 'nothing'}` → `{field.after or 'nothing'}`"
            for field in change.fields
        ]
        cells = [
            f"`{change.code}`",
            "<br>".join([f"**{change.kind}**{because}", *fields]),
            _values_text(one.values) if one.values else "the same",
            _used_text(users.get(change.code)) or "nobody yet",
        ]
        show("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")


def _summary(reference: str, found: "list[Compared]") -> str:
    kinds = [one.difference.kind for one in found]
    counted = ", ".join(f"{count(kinds.count(kind))} {kind}" for kind in dict.fromkeys(kinds))
    return f"Indicators against {reference}: {counted or 'no difference'}"


def _values_text(values: "Values") -> str:
    if values.problem:
        return values.problem
    change = ""
    if values.before and values.after is not None:
        change = f" ({values.after / values.before - 1:+.1%})"
    text = f"{values.first} to {values.last}: {_number(values.before)} -> {_number(values.after)}{change}"
    if values.days is None:
        return text
    return f"{text}; {count(values.days_differing or 0)} of {count(values.days)} days differ"


def _number(value: float | None) -> str:
    return "no value" if value is None else f"{value:,.6g}"


def _used_text(used: "UsedBy | None") -> str:
    if used is None:
        return ""
    generated = [f"{count(used.derived_cnt)} generated"] if used.derived_cnt else []
    parts = [*used.composites, *used.named, *generated, *used.driver_trees, *used.models, *used.pages]
    return ", ".join(parts)
