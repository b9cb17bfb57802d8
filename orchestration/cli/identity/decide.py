"""The verbs of a steward: link, unlink, block, unblock, decisions, accept, undo."""

from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.console import count, say, show, show_json, show_table
from orchestration.cli.options import AsJson, DataDir
from orchestration.errors import ForecourtError
from orchestration.settings import Settings, load_settings

if TYPE_CHECKING:
    from orchestration.stewardship.log import Decision

app = typer.Typer()
_NEXT = "Takes effect at the next refresh (`forecourt refresh`); `forecourt identity undo` takes it back."
Reason = Annotated[str, typer.Option("--reason", help="Why: kept with the decision.")]
By = Annotated[str | None, typer.Option("--by", help="Who decides (else git's user, else the system's).")]
Key = Annotated[str, typer.Argument(metavar="RECORD", help="A record (crm.lead:L00000001) or a one_id.")]
Kind = Annotated[str, typer.Argument(metavar="TYPE", help="Kind of identifier: email, phone, device ...")]
Value = Annotated[str, typer.Argument(metavar="VALUE", help="The value.")]


@app.command()
def link(
    a: Key, b: Key, reason: Reason, by: By = None, data_dir: DataDir = None, as_json: AsJson = False
) -> None:
    """Declare two records one person, whatever the evidence says."""
    _decide_pair("link", a, b, reason, by, load_settings(data_dir=data_dir), as_json)


@app.command()
def unlink(
    a: Key, b: Key, reason: Reason, by: By = None, data_dir: DataDir = None, as_json: AsJson = False
) -> None:
    """Declare two records different people, whatever the evidence says."""
    _decide_pair("unlink", a, b, reason, by, load_settings(data_dir=data_dir), as_json)


@app.command()
def block(
    kind: Kind, value: Value, reason: Reason, by: By = None, data_dir: DataDir = None, as_json: AsJson = False
) -> None:
    """Let an identifier's value join nobody."""
    _decide_value("block", kind, value, reason, by, load_settings(data_dir=data_dir), as_json)


@app.command()
def unblock(
    kind: Kind, value: Value, reason: Reason, by: By = None, data_dir: DataDir = None, as_json: AsJson = False
) -> None:
    """Let a blocked value join people again."""
    _decide_value("unblock", kind, value, reason, by, load_settings(data_dir=data_dir), as_json)


@app.command("decisions")
def list_decisions(
    every: Annotated[bool, typer.Option("--all", help="What no longer stands, too.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """List what stewards decided: who, when and why."""
    from orchestration.stewardship import log

    settings = load_settings(data_dir=data_dir)
    rows: list[Decision] = []
    for kind in (log.PairDecision, log.ValueDecision):
        found = log.decisions(settings, kind)
        rows += found if every else log.standing(found).values()
    rows.sort(key=lambda row: row.decided_at, reverse=True)
    if as_json:
        show_json(rows)
        return
    if not rows:
        show("No decision stands.")
        return
    table = [
        [row.decided_at[:16].replace("T", " "), row.decision, *row.subject, row.decided_by, row.reason]
        for row in rows
    ]
    show_table(["when (UTC)", "what", "", "", "who", "why"], table)


@app.command()
def accept(reason: Reason, by: By = None, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Believe figures of OneID that jumped, so that the next build may be published."""
    from orchestration.stewardship import log
    from orchestration.stewardship.warehouse import identity

    settings = load_settings(data_dir=data_dir)
    with identity(settings) as opened:
        last = opened.rows("SELECT built_at, jump FROM identity.id_quality ORDER BY built_at DESC LIMIT 1")
    if not last or last[0]["jump"] is None:
        raise ForecourtError("No figure of OneID jumped in the last build: there is nothing to accept.")
    row = log.AcceptedJump(by or log.current_user(settings), log.instant(), reason)
    log.add(settings, row)
    if as_json:
        show_json({"accepted": last[0], "decision": row})
        return
    show(f"Believed: {last[0]['jump']} as of {last[0]['built_at']:%Y-%m-%d %H:%M}. Run `forecourt refresh`.")


@app.command()
def undo(by: By = None, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Take back the last decision; what stood before it stands again."""
    from orchestration.stewardship import log

    settings = load_settings(data_dir=data_dir)
    taken, added = log.undo(settings, by or log.current_user(settings))
    if as_json:
        show_json({"undone": taken, "added": added})
        return
    what = f"{taken.decision} {' '.join(taken.subject)}"
    show(f"Took back: {what} ({taken.decided_by}, {taken.decided_at[:10]}).")


def _decide_pair(
    decision: str, a: str, b: str, reason: str, by: str | None, settings: Settings, as_json: bool
) -> None:
    from orchestration.stewardship import checks, log
    from orchestration.stewardship.warehouse import identity

    with identity(settings) as opened:
        one, other = checks.find_record(opened, a), checks.find_record(opened, b)
        if one.record_key == other.record_key:
            raise ForecourtError(f"{a} and {b} are one record: a decision needs two.")
        decided = log.standing_pairs(settings)
        against = checks.against_link if decision == "link" else checks.against_unlink
        warnings = against(opened, one, other, decided)
    who = by or log.current_user(settings)
    row = log.PairDecision(decision, one.record_key, other.record_key, who, log.instant(), reason)
    log.add(settings, row)
    if as_json:
        show_json({"decision": row, "warnings": warnings})
        return
    for warning in warnings:
        say(f"Note: {warning}")
    words = "are one person" if decision == "link" else "are two persons"
    show(f"Kept: {one.record_key} (of {one.one_id}, {count(one.record_cnt)} records) and {other.record_key} "
         f"(of {other.one_id}, {count(other.record_cnt)} records) {words}. {_NEXT}")  # fmt: skip


def _decide_value(
    decision: str, kind: str, value: str, reason: str, by: str | None, settings: Settings, as_json: bool
) -> None:
    from orchestration.stewardship import checks, log
    from orchestration.stewardship.warehouse import identity

    with identity(settings) as opened:
        value = checks.normalised(kind, value)
        records, people = checks.use_of_value(opened, kind, value)
    stands = (kind, value) in log.standing(log.decisions(settings, log.ValueDecision))
    if stands == (decision == "block"):
        raise ForecourtError(f"The {kind} {value} is {'blocked already' if stands else 'not blocked'}.")
    row = log.ValueDecision(decision, kind, value, by or log.current_user(settings), log.instant(), reason)
    log.add(settings, row)
    if as_json:
        show_json({"decision": row, "records": records, "people": people})
        return
    if not records:
        say(f"Note: no record has the {kind} {value}.")
    words = "joins nobody" if decision == "block" else "may join people again"
    show(f"Kept: the {kind} {value} ({count(records)} records, {count(people)} people) {words}. {_NEXT}")
