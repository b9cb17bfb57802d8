"""After any sequence of batches and passes, of either lane, every table is what its model says.

The count of passes in CI is small; ``FORECOURT_PASSES=300 pytest tests/unit/dbt/live`` runs as many as
issue and benchmark ask for.
"""

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.dbt.live.world import CUBES, FACTS, World, event

ROUNDS = 10  # in one sequence; each ends with a pass
PASSES = int(os.environ.get("FORECOURT_PASSES", "30"))

EVENTS = st.lists(
    st.builds(
        event,
        number=st.integers(0, 200),  # few numbers: events come again, in the same batch and in later ones
        name=st.sampled_from(["screen_viewed", "screen_viewed", "screen_viewed", "order_signed"]),
        day=st.integers(0, 9),
        account=st.sampled_from([None, "a1", "a2", "a3", "a4"]),
        device=st.sampled_from([None, "d1", "d2"]),
    ),
    max_size=12,
)
KEYS = st.sampled_from([("account", f"a{i}") for i in range(1, 5)] + [("device", "d1"), ("device", "d2")])
PEOPLE = st.tuples(st.integers(1, 4), st.lists(KEYS, min_size=1, max_size=4, unique=True))
ROUND = st.fixed_dictionaries(
    {
        "batches": st.lists(EVENTS, max_size=2),  # two loads before one pass: the pass between was killed
        "lane": st.sampled_from(["live", "live", "live", "full"]),
        "killed_after": st.sampled_from([None, None, 1, 2]),  # so many models of a pass that did not end
        "late": EVENTS,  # these come in a full pass after OneID has looked
        "people": st.lists(PEOPLE, max_size=2),  # what OneID found out; it runs in the full lane only
        "deleted": st.lists(st.integers(0, 200), max_size=3),
        "is_rebuild": st.booleans(),
    }
)


@settings(
    max_examples=max(1, PASSES // ROUNDS),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(ROUND, min_size=ROUNDS, max_size=ROUNDS))
def test_every_table_is_what_a_rebuild_would_hold(project, rounds):
    world = World(project)
    for one in rounds:
        for events in one["batches"]:
            if events:
                world.send(events)
        if one["killed_after"]:
            world.live([*FACTS, *CUBES][: one["killed_after"]])
        if one["lane"] == "live":
            before, until = world.totals(), world.published_until()
            world.live()
            assert_restatements_are_logged(world, before, until)
            assert world.differing(CUBES) == []
        else:
            full_pass(world, one)
            assert world.differing((*FACTS, *CUBES)) == []
        assert world.nobody() == []
    world.full()
    assert world.differing((*FACTS, *CUBES)) == []


def full_pass(world, one):
    """OneID has moved people, somebody has taken rows away: the full lane takes that in."""
    for number, keys in one["people"]:
        world.know(f"P{number}", keys, number)
    for number in one["deleted"]:
        world.run("delete from raw_app.event where message_id = ?", [f"message-{number:06d}"])
    world.loader.forget()
    if one["late"]:
        world.send(one["late"])
    world.full(*(["--full-refresh"] if one["is_rebuild"] else []))


def assert_restatements_are_logged(world, before, until):
    """Whatever was published and is another number now stands in the log with that number."""
    if until is None or not before:
        return
    first, logged = min(before), world.logged()
    for day, value in world.totals().items():
        if first <= day < until and value != before.get(day, 0):
            assert logged.get(day) == value, day


def test_a_stranger_who_comes_during_a_full_pass_stays_counted(project):
    world = World(project)
    world.know("P1", [("account", "a1")], 1)  # OneID has run in this full pass
    world.send([event(1, "screen_viewed", 0, "a2", None), event(2, "screen_viewed", 0, None, "d1")])
    world.live()
    before = world.run("from indicators.ind_app_person_1d order by all").fetchall()
    assert len(before) == 2
    world.run("delete from core.dim_customer where person_no < 0")  # made anew from what OneID knows
    world.full()
    assert world.nobody() == []
    assert world.run("from indicators.ind_app_person_1d order by all").fetchall() == before


def test_a_stranger_counts_at_once_and_is_restated_when_oneid_knows_them(project):
    world = World(project)
    world.know("P1", [("account", "a1")], 1)
    world.full()
    world.send([event(1, "screen_viewed", 0, "a1", None), event(2, "screen_viewed", 0, "a2", None)])
    world.live()
    [[known], [stranger]] = world.run(
        "select person_no from indicators.ind_app_person_1d order by person_no desc"
    ).fetchall()
    assert known == 1
    assert stranger < 0
    world.know("P1", [("account", "a2")], 1)  # they were the same person all along
    world.full()
    assert world.run("select person_no from indicators.ind_app_person_1d").fetchall() == [(1,)]
