"""Every cube, after any sequence of batches, is what a rebuild would hold; and what was published never
changes without a line in the log.
"""

import random

import pytest

from tests.unit.dbt.cubes import batches
from tests.unit.dbt.cubes.world import World

SEQUENCES, BATCHES = 8, 25


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_after_any_sequence_of_batches_every_cube_is_what_a_rebuild_would_hold(projects, seed):
    rng = random.Random(seed)
    world = World(projects[0])
    batches.first_batch(world, rng)
    world.build()
    told = []
    for _ in range(BATCHES):
        changes = batches.batch(rng)
        for change in changes:
            change(world, rng)
        more = ["--full-refresh"] if rng.random() < 0.05 else []
        is_redefined = rng.random() < 0.1  # somebody changes the definitions, or takes the change back
        if is_redefined:
            world.project = projects[1 - projects.index(world.project)]
        told.append([*(change.__name__ for change in changes), *more, *["redefined"] * is_redefined])

        totals, published, logged = world.totals(), world.published(), len(world.restatements())
        world.build(*more)

        assert world.differing() == [], f"seed {seed}: {told}"
        now = world.totals()
        changed = {
            (code, day): (before, after)
            for code, day in {*totals, *now}
            if day in published[code] and code in {one for one, _ in totals} & {one for one, _ in now}
            if (before := totals.get((code, day), 0)) != (after := now.get((code, day), 0))
        }
        told_of = {
            (row.code, row.day): (row.before or 0, row.after or 0)
            for row in world.restatements()[logged:]
            if (row.before or 0) != (row.after or 0) and row.code in published
        }
        assert told_of == changed, f"seed {seed}: {told}"
