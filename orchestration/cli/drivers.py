"""The verb ``indicators drivers``: what moved an indicator between two periods."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestration.cli.console import count, say, show, show_json, show_table
from orchestration.cli.options import AsJson, DataDir, conditions, day, said_in_options
from orchestration.errors import ForecourtError
from orchestration.settings import load_settings

if TYPE_CHECKING:
    from indicators.decomposition import Decomposition
    from indicators.drivers import Tree
    from indicators.registry import Registry
    from serving.drivers import Moved, Part, Span

app = typer.Typer()


@app.command()
def drivers(
    code: Annotated[
        str | None, typer.Argument(help="An indicator with a driver tree, e.g. order_cnt; without it: which.")
    ] = None,
    *,
    date_from: Annotated[
        date | None, typer.Option("--from", parser=day, metavar="YYYY-MM-DD", help="First day, included.")
    ] = None,
    date_to: Annotated[
        date | None, typer.Option("--to", parser=day, metavar="YYYY-MM-DD", help="Last day, included.")
    ] = None,
    against: Annotated[
        str,
        typer.Option(
            help="The period before: previous (as many days right before), mom, qoq, yoy, or FIRST:LAST.",
            metavar="previous|yoy|2026-01-01:2026-01-31",
        ),
    ] = "previous",
    by: Annotated[str | None, typer.Option(help="Whose part it is.", metavar="dim")] = "dealer",
    where: Annotated[
        list[str] | None, typer.Option(help="Only this value; may be repeated.", metavar="dim=value")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Parts shown.")] = 10,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Take the change of an indicator apart by its driver tree, and show whose it is."""
    from indicators.registry import load_registry
    from serving.drivers import Span, what_moved
    from serving.store import Store

    registry = load_registry()
    if code is None:
        _show_trees(registry)
        return
    if date_from is None or date_to is None:
        raise ForecourtError("Say which days: --from and --to, e.g. --from 2026-03-01 --to 2026-03-31.")
    snapshot = Store(load_settings(data_dir=data_dir).snapshots_dir).snapshot()
    with said_in_options():
        moved = what_moved(
            snapshot,
            registry,
            code,
            Span(date_from, date_to),
            _against(against),
            by=by,
            where=conditions(where or []),
        )
    for warning in moved.warnings:
        say(warning)
    if as_json:
        show_json(_as_json(moved))
        return
    _show_effects(moved)
    if by:
        _show_parts(moved, limit)


def _show_trees(registry: "Registry") -> None:
    rows = [
        [code, tree.name.en, " x ".join(effect.effect for effect in tree.effects)]
        for code, tree in registry.drivers.items()
    ]
    show_table(["code", "name", "effects"], rows)


def _against(text: str) -> "Span | str":
    from serving.drivers import Span

    first, colon, last = text.partition(":")
    if not colon:
        return text
    try:
        return Span(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError as error:
        raise ForecourtError(
            f"--against {text} is no period: write previous, mom, qoq, yoy, or its first and last day, "
            "e.g. --against 2026-01-01:2026-01-31."
        ) from error


def _show_effects(moved: "Moved") -> None:
    whole = moved.whole
    show(f"{moved.tree.name.en}: {moved.tree.code}, {_days(moved.now)} against {_days(moved.before)}")
    for note in moved.notes:
        show(note)
    if whole.change is None:
        show("No data in one of the periods: there is no change to take apart.")
        return
    rows = [
        [
            _label(moved.tree, effect.factors),
            _number(effect.before),
            _number(effect.now),
            _signed(effect.change),
        ]
        for effect in whole.effects
    ]
    rows.append([moved.tree.code, _number(whole.before), _number(whole.now), _signed(whole.change)])
    show_table(["effect", "before", "now", "change"], rows, numbers=(1, 2, 3))


def _show_parts(moved: "Moved", limit: int) -> None:
    from serving.drivers import most

    rows = []
    for part in moved.parts[:limit]:
        share = _share(part)
        largest = max(part.moved.effects, key=lambda effect: abs(effect.change), default=None)
        cause = "" if largest is None else f"{_label(moved.tree, largest.factors)} {_signed(largest.change)}"
        one = part.moved
        values = (_number(one.before), _number(one.now), _signed(one.change))
        rows.append([part.value or "not known", *values, share, cause])
    head = [moved.by or "", "before", "now", "change", "of the whole", "largest effect"]
    show_table(head, rows, numbers=(1, 2, 3, 4))
    first = most(moved)
    if first:
        share = f", {_share(first)} of the change" if _share(first) else ""
        show(f"{first.value or 'not known'} contributed most: {_signed(first.moved.change)}{share}.")
    if len(moved.parts) > limit:
        show(f"The {limit} greatest of {count(len(moved.parts))} are shown: --limit shows more, --json all.")


def _share(part: "Part") -> str:
    """A part's share of the change; none where others moved the other way by so much that it is above all."""
    if part.share is None or abs(part.share) > 1:
        return ""
    return f"{round(part.share, 2) + 0.0:.0%}"  # + 0.0: no minus before a zero


def _as_json(moved: "Moved") -> dict[str, Any]:
    return {
        "code": moved.tree.code,
        "now": moved.now,
        "before": moved.before,
        "notes": moved.notes,
        "warnings": moved.warnings,
        "whole": _decomposed(moved.whole),
        "by": moved.by,
        "parts": [{"value": one.value, "share": one.share, **_decomposed(one.moved)} for one in moved.parts],
    }


def _decomposed(one: "Decomposition") -> dict[str, Any]:
    return {"before": one.before, "now": one.now, "change": one.change, "effects": list(one.effects)}


def _label(tree: "Tree", factors: tuple[str, ...]) -> str:
    names = {branch.path: branch.name.en for branch in tree.branches}
    return " + ".join(names[factor] for factor in factors)


def _days(span: "Span") -> str:
    return f"{span.first} to {span.last}"


def _number(value: float | None) -> str:
    if value is None:
        return "no data"
    return f"{value:,.4g}" if abs(value) < 100 else f"{value:,.0f}"


def _signed(value: float | None) -> str:
    return "no data" if value is None else f"{value:+,.1f}"
