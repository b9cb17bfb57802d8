"""dbt's models, seeds and tests as assets and checks."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliResource,
    DbtProject,
    dbt_assets,
)

from orchestration.assets.by_day import mark_days
from orchestration.assets.describing import described
from orchestration.assets.naming import WRITER_POOL, asset_key
from orchestration.assets.writer import settings_and_lock
from orchestration.dbt_build import dbt_arguments, warehouse_variable
from orchestration.settings import Settings
from orchestration.stewardship.answers import bring_answers

_PARSED = (".sql", ".py", ".yml", ".yaml", ".md", ".csv")


class Translator(DagsterDbtTranslator):
    """Keys by schema and table, groups by layer, owners from dbt's groups."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """``<schema>/<table>`` for models, seeds and sources alike."""
        return asset_key(
            dbt_resource_props["schema"], dbt_resource_props.get("identifier") or dbt_resource_props["name"]
        )

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The layer: dbt's schema."""
        return str(dbt_resource_props["schema"])


def dbt_executable() -> str:
    """dbt of this environment, which need not be on the PATH."""
    return str(Path(sys.executable).with_name("dbt"))


def prepared_manifest(settings: Settings) -> Path:
    """dbt's manifest, parsed again only where a file of the project is newer than it.

    dagster-dbt's own preparation works inside ``dagster dev`` alone; runs and tests need the manifest as
    well.
    """
    target = settings.data_dir / "dbt" / "dagster"
    manifest = target / "manifest.json"
    if manifest.exists() and manifest.stat().st_mtime > _newest_change(settings.dbt_project_dir):
        return manifest
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        arguments = dbt_arguments(settings, "parse", "--target-path", scratch)
        environment = os.environ | {"FORECOURT_WAREHOUSE": str(settings.warehouse)}
        done = subprocess.run([dbt_executable(), *arguments], env=environment, check=False)
        if done.returncode:
            raise RuntimeError(
                f"dbt could not read {settings.dbt_project_dir}: see {settings.dbt_log_dir}/dbt.log"
            )
        for name in ("partial_parse.msgpack", "manifest.json"):
            if (Path(scratch) / name).exists():
                shutil.move(Path(scratch) / name, target / name)
    return manifest


def _newest_change(project: Path) -> float:
    folders = ("models", "macros", "seeds", "tests")
    files = [file for folder in folders for file in (project / folder).rglob("*") if file.suffix in _PARSED]
    return max(file.stat().st_mtime for file in [*files, *project.glob("*.yml")])


def _target(settings: Settings) -> Path:
    """The folder of the command line's builds, so that neither parses or compiles what the other has."""
    parsed = settings.dbt_target_dir / "partial_parse.msgpack"
    if not parsed.exists():
        settings.dbt_target_dir.mkdir(parents=True, exist_ok=True)
        shutil.copy(settings.data_dir / "dbt" / "dagster" / parsed.name, parsed)
    return settings.dbt_target_dir


class BuildConfig(dg.Config):
    """How a build is done: ``rebuild_people`` works out everybody anew, instead of whom the batch reached."""

    rebuild_people: bool = False


def dbt_definitions(settings: Settings) -> tuple[dg.AssetsDefinition, DbtCliResource]:
    """Every model and seed as assets, every test as a check, and the resource that runs them."""
    manifest = prepared_manifest(settings)
    project = DbtProject(
        settings.dbt_project_dir, target_path=manifest.parent, profiles_dir=settings.dbt_project_dir
    )
    translator = Translator(
        DagsterDbtTranslatorSettings(enable_code_references=True, enable_source_tests_as_checks=True)
    )

    @dbt_assets(
        manifest=manifest,
        project=project,
        dagster_dbt_translator=translator,
        name="dbt_build",
        pool=WRITER_POOL,
    )
    def dbt_build(
        context: dg.AssetExecutionContext, dbt: DbtCliResource, config: BuildConfig
    ) -> Iterator[Any]:
        """Build the selected models, run their tests, count their rows."""
        began = datetime.now(UTC)
        with settings_and_lock(context) as held, warehouse_variable(held):
            bring_answers(held)
            # only where they are needed: other variables than last time make dbt parse everything again
            variables = ["--vars", json.dumps({"id_rebuild": True})] if config.rebuild_people else []
            build = dbt.cli(["build", *variables], context=context, target_path=_target(held))
            yield from described(context, build, held.warehouse)
            mark_days(context, held, began)

    return dbt_build, DbtCliResource(project_dir=project, dbt_executable=dbt_executable())
