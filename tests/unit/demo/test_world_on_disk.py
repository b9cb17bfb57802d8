"""The folder as a whole: the same seed gives the same bytes, another seed another world."""

import hashlib
from datetime import date
from pathlib import Path

import pytest

from ingestion.demo import source_configs
from ingestion.demo.world import write_world


def digests(folder: Path, part: str) -> dict[str, str]:
    files = sorted(path for path in (folder / part).rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_same_seed_and_day_give_the_same_bytes_in_every_file(tiny: Path, tmp_path: Path) -> None:
    write_world(tmp_path / "again", "tiny", 7, date(2026, 10, 31))
    first = digests(tiny, ".")
    assert len(first) > 50
    assert first == digests(tmp_path / "again", ".")


def test_another_seed_gives_another_truth(tiny: Path, tmp_path: Path) -> None:
    write_world(tmp_path / "other", "tiny", 8, date(2026, 10, 31))
    first, other = digests(tiny, "truth"), digests(tmp_path / "other", "truth")
    assert first.keys() == other.keys()
    assert not [name for name in first if first[name] == other[name]]


def test_an_equal_world_is_left_alone_and_an_unequal_one_is_replaced(tiny: Path, tmp_path: Path) -> None:
    folder = tmp_path / "world"
    first = write_world(folder, "tiny", 7, date(2026, 10, 31))
    written = (folder / "crm.sqlite").stat().st_mtime_ns
    again = write_world(folder, "tiny", 7, date(2026, 10, 31))
    assert (first.reused, again.reused) == (False, True)
    assert again.counts == first.counts
    assert (folder / "crm.sqlite").stat().st_mtime_ns == written
    assert not write_world(folder, "tiny", 7, date(2026, 9, 30)).reused
    assert [path.name for path in tmp_path.iterdir()] == ["world"]


def test_an_interrupted_run_leaves_the_old_world_and_the_next_run_succeeds(tmp_path: Path) -> None:
    folder = tmp_path / "world"
    write_world(folder, "tiny", 7, date(2026, 10, 31))
    before = digests(folder, ".")

    def stop(message: str) -> None:
        if "marketing" in message:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_world(folder, "tiny", 8, date(2026, 10, 31), stop)
    assert digests(folder, ".") == before
    assert not write_world(folder, "tiny", 8, date(2026, 10, 31)).reused


def test_an_unknown_scale_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="tiny, demo, bench"):
        write_world(tmp_path / "x", "huge", 7, date(2026, 10, 31))


def test_every_source_stands_where_the_configuration_says(tiny: Path) -> None:
    configs = source_configs(tiny)
    for url in (configs.crm_url, configs.service_url):
        assert url is not None
        assert Path(url.removeprefix("sqlite:///")).is_file()
    for folder in (configs.app_files, configs.marketing_files, configs.market_files):
        assert folder is not None
        assert any(folder.iterdir())
