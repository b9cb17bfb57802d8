"""Why records are one person: the records, what ties them, what was rejected, what would split them, and
their history. Read from the models `id_explain_record`, `id_explain_edge`, `id_scored_pair` and `id_history`.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np

from identity.clustering import components
from orchestration.errors import ForecourtError
from orchestration.stewardship.warehouse import Identity

FIELDS = (
    "given_name", "family_name", "organisation", "birth_date", "email", "phone", "street", "postal_code",
)  # fmt: skip


@dataclass(frozen=True)
class RecordLine:
    """One source record; `values` are masked unless they were revealed."""

    record_key: str
    first_seen_at: datetime
    values: dict[str, str]


@dataclass(frozen=True)
class Step:
    """One bar of a waterfall: what was compared, with what result, and what it adds (bits)."""

    comparison: str
    label: str
    weight: float


@dataclass(frozen=True)
class Tie:
    """One piece of evidence between two records. `waterfall` is empty where no score was made."""

    record_key: str
    other_record_key: str
    other_one_id: str
    tier: str
    rule: str
    value: str | None
    evidence_key: str
    match_weight: float | None
    drop_reason: str | None
    waterfall: list[Step] = field(default_factory=list)


@dataclass(frozen=True)
class Cut:
    """Evidence that alone holds the person together: without it they would fall into parts of these sizes."""

    rule: str
    value: str | None
    records: tuple[str, str]
    parts: list[int]


@dataclass(frozen=True)
class Change:
    """One entry of the history of the id."""

    changed_at: datetime
    change: str
    one_id: str
    other_one_id: str | None
    reason: str


@dataclass(frozen=True)
class Explanation:
    """Everything that is known of why these records are one person."""

    one_id: str
    records: list[RecordLine]
    ties: list[Tie]
    rejected: list[Tie]
    cuts: list[Cut]
    history: list[Change]


def explain(identity: Identity, key: str) -> Explanation:
    """Explain the person of a one_id (also of one that was merged away) or of a record, values masked.

    Raises ForecourtError where neither is known.
    """
    one_id = _person_of(identity, key)
    records = _records(identity, one_id)
    edges = _edges(identity, one_id)
    ties = [tie for tie in edges if tie.drop_reason is None and tie.other_one_id == one_id]
    rejected = [tie for tie in edges if tie.drop_reason is not None and tie.other_one_id != one_id]
    return Explanation(
        one_id,
        records,
        ties,
        rejected,
        cuts([one.record_key for one in records], ties),
        _history(identity, one_id),
    )


def cuts(record_keys: Sequence[str], ties: Sequence[Tie]) -> list[Cut]:
    """Each piece of evidence without which the records would not hang together, the largest loss first.

    Evidence is an identifier's value with all the ties that it makes, or one scored or decided pair.
    """
    place = {key: number for number, key in enumerate(record_keys)}
    by_evidence: dict[str, list[Tie]] = defaultdict(list)
    for tie in ties:
        by_evidence[tie.evidence_key].append(tie)
    found = []
    for gone, group in by_evidence.items():
        kept = [tie for tie in ties if tie.evidence_key != gone]
        ends = np.array([[place[tie.record_key], place[tie.other_record_key]] for tie in kept], np.int64)
        ends = ends.reshape(-1, 2)
        labels = components(ends[:, 0], ends[:, 1], len(place))
        sizes: dict[int, int] = defaultdict(int)
        for label in labels.tolist():
            sizes[label] += 1
        if len(sizes) > 1:
            first = group[0]
            parts = sorted(sizes.values(), reverse=True)
            found.append(Cut(first.rule, first.value, (first.record_key, first.other_record_key), parts))
    return sorted(found, key=lambda cut: (cut.parts[0], cut.rule, cut.records))


def _person_of(identity: Identity, key: str) -> str:
    found = identity.rows(
        "SELECT one_id FROM identity.id_map WHERE record_key = $1 OR one_id = $1 LIMIT 1", [key]
    )
    seen = {key}
    while not found:  # an id that is gone: whoever took its records over
        moved = identity.rows(
            "SELECT other_one_id FROM identity.id_history WHERE one_id = ? AND change = 'merged' "
            "ORDER BY changed_at DESC LIMIT 1",
            [key],
        )
        if not moved or moved[0]["other_one_id"] in seen:
            raise ForecourtError(
                f"There is no person or record {key}: a record is written source.entity:key."
            )
        key = moved[0]["other_one_id"]
        seen.add(key)
        found = identity.rows("SELECT one_id FROM identity.id_map WHERE one_id = ? LIMIT 1", [key])
    return str(found[0]["one_id"])


def _records(identity: Identity, one_id: str) -> list[RecordLine]:
    found = identity.rows(
        f"SELECT record_key, first_seen_at, {', '.join(FIELDS)} FROM identity.id_explain_record "
        "WHERE one_id = ? ORDER BY first_seen_at, record_key",
        [one_id],
    )
    return [
        RecordLine(
            row["record_key"],
            row["first_seen_at"],
            {name: row[name] for name in FIELDS if row[name] is not None},
        )
        for row in found
    ]


def _edges(identity: Identity, one_id: str) -> list[Tie]:
    """Every piece of evidence that touches the person, strongest first; the person's record stands first."""
    found = identity.rows(
        """
        SELECT edge.*, edge.one_id <> $1 AS is_turned FROM identity.id_explain_edge AS edge
         WHERE edge.one_id = $1 OR edge.other_one_id = $1
         ORDER BY edge.tier <> 'steward', edge.priority, edge.match_weight DESC NULLS LAST,
                  edge.record_key, edge.other_record_key
        """,
        [one_id],
    )
    waterfalls = _waterfalls(identity, found)
    contradictions = _contradictions(identity, one_id)
    ties = []
    for row in found:
        here, there = ("record_key", "other_record_key")
        if row["is_turned"]:
            here, there = there, here
        pair = tuple(sorted((row["record_no"], row["other_record_no"])))
        other_one_id = row["one_id"] if row["is_turned"] else row["other_one_id"]
        dropped = row["drop_reason"]
        if dropped == "contradiction":
            dropped = ", ".join(["contradiction", *contradictions.get(other_one_id, [])])
        ties.append(
            Tie(
                row[here],
                row[there],
                other_one_id,
                row["tier"],
                row["rule"],
                row["masked_value"],
                row["evidence_key"],
                row["match_weight"],
                dropped,
                waterfalls.get(pair, []) if row["match_weight"] is not None else [],
            )
        )
    return ties


