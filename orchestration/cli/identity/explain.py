"""`forecourt identity explain`: why records are one person, and what it would take to split them."""

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.console import count, show, show_json, show_table
from orchestration.cli.options import AsJson, DataDir
from orchestration.errors import ForecourtError
from orchestration.settings import Settings, load_settings

if TYPE_CHECKING:
    from orchestration.stewardship.explain import Explanation, Tie

app = typer.Typer()
# Bits for each character of a bar.
_BITS = 1.0
_REASONS = {
    "shared_value": "the value is shared by strangers",
    "several_names": "several people use the value and this record has no name",
    "no_name": "the record has no name and the value alone does not tie",
    "different_name": "another name uses the same value",
    "contradiction": "their records contradict each other",
    "company": "the car is a company's",
    "needs_support": "the value alone does not tie, and nothing supports it",
    "alarming_cluster": "with all that it would tie together they are nobody (too many names or records)",
    "weight": "the score speaks against it",
}


@app.command()
def explain(
    key: Annotated[str, typer.Argument(metavar="ONE_ID|RECORD", help="A person, or one of their records.")],
    reveal: Annotated[bool, typer.Option("--reveal", help="Show values, not masks; audited.")] = False,
    reason: Annotated[
        str | None, typer.Option("--reason", help="Why values are shown (with --reveal).")
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help="Who asks (else git's user).")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Ties and rejections shown of each kind.")] = 15,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Explain why records are one person: records, ties, scores, what was rejected, what would split them."""
    from orchestration.stewardship.explain import explain as explain_person
    from orchestration.stewardship.log import current_user
    from orchestration.stewardship.warehouse import identity

    settings = load_settings(data_dir=data_dir)
    if reveal and not reason:
        raise ForecourtError("Values are shown only with a reason: add --reason TEXT.")
    with identity(settings) as opened:
        found = explain_person(opened, key)
    if reveal:
        found = _revealed(settings, found, by or current_user(settings), str(reason))
    if as_json:
        show_json(asdict(found))
        return
    _show_records(found)
    _show_ties(found, limit)
    _show_rejected(found, limit)
    _show_cuts(found, limit)
    show("\nHistory")
    for one in found.history:
        other = f" into {one.other_one_id}" if one.other_one_id else ""
        show(f"  {one.changed_at:%Y-%m-%d %H:%M}  {one.one_id} {one.change}{other}: {one.reason}")


def _revealed(settings: Settings, found: "Explanation", by: str, reason: str) -> "Explanation":
    """The same with the records' own values, after an audit row."""
    from orchestration.stewardship.reveal import revealed_records

    keys = [one.record_key for one in found.records]
    values = revealed_records(settings, keys, by=by, reason=reason)
    lines = [replace(one, values=shown) for one, shown in zip(found.records, values, strict=True)]
    return replace(found, records=lines)


def _show_records(found: "Explanation") -> None:
    sources = {one.record_key.split(".", 1)[0] for one in found.records}
    show(f"{found.one_id}: {count(len(found.records))} records of {count(len(sources))} sources")
    names = list(dict.fromkeys(name for one in found.records for name in one.values))
    rows = [
        [one.record_key, f"{one.first_seen_at:%Y-%m-%d}", *(one.values.get(name, "") for name in names)]
        for one in found.records
    ]
    show_table(["record", "since", *(name.replace("_", " ") for name in names)], rows)


def _show_ties(found: "Explanation", limit: int) -> None:
    show(f"What ties them ({count(len(found.ties))})")
    for tie in found.ties[:limit]:
        show(f"  {tie.record_key} — {tie.other_record_key}  {_evidence(tie)}")
        for step in tie.waterfall:
            bar = ("█" if step.weight > 0 else "░") * max(1, round(abs(step.weight) / _BITS))
            show(f"      {step.weight:+7.1f} {bar} {step.comparison}: {step.label}")
    _more(len(found.ties), limit)


def _show_rejected(found: "Explanation", limit: int) -> None:
    show(f"\nWhat was rejected ({count(len(found.rejected))})")
    for tie in found.rejected[:limit]:
        reason, *kinds = (tie.drop_reason or "").split(", ")
        why = _REASONS.get(reason, reason) + (f" ({', '.join(kinds)})" if kinds else "")
        show(f"  {tie.record_key} — {tie.other_record_key} (of {tie.other_one_id})  {_evidence(tie)}: {why}")
    _more(len(found.rejected), limit)


def _show_cuts(found: "Explanation", limit: int) -> None:
    show("\nWhat would split them")
    if not found.cuts and len(found.records) > 1:
        show("  No single piece of evidence: without any one of them the records still hang together.")
    for cut in found.cuts[:limit]:
        parts = " + ".join(str(part) for part in cut.parts)
        show(f"  without {cut.rule} {cut.value or ''} ({cut.records[0]} — {cut.records[1]}): {parts} records")
    _more(len(found.cuts), limit)
    if found.cuts:
        show("  `forecourt identity unlink A B --reason ...` splits; `block TYPE VALUE` takes a value away.")


def _evidence(tie: "Tie") -> str:
    weight = "" if tie.match_weight is None else f" {tie.match_weight:+.1f} bits"
    return f"{tie.tier}: {tie.rule} {tie.value or ''}".rstrip() + weight


def _more(number: int, limit: int) -> None:
    if number > limit:
        show(f"  … and {count(number - limit)} more (--limit, or --json for all)")
