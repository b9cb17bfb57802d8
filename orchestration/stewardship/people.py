"""Working people out apart from a refresh: everybody anew, or whom decisions reach. The caller holds the
writer's lock.
"""

from dataclasses import dataclass

import duckdb

from orchestration.dbt_build import build
from orchestration.settings import Settings
from orchestration.stewardship.answers import bring_answers

EVERYBODY = ("+id_batch", "+id_history")
# Decisions and what follows from them, as far as the last word of a batch (id_batch) waits for it. What reads
# sources stands to the left of id_build, or finds no record that changed.
DECIDED = tuple(
    f"{first}+,+id_batch"
    for first in ("id_build", "id_steward_decision", "id_blocked_value", "stg_identity__review_answer")
)
FACTS = "id_map+"  # all that reads people


@dataclass(frozen=True)
class Outcome:
    """What became of the people: how many there are, how many records and people moved, seconds of wall
    clock.
    """

    people: int
    moved_people: int
    moved_records: int
    seconds: float


def rebuild_everybody(settings: Settings, *, is_trained: bool = False, facts: bool = False) -> Outcome:
    """Work out everybody anew, where `is_trained` with a new match model, where `facts` with all that reads
    people.

    How far the batches had drifted is kept in `identity.id_reconciliation`: rules never drift; scores may.
    Raises ``BuildFailedError`` where a model broke.
    """
    asked = {"id_rebuild": True, "id_train": is_trained}
    report = build(settings, select=[*EVERYBODY, *([FACTS] if facts else [])], variables=asked)
    return _outcome(settings, report.seconds)


def apply_decisions(settings: Settings, *, facts: bool = False) -> Outcome:
    """Let decisions and answers take effect without reading the sources; only their components are touched.

    Raises ``BuildFailedError`` where a model broke.
    """
    bring_answers(settings)
    select = [*DECIDED, "id_history", *([FACTS] if facts else [])]
    report = build(settings, select=select, kinds=["model", "seed"])
    return _outcome(settings, report.seconds)


def _outcome(settings: Settings, seconds: float) -> Outcome:
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        ((people, moved_people, moved_records),) = connection.execute(
            "select person_cnt, moved_person_cnt, moved_record_cnt from identity.id_batch "
            "order by closed_at desc limit 1"
        ).fetchall()
    return Outcome(people, moved_people, moved_records, seconds)