def _waterfalls(identity: Identity, edges: Sequence[dict[str, Any]]) -> dict[tuple[int, ...], list[Step]]:
    """The steps of each scored pair, by its record numbers, from the model that scored it."""
    numbers = sorted({row["record_no"] for row in edges if row["match_weight"] is not None})
    if not numbers or not identity.has("id_match_model"):
        return {}
    from identity.matching import MatchModel, waterfall

    models = identity.rows("SELECT model FROM identity.id_match_model ORDER BY trained_at DESC LIMIT 1")
    if not models:
        return {}
    model = MatchModel.from_json(models[0]["model"])
    pairs = identity.rows(
        "SELECT * FROM identity.id_scored_pair "
        "WHERE list_contains($1, record_no) OR list_contains($1, other_record_no)",
        [numbers],
    )
    return {
        tuple(sorted((pair["record_no"], pair["other_record_no"]))): [
            Step(step.comparison, step.label, step.weight) for step in waterfall(model, pair)
        ]
        for pair in pairs
    }


def _contradictions(identity: Identity, one_id: str) -> dict[str, list[str]]:
    """What keeps the person apart from others, by one_id: born, given, steward ..."""
    found = identity.rows(
        """
        SELECT DISTINCT reason,
               CASE WHEN one.one_id = $1 THEN other.one_id ELSE one.one_id END AS other_one_id
          FROM identity.id_cannot_link AS apart
          JOIN identity.id_map AS one ON apart.record_no = one.record_no
          JOIN identity.id_map AS other ON apart.other_record_no = other.record_no
         WHERE one.one_id = $1 OR other.one_id = $1 ORDER BY ALL
        """,
        [one_id],
    )
    by_person: dict[str, list[str]] = defaultdict(list)
    for row in found:
        by_person[row["other_one_id"]].append(row["reason"])
    return by_person


def _history(identity: Identity, one_id: str) -> list[Change]:
    found = identity.rows(
        "SELECT changed_at, change, one_id, other_one_id, reason FROM identity.id_history "
        "WHERE one_id = $1 OR other_one_id = $1 ORDER BY changed_at, change, one_id",
        [one_id],
    )
    return [Change(**row) for row in found]
