"""The dictionary on the tiny world: every indicator explained to its sources, shown, and found again."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from indicators.lineage import column_lineage
from indicators.registry import load_registry
from orchestration.governance.lineage import relations
from serving import dictionary
from serving.store import Store

REPOSITORY = Path(__file__).resolve().parents[2]
# The demo world is too young for the 36 months of these, and too small for a complaint or recall each month.
# OneID measures itself at each build: one snapshot, and rows that no column of a source becomes.
MAY_HAVE_NO_VALUE = ("oneid_", "ltv_36m", "owner_gp36_amt", "complaint_", "recall_")


@pytest.fixture(scope="module")
def entries(tiny):
    return {entry.code: entry for entry in dictionary.entries(Store(tiny.snapshots_dir).snapshot())}


def test_every_written_indicator_has_an_entry_with_a_value_a_query_and_its_course(entries):
    registry = load_registry()
    assert entries.keys() == {*registry.bases, *registry.named}
    for entry in entries.values():
        assert entry.query_sql and entry.tables and entry.formula_tree, entry.code
        if not entry.code.startswith(MAY_HAVE_NO_VALUE):
            assert entry.last_value is not None, entry.code
            assert any(value is not None for value in entry.course_values), entry.code


def test_every_operand_comes_from_columns_of_a_source(entries):
    for entry in (entry for entry in entries.values() if not entry.code.startswith("oneid_")):
        for origin in entry.lineage:
            if origin["role"] in ("measure", "person", "day") and not origin["column"].endswith("_on"):
                assert any(name.startswith("raw_") for name in origin["sources"]), (entry.code, origin)


def test_lineage_goes_where_the_models_say(entries):
    by_column = {one["column"]: one["sources"] for one in entries["lead_reach_cnt"].lineage}
    [reached] = [sources for column, sources in by_column.items() if column.endswith(".is_reached")]
    assert reached == ["raw_crm.lead.reached"]


def test_no_model_of_the_project_is_beyond_the_parser(tiny):
    manifest = tiny.data_dir / "dbt" / "target" / "manifest.json"
    found = column_lineage(relations(manifest, REPOSITORY / "dbt_project"))
    assert found.problems == {}


def test_every_gate_was_judged_and_holds(tiny, entries):
    snapshot = Store(tiny.snapshots_dir).snapshot()
    gates = {gate.gate: gate.outcome for code in entries for gate in dictionary.gates(snapshot, code)}
    assert len(gates) > 8
    assert set(gates.values()) == {"passed"}
    assert {entry.state for entry in entries.values()} == {"published"}


def test_explain_tells_people_and_programs_the_same(tiny, run_forecourt):
    said = run_forecourt(tiny.data_dir, "indicators", "explain", "td_rate_30d")
    assert said.returncode == 0, said.stderr
    for text in (
        "visit_td_cnt / visit_cnt",
        "raw_crm.visit.visit_id",
        "crm_loads_balance: passed",
        "the 30 days",
    ):
        assert text in said.stdout
    known = json.loads(run_forecourt(tiny.data_dir, "indicators", "explain", "td_rate_30d", "--json").stdout)
    assert known["known"]["state"] == "published"
    assert {origin["operand"] for origin in known["detail"]["origins"]} == {"visit_td_cnt", "visit_cnt"}


@pytest.fixture
def page(tiny, monkeypatch):
    monkeypatch.setenv("FORECOURT_DATA_DIR", str(tiny.data_dir))

    def run(**query: str) -> AppTest:
        app = AppTest.from_file(str(REPOSITORY / "dashboards" / "app.py"), default_timeout=60)
        for key, value in query.items():
            app.query_params[key] = value
        return app.run().switch_page("app_pages/indicator_dictionary.py").run()

    return run


def words(app: AppTest) -> str:
    kinds = (app.title, app.header, app.caption, app.markdown, app.info, app.error, app.warning)
    assert not app.exception
    return "\n".join(element.value for kind in kinds for element in kind)


def test_the_page_finds_names_in_two_languages_and_parts_of_codes(page, entries):
    for asked, code in (("test drives", "td_cnt"), ("试驾率", "td_rate"), ("lead2ord", "lead2order_rate")):
        app = page(q=asked)
        assert "indicators." in words(app)
        assert code in list(app.dataframe[0].value["Code"])
    assert "No indicator has these words" in words(page(q="no such thing"))
    assert f"{len(entries)} of {len(entries)} indicators" in words(page())


def test_the_page_opens_written_and_generated_codes_with_their_numbers(page, entries):
    app = page(code="lead_cnt")
    assert "raw" not in app.dataframe[1].value["Source columns"][0]
    assert app.metric[0].value != "no data"
    generated = words(page(code="lead_cnt_30d_yoy"))
    assert "relative change against" in generated
    assert "Did you mean" in words(page(code="leads_cnt"))
