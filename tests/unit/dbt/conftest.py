"""The dbt project as dbt understands it, and a small warehouse to run it on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from .one_id import parsed

ROOT = Path(__file__).parents[3]
PROJECT = ROOT / "dbt_project"


def _run_dbt(*arguments: str, target: Path, warehouse: Path) -> str:
    """Run dbt as its users do, from the project's folder; return what it printed, fail with it."""
    command = [sys.executable, "-m", "dbt.cli.main", *arguments, "--target-path", str(target)]
    environment = os.environ | {"FORECOURT_WAREHOUSE": str(warehouse), "DBT_LOG_PATH": str(target)}
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def run_dbt():
    """Run dbt in the project's folder: run_dbt(*arguments, target=, warehouse=) -> what it printed."""
    return _run_dbt


@pytest.fixture(scope="session")
def manifest(tmp_path_factory) -> dict:
    """The manifest of a fresh parse; no warehouse is filled."""
    folder = tmp_path_factory.mktemp("dbt")
    _run_dbt("parse", "--no-partial-parse", target=folder / "target", warehouse=folder / "empty.duckdb")
    return json.loads((folder / "target" / "manifest.json").read_text())


@pytest.fixture(scope="session")
def file_manifest() -> object:
    """The project parsed for records that a test makes up (`one_id.parsed`), rules alone."""
    return parsed()


@pytest.fixture
def raw_warehouse(tmp_path, manifest) -> Path:
    """A warehouse whose raw tables exist and are empty, as after a load of empty sources."""
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(path) as con:
        for source in manifest["sources"].values():
            columns = ", ".join(
                f'"{name}" {column["data_type"]}' for name, column in source["columns"].items()
            )
            con.execute(f"create schema if not exists {source['schema']}")
            con.execute(f"create table {source['schema']}.{source['identifier']} ({columns})")
    return path
