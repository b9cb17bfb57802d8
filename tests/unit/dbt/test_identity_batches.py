"""OneID in batches: any order of additions, corrections and deletions gives the people of one full run.

Two dozen worlds that share no identifier stand in one warehouse, each with its own random order, so that six
builds try two dozen orders.
"""

import random
from pathlib import Path

from .one_id import OneId, Record, people

WORLDS, BATCHES = 24, 6
LIMITS = {"id_max_names_per_phone": 4, "id_max_names_per_email": 3}  # so that small worlds have shared values
GIVEN = ("anna", "bernd", "christian", "christina", "christain", "dora", "emil", None)
FAMILY = ("roth", "kern", "rot", "vogel", None)


def a_world(number: int, rng: random.Random) -> list[list[Record | None]]:
    """For each record its states in order; None where it is gone. Values are the world's own."""
    phones = [f"+49301{number:03}{i:03}" for i in range(5)]
    emails = [f"mail{i}@world{number}.de" for i in range(7)]
    births = ("1980-02-01", "1980-01-02", "1955-07-09", None, None)

    def state(key: str) -> Record:
        return {
            "record_id": key,
            "source": "crm",
            "given_name": rng.choice(GIVEN),
            "family_name": rng.choice(FAMILY),
            "birth_date": rng.choice(births),
            "email": rng.choice([*emails, None]),
            # a switchboard: enough strangers to be found as shared, and not by the first batch
            "phone": rng.choice([*phones, phones[0], phones[0], None]),
            "national_id": rng.choice((None, None, None, f"NID{number:03}{rng.randrange(3):04}")),
            "street": rng.choice((None, "Lange Straße 5", "Lange Str. 5")),
            "postal_code": f"{10000 + number}",
        }

    records = []
    for i in range(rng.randrange(14, 26)):
        key = f"{number}-{i}"
        states: list[Record | None] = [state(key) for _ in range(rng.choice((1, 1, 1, 2, 3)))]
        records.append(states + [None] * (rng.random() < 0.2))
    return records


def batches(seed: int) -> list[list[Record]]:
    """What all sources hold after each batch."""
    rng = random.Random(seed)
    held: list[dict[str, Record]] = [{} for _ in range(BATCHES)]
    for number in range(WORLDS):
        for key, states in enumerate(a_world(number, rng)):
            at = sorted(rng.choices(range(BATCHES), k=len(states)))
            for batch in range(BATCHES):
                reached = sum(when <= batch for when in at)
                now = states[reached - 1] if reached else None
                if now is not None:
                    held[batch][f"{number}-{key}"] = now
    return [list(records.values()) for records in held]


def test_batches_in_any_order_give_the_people_of_one_full_run(tmp_path: Path, file_manifest: object):
    in_batches, before = OneId(tmp_path / "batches", file_manifest), {}
    states = batches(seed=7)
    for number, records in enumerate(states):
        ids = in_batches.build(records, **LIMITS)
        kept = people(ids) & people(before)
        moved = {key for members in kept for key in members if ids[key] != before[key]}
        assert moved == set(), f"batch {number}: these people neither merged nor split, and their id changed"
        before = ids
    whole = [
        is_whole
        for (is_whole,) in in_batches.rows("select is_whole from identity.id_batch order by closed_at")
    ]
    assert whole == [True] + [False] * (BATCHES - 1), "a batch must not work out everything anew"
    shared = in_batches.rows("select count(*) from identity.id_shared_value where reason = 'too_many_names'")
    assert shared[0][0] > 0, "no value became shared: the worlds are too tame to prove anything"

    at_once = OneId(tmp_path / "at-once", file_manifest).build(states[-1], **LIMITS)
    assert people(before) == people(at_once)

    log = "select count(*) from identity.id_membership"
    logged = in_batches.rows(log)
    assert in_batches.rebuild(id_rebuild=True, **LIMITS) == before, (
        "working out everything anew must find nothing to change"
    )
    assert in_batches.rows(log) == logged
