"""A parsed project that is kept must be the project as it stands, never one that was edited since."""

import pytest

from orchestration import dbt_build
from orchestration.dbt_manifest import parsed_project
from orchestration.settings import load_settings
from tests.component_project import PROFILE, PROJECT


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    (folder / "models").mkdir(parents=True)
    (folder / "models" / "one.sql").write_text("select {{ var('number', 0) }} as number")
    (folder / "dbt_project.yml").write_text(PROJECT.format(macros="macros"))
    path = "{{{{ env_var('FORECOURT_WAREHOUSE') }}}}".format()
    (folder / "profiles.yml").write_text(PROFILE.format(file="X").replace("'X'", f'"{path}"'))
    return folder


def models(manifest):
    return sorted(node.name for node in manifest.nodes.values())


def test_what_is_kept_is_used_until_the_project_or_the_variables_change(project, tmp_path):
    settings = load_settings(data_dir=tmp_path / "data", dbt_project_dir=project)
    kept = tmp_path / "kept"
    assert models(parsed_project(settings, kept, {"number": 1})) == ["one"]
    first = (kept / "key.txt").stat().st_mtime_ns
    again = parsed_project(settings, kept, {"number": 1})
    assert models(again) == ["one"]
    assert (kept / "key.txt").stat().st_mtime_ns == first
    # what was read back builds, in a warehouse that it has never seen
    settings.data_dir.mkdir()
    report = dbt_build.build(settings, variables={"number": 1}, manifest=again)
    assert report.counts == {"models": 1}
    (project / "models" / "two.sql").write_text("select 2 as number")
    assert models(parsed_project(settings, kept, {"number": 1})) == ["one", "two"]
    before = (kept / "key.txt").read_text()
    parsed_project(settings, kept, {"number": 2})
    assert (kept / "key.txt").read_text() != before


def test_a_folder_that_cannot_be_written_costs_time_and_nothing_else(project, tmp_path):
    settings = load_settings(data_dir=tmp_path / "data", dbt_project_dir=project)
    (tmp_path / "file").write_text("")
    assert models(parsed_project(settings, tmp_path / "file" / "kept", {})) == ["one"]
