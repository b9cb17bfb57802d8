"""One tiny world for all tests of the demo world: written once, read only."""

from datetime import date
from pathlib import Path

import pytest

from ingestion.demo.world import write_world

AS_OF = date(2026, 10, 31)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "tiny"
    write_world(folder, "tiny", 7, AS_OF)
    return folder
