"""Dagster's definitions, without running them: one graph, nothing invented, everything owned and
described.
"""

import importlib
import json
import subprocess
import sys

import dagster as dg
import pytest

from ingestion.config import SOURCE_NAMES
from orchestration.assets import retries
from orchestration.assets.naming import CUBE_DAYS_KEY, LIVE_PASS_KEY, SNAPSHOT_KEY, WRITER_POOL
from orchestration.assets.published import funnel_svg
from orchestration.assets.sources import loaders, raw_keys
from serving.funnel import StepCount

LAYERS = {"sources", "raw", "staging", "identity", "core", "indicators", "serving", "published"}


@pytest.fixture(scope="module")
def module(tmp_path_factory):
    """`orchestration.definitions` with a data folder of its own, where dbt's manifest is prepared."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FORECOURT_DATA_DIR", str(tmp_path_factory.mktemp("definitions") / "data"))
        sys.modules.pop("orchestration.definitions", None)
        yield importlib.import_module("orchestration.definitions")


@pytest.fixture(scope="module")
def graph(module):
    return module.defs.resolve_asset_graph()


@pytest.fixture(scope="module")
def manifest(module):
    (project,) = {spec.metadata["dagster_dbt/project"] for spec in dbt_specs(module)} or {None}
    return json.loads(project.manifest_path.read_text())


def dbt_specs(module):
    return [spec for spec in module.defs.resolve_all_asset_specs() if "dagster_dbt/project" in spec.metadata]


def test_dbts_sources_are_the_tables_that_the_loader_writes(manifest):
    declared = {(source["schema"], source["name"]) for source in manifest["sources"].values()}
    written = {tuple(key.path) for source in SOURCE_NAMES for key in raw_keys(source).values()}
    assert declared == written


def test_no_asset_is_invented_by_a_key_that_nothing_makes(graph):
    assert graph.external_asset_keys == {LIVE_PASS_KEY}  # told by the refresher, made by no step


def test_the_graph_goes_from_the_source_systems_to_the_snapshot(graph):
    upstream = {SNAPSHOT_KEY}
    while True:
        more = set().union(*(graph.get(key).parent_keys for key in upstream)) - upstream
        if not more:
            break
        upstream |= more
    for source in SOURCE_NAMES:
        assert dg.AssetKey(["source", source]) in upstream


def test_every_asset_stands_in_a_layer_and_is_owned_and_described(module):
    for spec in module.defs.resolve_all_asset_specs():
        assert spec.group_name in LAYERS, spec.key
        assert spec.owners, spec.key
        assert spec.description, spec.key
        assert spec.kinds, spec.key
        assert spec.freshness_policy, spec.key


def test_every_step_takes_the_one_slot_of_the_writer(module):
    steps = [one for one in module.defs.assets if isinstance(one, dg.AssetsDefinition)]
    pools = {step.op.name: step.op.pool for step in steps}
    assert set(pools.values()) == {WRITER_POOL}
    assert len(pools) == 9


def test_tests_of_dbt_and_the_balance_of_each_source_are_checks(graph, manifest):
    checks = {(key.asset_key.to_user_string(), key.name) for key in graph.asset_check_keys}
    for source in SOURCE_NAMES:
        assert (f"raw_{source}/load_audit", "rows_balance") in checks
    tests = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    assert len(checks) >= 0.9 * len(tests)


def test_the_nightly_schedule_runs_by_default_in_the_business_time_zone(module):
    schedule = module.defs.resolve_schedule_def("nightly")
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 2 * * *", "Europe/Berlin")


def test_the_daily_jobs_leave_days_and_passes_to_their_own(module):
    for name in ("nightly", "hourly"):
        keys = set(module.defs.resolve_job_def(name).asset_layer.executable_asset_keys)
        assert SNAPSHOT_KEY in keys
        assert not {CUBE_DAYS_KEY, LIVE_PASS_KEY} & keys
    nightly = module.defs.resolve_job_def("nightly").run_config
    assert nightly["ops"]["dbt_build"]["config"] == {"rebuild_people": True}
    (only,) = module.defs.resolve_job_def("back_fill").asset_layer.executable_asset_keys
    assert only == CUBE_DAYS_KEY


def test_every_source_has_a_promise_of_its_own(module):
    windows = {
        spec.key.path[-1]: spec.freshness_policy.fail_window.to_timedelta()
        for spec in module.defs.resolve_all_asset_specs()
        if spec.key.path[0] == "source"
    }
    assert set(windows) == set(SOURCE_NAMES)
    assert windows["crm"] < windows["marketing"] < windows["market"]


def test_a_source_that_is_down_is_tried_again_until_the_limit_and_then_told(module, tmp_path, monkeypatch):
    monkeypatch.setenv("FORECOURT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FORECOURT_SOURCES__MARKET_FILES", str(tmp_path / "absent"))
    monkeypatch.setattr(retries, "PAUSE", 0)
    (load_market,) = (one for one in loaders if one.op.name == "load_market")
    with dg.DagsterInstance.ephemeral() as instance:
        done = dg.materialize([load_market], instance=instance, raise_on_error=False)
        (loaded,) = (
            one for one in done.get_asset_check_evaluations() if one.check_name == "source_was_loaded"
        )
    assert [event.event_type_value for event in done.all_events].count("STEP_RESTARTED") == retries.LIMIT
    assert done.success
    assert not loaded.passed
    assert "absent" in loaded.metadata["message"].value


def test_importing_the_definitions_loads_nothing_heavy():
    heavy = {
        "duckdb",
        "dlt",
        "streamlit",
        "numpy",
        "pandas",
        "pyarrow",
        "splink",
        "sklearn",
        "opentelemetry.sdk",
    }
    code = (
        "import sys, orchestration.definitions\n"
        f"heavy = {heavy} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_picture_of_the_funnel_says_no_data_where_there_is_none():
    steps = [
        StepCount(1, "card", "Card", False, 7, 0, 0, 0, 0),
        StepCount(2, "order", "Order & more", True, 90, 100, 25, 100, 25),
    ]
    svg = funnel_svg(100, steps)
    assert "no data" in svg
    assert "25 (25%)" in svg
    assert "Order &amp; more" in svg
