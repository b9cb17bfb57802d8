"""The journal: nothing of it is lost to a killed process, and readers read what they ask for."""

import json

import pytest

from orchestration.refresher import journal
from orchestration.refresher.journal import Journal, Pass, read_passes, read_state
from orchestration.settings import load_settings


@pytest.fixture
def settings(tmp_path):
    return load_settings(data_dir=tmp_path)


def numbers(settings, after=0):
    return [one["pass_no"] for one in read_passes(settings, after)]


def write(settings, count):
    kept = Journal(settings)
    for _ in range(count):
        kept.pass_no += 1
        kept.append(Pass(kept.pass_no, "boot", "live", "2026-01-01T00:00:00+00:00"))


def test_numbers_rise_over_restarts_and_half_a_line_spoils_no_other(settings):
    write(settings, 2)
    with (journal.refresh_folder(settings) / "passes.jsonl").open("ab") as file:
        file.write(b'{"pass_no": 3, "boot_')  # killed while it wrote
    write(settings, 2)
    assert numbers(settings) == [1, 2, 3, 4]


def test_a_full_journal_is_set_aside_and_still_read(settings, monkeypatch):
    monkeypatch.setattr(journal, "MAX_BYTES", 2000)
    write(settings, 15)
    assert (journal.refresh_folder(settings) / "passes.1.jsonl").exists()
    found = numbers(settings)
    assert found == list(range(found[0], 16))


@pytest.mark.parametrize("after", [0, 1, 500, 998, 999, 1000, 5000])
def test_a_reader_gets_exactly_the_later_passes(settings, after):
    write(settings, 1000)  # more than is read at once
    assert numbers(settings, after) == list(range(after + 1, 1001))


def test_the_state_is_whole_or_nothing(settings):
    assert read_state(settings) is None
    Journal(settings).tell("idle", "2026-01-01T00:00:00+00:00", pass_no=7)
    assert read_state(settings)["pass_no"] == 7
    file = journal.refresh_folder(settings) / "state.json"
    file.write_text(json.dumps({"pid": 1})[:-1])
    assert read_state(settings) is None
