"""Fixtures of the serving tests: a small built warehouse and an empty folder for snapshots."""

import shutil
from pathlib import Path

import pytest

from serving.snapshot import publish
from serving.store import Store
from tests.unit.serving.warehouse import AS_OF, write_warehouse


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse that no test changes."""
    return write_warehouse(tmp_path_factory.mktemp("built") / "warehouse.duckdb")


@pytest.fixture
def warehouse(built: Path, tmp_path: Path) -> Path:
    """A copy of the warehouse that the test may change."""
    return Path(shutil.copy(built, tmp_path / "warehouse.duckdb"))


@pytest.fixture
def snapshots(tmp_path: Path) -> Path:
    return tmp_path / "snapshots"


@pytest.fixture(scope="session")
def store(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store on one published version, for tests that only read."""
    folder = tmp_path_factory.mktemp("published")
    publish(built, folder, as_of=AS_OF)
    return Store(folder)
