"""The review page: what it asks, that an answer is kept at once, and that nobody answers without a name.

And the card of OneID on the page of data health.
"""

import shutil

import duckdb
import pytest

from serving.identity_review import last_answers
from serving.snapshot import publish
from tests.unit.serving.warehouse import write_warehouse


@pytest.fixture
def data_dir(network_dir, tmp_path):
    """A data folder that the test may write its answers to."""
    shutil.copytree(network_dir / "snapshots", tmp_path / "snapshots")
    return tmp_path


@pytest.fixture
def page(open_page, data_dir):
    app = open_page(data_dir, "identity_review")
    assert not app.exception
    return app


def said(data_dir) -> dict:
    found = last_answers(data_dir / "state" / "state.sqlite")
    return {key: (row.answer, row.answered_by, row.answered_in) for key, row in found.items()}


def press(app, key):
    app.button(key=key).click().run()
    assert not app.exception
    return app


def asked(app) -> str:
    return next(element.value for element in app.caption if element.value.startswith("A is"))


def test_the_most_instructive_pair_is_shown_masked(page):
    assert asked(page) == "A is `app.account:A1`, B is `crm.lead:L1`."
    table = page.table[0].value
    assert list(table["Field"]) == ["Given name", "Email"]  # what neither record has is left out
    assert list(table["Compared"]) == ["= same", "≠ different"]
    assert [metric.value for metric in page.metric] == ["3", "0"]


def test_nobody_answers_without_a_name(page, data_dir):
    assert page.button(key="say_same").disabled
    assert page.button(key="say_different").disabled
    assert said(data_dir) == {}


def test_an_answer_is_kept_with_a_name_and_the_next_pair_comes(page, data_dir):
    page.text_input(key="review_by").input("A. Keller").run()
    press(page, "say_same")
    assert said(data_dir) == {("app.account:A1", "crm.lead:L1"): ("same", "A. Keller", "dashboards")}
    assert asked(page) == "A is `app.account:A2`, B is `crm.lead:L2`."
    assert [metric.value for metric in page.metric] == ["2", "1"]


def test_undo_takes_the_answer_back_and_asks_again(page, data_dir):
    page.text_input(key="review_by").input("A. Keller").run()
    press(press(page, "say_different"), "undo")
    assert said(data_dir)["app.account:A1", "crm.lead:L1"][0] == "unsure"
    assert asked(page) == "A is `app.account:A1`, B is `crm.lead:L1`."
    assert page.button(key="undo").disabled


def test_a_skipped_pair_waits_until_the_others_are_done(page, data_dir):
    page.text_input(key="review_by").input("A. Keller").run()
    press(page, "skip")
    assert asked(page) == "A is `app.account:A2`, B is `crm.lead:L2`."
    press(press(page, "say_same"), "say_same")
    assert asked(page) == "A is `app.account:A1`, B is `crm.lead:L1`."
    press(page, "say_different")
    assert [element.value for element in page.success] == ["No pair waits for a judgement."]
    assert len(said(data_dir)) == 3


def test_a_store_that_cannot_be_written_is_said(open_page, data_dir):
    (data_dir / "state").mkdir()
    (data_dir / "state" / "state.sqlite").write_bytes(b"this is no database" * 100)
    app = open_page(data_dir, "identity_review")
    assert not app.exception
    assert "Answers cannot be kept" in app.error[0].value


def test_data_health_shows_the_last_build_of_oneid_and_names_a_jump(open_page, network_dir, tmp_path):
    app = open_page(network_dir, "data_health")
    shown = {metric.label: metric.value for metric in app.metric}
    assert (shown["Unification rate"], shown["People"], shown["Largest person"]) == ("92%", "100", "12")
    assert not app.warning
    file = write_warehouse(tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(file)) as con:
        con.execute("UPDATE serving.srv_identity_quality SET jump = 'largest person' WHERE record_cnt = 902")
    publish(file, tmp_path / "snapshots")
    assert "largest person" in open_page(tmp_path, "data_health").warning[0].value
