"""`forecourt run` as a person meets it: what it prints, what it leaves, and what it does the second time."""

import json

import pytest

from serving.funnel import funnel
from serving.scope import Period
from serving.store import Store


def test_a_run_ends_with_the_dealer_funnel_and_what_to_do_next(tiny):
    for words in (
        "Wrote the demo world of scale tiny",
        "Published snapshot 1",
        "Dealer funnel",
        "make dashboards",
    ):
        assert words in tiny.said


def test_the_printed_funnel_is_the_published_one(tiny):
    lines = tiny.said.splitlines()
    first, last = next(line for line in lines if "Dealer funnel" in line).split()[-3::2]
    snapshot = Store(tiny.snapshots_dir).snapshot()
    for step in funnel(snapshot, Period(first, last)):
        line = next(line for line in lines if line.strip().startswith(step.name))
        assert f" {step.passed:,} " in line
        assert f"{step.rate:.0%}" in line or f"{step.rate:.1%}" in line


def test_a_second_run_uses_the_same_world_and_loads_nothing_new(
    tiny, tmp_path, run_forecourt, differing_facts
):
    copied = tiny.copy(tmp_path)
    done = run_forecourt(copied.data_dir, "run", "--scale", "tiny", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["world"]["reused"]
    entities = [entity for source in report["sources"] for entity in source["entities"]]
    assert sum(entity["loaded"] for entity in entities) == 0
    assert report["snapshot"]["version"] == 2
    assert differing_facts(copied.warehouse, tiny.warehouse) == []


@pytest.mark.parametrize("verb", ["doctor", "query lead_cnt", "rejected list", "indicators list"])
def test_what_programs_read_is_json_and_nothing_else(tiny, run_forecourt, verb):
    done = run_forecourt(tiny.data_dir, *verb.split(), "--json")
    assert done.returncode == 0, done.stderr
    json.loads(done.stdout)


def test_query_answers_as_the_published_cube_does(tiny, run_forecourt):
    done = run_forecourt(tiny.data_dir, "query", "lead_cnt", "--by", "dealer", "--json")
    rows = Store(tiny.snapshots_dir).query(
        "select dealer_id, sum(lead_cnt)::bigint as value from indicators.ind_lead_1d group by all"
    )
    expected = {row["dealer_id"]: row["value"] for row in rows.to_pylist()}
    assert {row["dealer"]: row["value"] for row in json.loads(done.stdout)["rows"]} == expected


def test_query_shows_only_what_the_condition_lets_through(tiny, run_forecourt):
    done = run_forecourt(
        tiny.data_dir, "query", "lead_cnt", "--by", "dealer", "--where", "dealer=D0001", "--json"
    )
    assert [row["dealer"] for row in json.loads(done.stdout)["rows"]] == ["D0001"]
    wrong = run_forecourt(tiny.data_dir, "query", "lead_cnt", "--where", "dealer")
    assert "is not a condition" in wrong.stderr


def test_a_rejected_row_is_shown_as_it_arrived(tiny, run_forecourt):
    listed = json.loads(run_forecourt(tiny.data_dir, "rejected", "list", "--source", "app", "--json").stdout)
    shown = run_forecourt(tiny.data_dir, "rejected", "show", listed[0]["rejected_id"][:16], "--json")
    with tiny.connect() as connection:
        (original,) = connection.execute(
            "select original from raw_app.rejected_row where rejected_id = ?", [listed[0]["rejected_id"]]
        ).fetchone()
    assert json.loads(shown.stdout)["original"] == original.decode()


def test_rejected_rows_that_still_break_their_contract_stay_rejected(tiny, tmp_path, run_forecourt):
    copied = tiny.copy(tmp_path)
    done = run_forecourt(copied.data_dir, "rejected", "replay", "--source", "crm", "--json")
    (report,) = json.loads(done.stdout)
    assert report["tried"] == report["refused"] > 0
    assert report["loaded"] == 0
