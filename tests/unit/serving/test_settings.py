"""Readers look where the pipeline publishes."""

from pathlib import Path

import pytest

from serving.settings import ReaderSettings


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORECOURT_DATA_DIR", raising=False)


def test_without_settings_it_is_the_data_folder_of_the_working_folder():
    assert ReaderSettings().snapshots_dir == Path("data/snapshots")


def test_the_pipelines_file_moves_readers_too(tmp_path):
    (tmp_path / "forecourt.toml").write_text(
        'data_dir = "elsewhere"\nkeep_snapshots = 3\n[demo]\nscale = "tiny"\n'
    )
    assert ReaderSettings().snapshots_dir == Path("elsewhere/snapshots")


def test_the_environment_wins_over_the_file(tmp_path, monkeypatch):
    (tmp_path / "forecourt.toml").write_text('data_dir = "elsewhere"\n')
    monkeypatch.setenv("FORECOURT_DATA_DIR", "/srv/forecourt")
    assert ReaderSettings().snapshots_dir == Path("/srv/forecourt/snapshots")
