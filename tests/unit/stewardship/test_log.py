"""The logs of decisions: nothing is lost, the last word stands, and it can be taken back."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from orchestration.errors import ForecourtError
from orchestration.settings import Settings
from orchestration.stewardship import log
from orchestration.stewardship.log import PairDecision, ValueDecision

SEEDS = Path(__file__).parents[3] / "dbt_project" / "seeds"


@pytest.fixture
def settings(tmp_path) -> Settings:
    (tmp_path / "project" / "seeds").mkdir(parents=True)
    for name in ("id_steward_decision.csv", "id_blocked_value.csv"):
        shutil.copy(SEEDS / name, tmp_path / "project" / "seeds")
    return Settings(data_dir=tmp_path / "data", dbt_project_dir=tmp_path / "project")


def decide(settings, decision, a="crm.lead:1", b="app.account:2", reason="asked both") -> PairDecision:
    row = PairDecision(decision, a, b, "steward", log.instant(), reason)
    log.add(settings, row)
    return row


def pairs(settings) -> dict:
    return {row.subject: row.decision for row in log.standing_pairs(settings)}


def test_the_last_word_on_a_pair_stands_whichever_way_round_it_was_said(settings):
    decide(settings, "link")
    decide(settings, "unlink", "app.account:2", "crm.lead:1")
    assert pairs(settings) == {("app.account:2", "crm.lead:1"): "unlink"}
    assert [row.decision for row in log.decisions(settings, PairDecision)] == ["link", "unlink"]


def test_a_reason_is_kept_as_it_was_written_and_none_is_refused(settings):
    decide(settings, "link", reason='said "both, of course",\nby telephone; Müller')
    assert log.standing_pairs(settings)[0].reason == 'said "both, of course",\nby telephone; Müller'
    with pytest.raises(ForecourtError, match="--reason"):
        decide(settings, "link", reason="  ")


def test_undo_goes_back_one_decision_at_a_time_and_what_stood_before_stands_again(settings):
    decide(settings, "unlink")
    decide(settings, "link")
    decide(settings, "link", "crm.card:3", "crm.card:4")
    log.add(settings, ValueDecision("block", "email", "a@x.de", "steward", log.instant(), "tablet"))
    blocked = log.standing(log.decisions(settings, ValueDecision))
    log.undo(settings, "me")
    assert blocked.keys() - log.standing(log.decisions(settings, ValueDecision)).keys() == {
        ("email", "a@x.de")
    }
    log.undo(settings, "me")
    assert pairs(settings) == {("app.account:2", "crm.lead:1"): "link"}
    log.undo(settings, "me")
    assert pairs(settings) == {("app.account:2", "crm.lead:1"): "unlink"}
    log.undo(settings, "me")
    assert pairs(settings) == {}
    assert len(log.decisions(settings, PairDecision)) == 6  # taking back is a decision too, and is kept


def test_nothing_to_take_back_is_said(settings):
    for _ in log.decisions(settings, ValueDecision):
        log.undo(settings, "me")
    with pytest.raises(ForecourtError, match="no decision to take back"):
        log.undo(settings, "me")


def test_two_stewards_at_once_lose_nothing(settings):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: decide(settings, "link", f"crm.lead:{n}", f"crm.card:{n}"), range(24)))
    assert len(pairs(settings)) == 24
    assert [path.name for path in log.path_of(settings, PairDecision).parent.glob(".*")] == []


def test_a_file_that_is_no_log_is_named(settings):
    log.path_of(settings, PairDecision).write_text("a,b\n1,2\n")
    with pytest.raises(ForecourtError, match=r"id_steward_decision\.csv needs the columns decision"):
        decide(settings, "link")
