"""The smallest dbt project that runs the macro `connected_components`: for its test and for its benchmark."""

from pathlib import Path

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

MACROS = Path(__file__).resolve().parent.parent / "dbt_project" / "macros" / "identity"
PROJECT = """
name: forecourt
version: "0.1"
config-version: 2
profile: forecourt
model-paths: [models]
macro-paths: ["{macros}"]
flags: {{send_anonymous_usage_stats: false}}
"""
PROFILE = "forecourt: {{target: local, outputs: {{local: {{type: duckdb, path: '{file}', threads: 2}}}}}}"
MODEL = """
{{ config(materialized='table', post_hook="{{ drop_component_tables() }}") }}
{{ connected_components('edge', 'one', 'other', 'node', 'node') }}
"""


def build_components(file: Path, folder: Path) -> float:
    """In the DuckDB file, make table component(node, component) of tables edge(one, other) and node(node).

    `folder` takes the project. Returns the seconds that dbt spent on the model, its own start not included.
    """
    (folder / "models").mkdir()
    (folder / "models" / "component.sql").write_text(MODEL)
    (folder / "dbt_project.yml").write_text(PROJECT.format(macros=MACROS.as_posix()))
    (folder / "profiles.yml").write_text(PROFILE.format(file=file.as_posix()))
    folders = ["--project-dir", str(folder), "--profiles-dir", str(folder), "--log-path", str(folder)]
    outcome = dbtRunner().invoke(["run", *folders, "--target-path", str(folder / "target"), "--quiet"])
    DuckDBConnectionManager.close_all_connections()
    if not outcome.success:
        raise RuntimeError(str(outcome.exception or [one.message for one in outcome.result.results]))
    return outcome.result.results[0].execution_time
