"""A dbt project of the live lane alone: its real models and macros, with a few tables for what they refer
to.
"""

import shutil
from pathlib import Path

import pytest
from dbt.cli.main import dbtRunner

from ingestion.config import SourceConfigs
from ingestion.load import load_sources
from tests.unit.dbt.live.world import Project

REAL = Path(__file__).parents[4] / "dbt_project"
MODELS = (
    "staging/app/stg_app__event.sql",
    "core/app/fct_app_event.sql",
    *(f"indicators/ind_app{name}_1d.{kind}" for name in ("", "_person") for kind in ("sql", "yml")),
)
STUBS = ("core/dim_customer", "identity/id_map", "identity/event_type")
PROJECT = """
name: forecourt
version: "1.0"
config-version: 2
profile: forecourt
macro-paths: ["{real}/macros", "{real}/tests/generic"]
on-run-start: ["{{{{ create_indicator_state() }}}}"]
vars: {{lane: full, business_time_zone: Europe/Berlin}}
models:
  forecourt:
    staging: {{+schema: staging, +materialized: view}}
    identity: {{+schema: identity}}
    core: {{+schema: core}}
    indicators: {{+schema: indicators, +materialized: incremental_by_day}}
"""
PROFILE = """
forecourt:
  target: t
  outputs: {{t: {{type: duckdb, path: '{file}', schema: main, threads: 1, settings: {{TimeZone: UTC}}}}}}
"""
SOURCES = "sources: [{name: app, schema: raw_app, tables: [{name: event}]}]"


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    """The parsed project on a warehouse with the app's raw tables."""
    folder = tmp_path_factory.mktemp("live-lane")
    file = folder / "warehouse.duckdb"
    [report] = load_sources(file, folder / "pipelines", SourceConfigs(), ["app"])
    assert report.status == "not_configured", report.message
    for name in MODELS:
        (folder / "models" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REAL / "models" / name, folder / "models" / name)
    for name in STUBS:
        (folder / "models" / f"{name}.sql").parent.mkdir(parents=True, exist_ok=True)
        (folder / "models" / f"{name}.sql").write_text("select 1 as number")
    (folder / "models" / "sources.yml").write_text(SOURCES)
    (folder / "dbt_project.yml").write_text(PROJECT.format(real=REAL.as_posix()))
    (folder / "profiles.yml").write_text(PROFILE.format(file=file))
    folders = [
        *("--project-dir", str(folder), "--profiles-dir", str(folder)),
        *("--target-path", str(folder / "target"), "--log-path", str(folder / "logs")),
        *("--log-level", "none", "--log-level-file", "none", "--no-write-json"),
    ]
    parsed = dbtRunner().invoke(["parse", *folders])
    assert parsed.success, parsed.exception
    parsed.result.build_flat_graph()  # macros ask the graph; dbt builds it where it reads a project itself
    return Project(folder, dbtRunner(manifest=parsed.result), folders)
