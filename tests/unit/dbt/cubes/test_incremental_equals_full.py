"""Every cube, after any sequence of batches, is what a rebuild would hold."""

import random

import pytest

from tests.unit.dbt.cubes import batches
from tests.unit.dbt.cubes.registry import CHANGED, FIRST, registry
from tests.unit.dbt.cubes.world import Project, World

SEQUENCES, BATCHES = 8, 25


@pytest.fixture(scope="module")
def projects(tmp_path_factory):
    """The cubes of a registry, and those of the same registry after its definitions were changed."""
    folder = tmp_path_factory.mktemp("cubes")
    return [
        Project(folder / name, registry(folder / f"registry-{name}", changes), folder / "warehouse.duckdb")
        for name, changes in (("first", FIRST), ("changed", CHANGED))
    ]


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_after_any_sequence_of_batches_every_cube_is_what_a_rebuild_would_hold(projects, seed):
    rng = random.Random(seed)
    world = World(projects[0])
    batches.first_batch(world, rng)
    world.build()
    told = []
    for number in range(BATCHES):
        changes = batches.batch(rng)
        for change in changes:
            change(world, rng)
        more = ["--full-refresh"] if rng.random() < 0.05 else []
        if rng.random() < 0.1:  # somebody changes the definitions, or takes the change back
            world.project = projects[1 - projects.index(world.project)]
            more.append("definitions")
        world.build(*[option for option in more if option.startswith("--")])
        told.append([*(change.__name__ for change in changes), *more])
        assert world.differing() == [], f"seed {seed}, batch {number}: {told}"
