"""Fixtures of the loader's tests."""

from pathlib import Path

import pytest

from tests.unit.ingestion.warehouses import Warehouse


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """An empty warehouse."""
    return Warehouse(tmp_path / "warehouse")
