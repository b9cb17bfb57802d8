import pytest

from orchestration.errors import ForecourtError
from orchestration.origin import claim
from orchestration.settings import load_settings

TINY = {"kind": "demo", "scale": "tiny", "seed": 1, "as_of": "2026-01-31"}
DEMO = {**TINY, "scale": "demo"}
SOURCES = {"kind": "sources"}


@pytest.fixture
def settings(tmp_path):
    settings = load_settings(data_dir=tmp_path)
    settings.pipelines_dir.mkdir()
    settings.warehouse.write_bytes(b"rows")
    return settings


def test_another_demo_world_replaces_the_warehouse_and_its_cursors(settings):
    claim(settings, TINY)
    settings.warehouse.write_bytes(b"rows")
    assert "made anew for the demo demo world" in claim(settings, DEMO)
    assert not settings.warehouse.exists()
    assert not settings.pipelines_dir.exists()


def test_the_same_world_is_kept(settings):
    claim(settings, TINY)
    assert claim(settings, TINY) is None
    assert settings.warehouse.exists()


def test_real_data_are_never_mixed_with_a_demo_world(settings):
    claim(settings, SOURCES)
    with pytest.raises(ForecourtError, match="would be mixed with it"):
        claim(settings, TINY)
    assert settings.warehouse.read_bytes() == b"rows"
