"""What readers may know about an indicator: its entry in the dictionary, its state, and its warnings.

An indicator is published, published with a warning, or withheld; `srv_indicator_status` judged it when the
snapshot was published. Data grow old while a snapshot lies there, so their age is judged again when asked.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal
from weakref import WeakKeyDictionary

from indicators.lookup import resolve
from indicators.registry import Registry
from serving.access import EVERYTHING
from serving.errors import QueryFailed
from serving.rows import rows
from serving.store import OpenVersion, Snapshot

State = Literal["published", "warning", "withheld"]


@dataclass(frozen=True)
class Status:
    """The state of a written indicator, why, since when, and its last good value for the whole network."""

    code: str
    state: State
    reason: str | None
    failing_since: datetime | None
    fresh_until: datetime | None
    shown_until: datetime | None
    last_good_value: float | None
    last_good_period: str | None
    last_good_first_on: date | None
    last_good_last_on: date | None
    last_good_at: datetime | None

    def now(self, moment: datetime) -> tuple[State, str | None]:
        """State and reason at a later moment: the age of the data has grown since the publish."""
        if self.state == "withheld":
            return self.state, self.reason
        if self.shown_until and moment > self.shown_until:
            return "withheld", f"its data are too old to be shown since {_moment(self.shown_until)}"
        if self.fresh_until and moment > self.fresh_until:
            stale = f"its data are older than they should be since {_moment(self.fresh_until)}"
            return "warning", self.reason if self.state == "warning" else stale
        return self.state, self.reason


_statuses: WeakKeyDictionary[OpenVersion, dict[str, Status]] = WeakKeyDictionary()


class Withheld(QueryFailed):
    """The indicator's numbers are withheld; `status` has the last good value, `reason` says why."""

    def __init__(self, code: str, status: Status, reason: str):
        self.code, self.status, self.reason = code, status, reason
        super().__init__(f"'{code}' is withheld: {reason}. {last_good(status)}")


@dataclass(frozen=True)
class Entry:
    """One indicator of the dictionary, as `srv_indicator_dictionary` has it; JSON columns are taken apart."""

    code: str
    indicator_id: str
    name_en: str
    name_zh: str
    kind: str
    process: str
    stage: str
    owner: str
    unit: str
    additivity: str
    definition: str
    note: str | None
    grain: str
    dims: str | None
    matures_days: int | None
    status: str
    replaced_by: str | None
    version: int
    derived_cnt: int
    formula_tree: dict[str, Any] | None
    query_sql: str | None
    tables: Sequence[str] | None
    lineage: list[dict[str, Any]] | None
    test_names: Sequence[str] | None
    used_by: dict[str, Any] | None
    as_of_on: date | None
    state: State
    reason: str | None
    failing_since: datetime | None
    fresh_until: datetime | None
    shown_until: datetime | None
    last_value: float | None
    last_value_period: str | None
    last_value_first_on: date | None
    last_value_last_on: date | None
    last_value_at: datetime | None
    course_days: Sequence[date] | None
    course_values: Sequence[float | None] | None
    search_text: str


@dataclass(frozen=True)
class GateResult:
    """A gate of an indicator: whether it holds, what follows if not, and why it does not."""

    gate: str
    kind: Literal["test", "age"]
    action: Literal["withhold", "warn"]
    outcome: Literal["passed", "failed", "not_run"]
    reason: str | None
    failing_since: datetime | None


@dataclass(frozen=True)
class DbtTestResult:
    """What a dbt test said last."""

    test_name: str
    status: str
    failed_cnt: int | None
    ran_at: datetime


def entries(snapshot: Snapshot) -> list[Entry]:
    """Every written indicator, by stage and code as the registry lists them."""
    table = snapshot.query("SELECT * FROM serving.srv_indicator_dictionary ORDER BY indicator_id")
    return [Entry(**_parsed(row)) for row in table.to_pylist()]


def gates(snapshot: Snapshot, code: str) -> list[GateResult]:
    """The gates of a written indicator, those that do not hold first."""
    return rows(
        snapshot,
        GateResult,
        """
        SELECT gate, kind, action, outcome, reason, failing_since FROM serving.srv_indicator_gate
         WHERE code = $code ORDER BY outcome = 'passed', action DESC, gate
        """,
        {"code": code},
    )


def test_results(snapshot: Snapshot, names: Sequence[str]) -> list[DbtTestResult]:
    """The last results of these dbt tests, those that did not pass first."""
    return rows(
        snapshot,
        DbtTestResult,
        """
        SELECT test_name, status, failed_cnt, ran_at FROM serving.srv_test_result
         WHERE list_contains($names, test_name) ORDER BY status = 'pass', test_name
        """,
        {"names": list(names)},
    )


def status_of(snapshot: Snapshot, registry: Registry, code: str) -> Status | None:
    """The state of a code; a generated one has its base's. None where the snapshot does not know it."""
    known = _statuses.get(snapshot.opened)
    if known is None:  # every question asks; a version's states do not change
        found = rows(snapshot.seen_by(EVERYTHING), Status, "SELECT * FROM serving.srv_indicator_status")
        known = _statuses.setdefault(snapshot.opened, {status.code: status for status in found})
    return known.get(resolve(registry, code).base)


def statuses(snapshot: Snapshot, codes: Sequence[str]) -> list[Status]:
    """The states of written codes, as far as the snapshot knows them."""
    return rows(
        snapshot,
        Status,
        "SELECT * FROM serving.srv_indicator_status WHERE list_contains($codes, code) ORDER BY code",
        {"codes": list(codes)},
    )


def warnings_for(snapshot: Snapshot, registry: Registry, code: str) -> tuple[str, ...]:
    """What a reader of a code's numbers must know: a gate that warns, a draft, a successor.

    Raises Withheld where the numbers may not be shown.
    """
    warnings = list(life_warnings(registry, code))
    status = status_of(snapshot, registry, code)
    if status:
        state, reason = status.now(datetime.now(UTC))
        if state == "withheld":
            raise Withheld(code, status, reason or "a quality gate failed")
        if state == "warning":
            warnings.append(f"'{code}' is published with a warning: {reason}.")
    return tuple(warnings)


def life_warnings(registry: Registry, code: str) -> list[str]:
    """A sentence for each part of a code that is a draft or deprecated, itself first."""
    base = resolve(registry, code).base
    written = [item for item in (registry.indicator(code), registry.indicator(base)) if item]
    written += [registry.bases[operand] for operand in registry.operands(base)]
    said = []
    for item in {item.code: item for item in written}.values():
        if item.status == "draft":
            said.append(f"'{item.code}' is a draft: its definition may still change.")
        elif item.status == "deprecated":
            instead = f": use '{item.replaced_by}' instead" if item.replaced_by else ""
            said.append(f"'{item.code}' is deprecated{instead}.")
    return said


def last_good(status: Status) -> str:
    """The last good value in a sentence."""
    if status.last_good_at is None:
        return "There is no good value yet."
    value = "no data" if status.last_good_value is None else f"{status.last_good_value:,.6g}"
    days = f"{status.last_good_first_on} to {status.last_good_last_on}"
    period = f"{status.last_good_period}: {days}"
    return f"The last good value is {value} ({period}), of {_moment(status.last_good_at)}."


def _parsed(row: Mapping[str, Any]) -> dict[str, Any]:
    texts = ("formula_tree", "lineage", "used_by")
    return {key: json.loads(value) if key in texts and value else value for key, value in row.items()}


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
