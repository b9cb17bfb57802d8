"""The cubes of a small registry as dbt projects, parsed once for all tests of a process."""

import pytest

from tests.unit.dbt.cubes.registry import CHANGED, FIRST, registry
from tests.unit.dbt.cubes.world import Project


@pytest.fixture(scope="session")
def projects(tmp_path_factory):
    """The cubes of a registry, and those of the same registry after its definitions were changed."""
    folder = tmp_path_factory.mktemp("cubes")
    return [
        Project(folder / name, registry(folder / f"registry-{name}", changes), folder / "warehouse.duckdb")
        for name, changes in (("first", FIRST), ("changed", CHANGED))
    ]
