"""The nightly job through a real Dagster instance does what `forecourt run` does, and tells more about it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from orchestration.assets.by_day import MARKED
from orchestration.assets.naming import CUBE_DAYS_KEY
from serving.snapshot import current

DAGSTER = Path(sys.executable).with_name("dagster")
REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Data folder and instance after `dagster job execute` of the nightly job on the tiny world."""
    folder = tmp_path_factory.mktemp("dagster")
    home = folder / "data" / "dagster"
    home.mkdir(parents=True)
    shutil.copy(REPOSITORY / "orchestration" / "dagster.yaml", home)
    env = {
        **os.environ,
        "DAGSTER_HOME": str(home),
        "FORECOURT_DATA_DIR": str(folder / "data"),
        "FORECOURT_DEMO__SCALE": "tiny",
    }
    command = [
        str(DAGSTER),
        "job",
        "execute",
        "--module-name",
        "orchestration.definitions",
        "--job",
        "nightly",
    ]
    done = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-5_000:]
    with dg.DagsterInstance.from_config(str(home)) as instance:
        yield folder / "data", instance


def metadata(instance: dg.DagsterInstance, *key: str) -> dict:
    event = instance.get_latest_materialization_event(dg.AssetKey(key))
    return {name: value.value for name, value in event.asset_materialization.metadata.items()}


def test_the_snapshot_is_published_and_described(ran):
    data_dir, instance = ran
    said = metadata(instance, "published", "snapshot")
    assert said["version"] == current(data_dir / "snapshots").version == 1
    assert said["dagster/row_count"] > 10_000
    assert "data:image/svg+xml;base64," in said["dealer funnel"]


def test_facts_are_those_of_the_command_line(ran, tiny, differing_facts):
    data_dir, _ = ran
    assert differing_facts(data_dir / "warehouse.duckdb", tiny.warehouse) == []


def test_tables_tell_their_rows_and_columns(ran):
    _, instance = ran
    lead = metadata(instance, "core", "fct_lead")
    assert lead["dagster/row_count"] > 2_000
    assert "created_on" in {column.name for column in lead["dagster/column_schema"].columns}
    raw = metadata(instance, "raw_crm", "lead")
    assert raw["read"] > raw["loaded"] == raw["dagster/row_count"] > 3_000


def test_the_days_of_the_cubes_are_marked(ran):
    _, instance = ran
    days = instance.get_materialized_partitions(CUBE_DAYS_KEY)
    assert 0 < len(days) <= MARKED


def test_every_check_was_evaluated_and_passed(ran):
    _, instance = ran
    (run,) = instance.get_runs()
    events = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    evaluations = [event.dagster_event.asset_check_evaluation_data for event in events]
    names = {one.check_name for one in evaluations}
    assert {"rows_balance", "source_was_loaded"} <= names
    assert len(evaluations) > 100
    assert [one.check_name for one in evaluations if not one.passed] == []
