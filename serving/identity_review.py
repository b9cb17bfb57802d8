"""The review queue as readers see it: pairs that wait for a judgement, masked, and what people answered.

Questions come from the snapshot (`srv_identity_review`), answers go to `<data>/state/state.sqlite`. The next
build takes them from there as labels and as decisions of a steward. An answer is never changed: the last one
on a pair counts, and `unsure` takes back what was said.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from serving.rows import rows
from serving.state import now, state
from serving.store import Snapshot

Said = Literal["same", "different", "unsure"]


@dataclass(frozen=True)
class FieldComparison:
    """One attribute of both records, masked. `agreement` is same, similar, different or missing."""

    pair_no: int
    field: str
    agreement: str
    masked_a: str | None
    masked_b: str | None


@dataclass(frozen=True)
class ReviewPair:
    """Two source records that a person should compare. `match_weight` is in bits, 0 is even; `record_cnt` are
    the records of the person or the two people that the judgement moves.
    """

    pair_no: int
    record_key_a: str
    record_key_b: str
    cause: str
    rules: str | None
    match_weight: float | None
    is_one_person: bool
    record_cnt: int

    @property
    def key(self) -> tuple[str, str]:
        """Both records, in the order of their keys."""
        return self.record_key_a, self.record_key_b


@dataclass(frozen=True)
class Answer:
    """What somebody said of a pair, and when (UTC, ISO 8601)."""

    record_key_a: str
    record_key_b: str
    answer: Said
    answered_by: str
    answered_at: str
    answered_in: str


def review_pairs(snapshot: Snapshot) -> list[ReviewPair]:
    """Every published pair, the most instructive first."""
    return rows(
        snapshot,
        ReviewPair,
        """
        SELECT pair_no, record_key_a, record_key_b, cause, rules, match_weight, is_one_person, record_cnt
          FROM serving.srv_identity_review ORDER BY pair_no
        """,
    )


def comparisons(snapshot: Snapshot) -> dict[int, list[FieldComparison]]:
    """The attributes of each published pair in their order, by pair_no; not those that neither record has."""
    found: dict[int, list[FieldComparison]] = defaultdict(list)
    for row in rows(
        snapshot,
        FieldComparison,
        """
        SELECT pair_no, field, agreement, masked_a, masked_b FROM serving.srv_identity_review_field
         WHERE masked_a IS NOT NULL OR masked_b IS NOT NULL ORDER BY pair_no, field_no
        """,
    ):
        found[row.pair_no].append(row)
    return dict(found)


def waiting(pairs: Sequence[ReviewPair], state_file: Path) -> list[ReviewPair]:
    """The pairs that nobody has judged since they were published."""
    judged = {key for key, row in last_answers(state_file).items() if row.answer != "unsure"}
    return [pair for pair in pairs if pair.key not in judged]


def answer(state_file: Path, key: tuple[str, str], said: Said, *, by: str, where: str) -> None:
    """Keep what was said of two records; it is on disk when this returns."""
    a, b = sorted(key)
    with state(state_file) as store:
        store.execute(
            "INSERT INTO review_answer"
            " (answered_at, answered_by, record_key_a, record_key_b, answer, answered_in)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [now(), by, a, b, said, where],
        )


def answers(state_file: Path) -> list[Answer]:
    """Everything that was ever said, oldest first."""
    if not state_file.exists():
        return []
    with state(state_file) as store:
        found = store.execute("SELECT * FROM review_answer ORDER BY answer_id").fetchall()
    return [
        Answer(
            row["record_key_a"], row["record_key_b"], cast(Said, row["answer"]), row["answered_by"],
            row["answered_at"], row["answered_in"],
        )
        for row in found
    ]  # fmt: skip


def last_answers(state_file: Path) -> dict[tuple[str, str], Answer]:
    """What counts of each pair: the last thing said."""
    return {(row.record_key_a, row.record_key_b): row for row in answers(state_file)}


def judged_count(state_file: Path) -> int:
    """Pairs on which a judgement stands."""
    return sum(row.answer != "unsure" for row in last_answers(state_file).values())
