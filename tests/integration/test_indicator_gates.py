"""A failed gate withholds an indicator, shows its last good value, and lets everything else be published."""

import duckdb
import pytest


@pytest.fixture(scope="module")
def broken(tiny, tmp_path_factory, run_forecourt):
    """The tiny world after a CRM load that lost rows: its test fails, and yet a snapshot is published."""
    built = tiny.copy(tmp_path_factory.mktemp("gates"))
    with duckdb.connect(str(built.warehouse)) as con:
        [[good]] = con.execute(
            "select value from raw_governance.indicator_value where code = 'lead_cnt'"
        ).fetchall()
        con.execute("update raw_crm.load_audit set is_balanced = false where entity = 'lead'")
    for verb in (["build", "--select", "fct_load"], ["publish"]):
        done = run_forecourt(built.data_dir, *verb)
        assert done.returncode == 0, done.stderr
    return built, good


def test_the_number_is_withheld_with_its_last_good_value_and_the_reason(broken, run_forecourt):
    built, good = broken
    asked = run_forecourt(built.data_dir, "query", "lead_cnt", "--from", "2026-09-01", "--to", "2026-09-30")
    assert asked.returncode == 1
    assert "is withheld" in asked.stderr
    assert "crm_loads_balance" in asked.stderr
    assert f"{good:,.6g}" in asked.stderr


def test_what_is_computed_from_it_is_withheld_and_the_rest_is_not(broken, run_forecourt):
    built, _ = broken
    with duckdb.connect(str(built.warehouse), read_only=True) as con:
        states = dict(con.execute("select code, state from serving.srv_indicator_status").fetchall())
    assert states["cpl"] == "withheld"
    assert states["svc_visit_cnt"] == "published"
    asked = run_forecourt(
        built.data_dir, "query", "svc_visit_cnt", "--from", "2026-09-01", "--to", "2026-09-30"
    )
    assert asked.returncode == 0, asked.stderr
