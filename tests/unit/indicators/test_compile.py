"""The compiler writes what the registry says, notices a hand edit, and binds columns that exist."""

from pathlib import Path

import pytest
import yaml

from indicators import compile as compiler
from indicators import measures
from indicators.registry import Registry, load_registry
from tests.unit.indicators.small_registry import small_registry

PROJECT = Path(__file__).resolve().parents[3] / "dbt_project"
LEAD_CUBE = "models/indicators/ind_lead_1d.sql"


@pytest.fixture(scope="module")
def shipped() -> Registry:
    return load_registry()


def test_what_is_committed_is_what_the_compiler_writes(shipped):
    assert [str(difference) for difference in compiler.check(shipped, PROJECT)] == []


def test_a_hand_edit_is_noticed_and_undone(tmp_path):
    registry = small_registry(tmp_path / "registry")
    project = tmp_path / "dbt"
    assert {difference.kind for difference in compiler.write(registry, project)} == {"missing"}
    assert compiler.check(registry, project) == []
    cube = project / LEAD_CUBE
    cube.write_text(cube.read_text().replace("is_counted", "true", 1))
    [difference] = compiler.check(registry, project)
    assert (difference.path, difference.kind) == (LEAD_CUBE, "changed")
    assert "+" in difference.diff
    compiler.write(registry, project)
    assert compiler.check(registry, project) == []


def test_a_cube_that_nothing_compiles_to_any_more_is_removed(tmp_path):
    registry = small_registry(tmp_path / "registry")
    project = tmp_path / "dbt"
    compiler.write(registry, project)
    stale = project / "models/indicators/ind_forgotten_1d.sql"
    stale.write_text("select 1")
    assert [(d.path, d.kind) for d in compiler.check(registry, project)] == [
        ("models/indicators/ind_forgotten_1d.sql", "stale")
    ]
    compiler.write(registry, project)
    assert not stale.exists()


def test_a_cube_reads_as_a_colleague_would_have_written_it(tmp_path):
    files = compiler.compile_registry(small_registry(tmp_path))
    assert files["models/indicators/ind_visit_person_1d.sql"] == (
        "-- Compiled from indicators/registry/visit.yml: edit there, then `forecourt indicators compile`.\n"
        "\n"
        "with fact as (\n"
        "    select\n"
        "        fact.*,\n"
        "        person.person_no\n"
        "    from {{ ref('fct_visit') }} as fact\n"
        "    inner join {{ ref('dim_customer') }} as person on fact.one_id = person.one_id\n"
        ")\n"
        "\n"
        "select\n"
        "    arrived_on as stat_date,\n"
        "    dealer_id,\n"
        "    region_code,\n"
        "    person_no,\n"
        "    true as visit_uv,\n"
        "    bool_or(has_test_drive) as visit_td_uv\n"
        "from fact\n"
        "where arrived_on is not null\n"
        "group by\n"
        "    arrived_on,\n"
        "    dealer_id,\n"
        "    region_code,\n"
        "    person_no\n"
    )


def test_every_compiled_model_has_its_yaml_with_grain_contract_and_every_column(shipped):
    files = compiler.compile_registry(shipped)
    models = [path for path in files if path.endswith(".sql")]
    assert len(models) > 20
    for path in models:
        [model] = yaml.safe_load(files[path.replace(".sql", ".yml")])["models"]
        assert model["description"].startswith("One row for each ")
        assert model["config"]["contract"]["enforced"]
        select = files[path].rsplit("\nselect\n", 1)[1]
        for column in model["columns"]:
            assert column["data_type"] and column["description"]
            assert column["name"] in select


def test_every_column_that_the_registry_binds_is_described_in_its_fact(shipped):
    described = {}
    for file in PROJECT.glob("models/core/**/*.yml"):
        for model in (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("models", []):
            described[model["name"]] = {column["name"] for column in model.get("columns", [])}
    for process in shipped.all_processes:
        texts = [process.filter, *process.conditions.values(), *(item.where for item in process.atomic)]
        bound = {process.time, *process.grain, *filter(None, [process.entity])}
        bound |= {name for item in process.atomic for name in measures.parse_measure(item.measure).columns}
        bound |= {own or shipped.standard.dimensions[name].column for name, own in process.dims.items()}
        bound |= {column for text in texts if text for column in measures.columns(text)}
        missing = bound - set(process.conditions) - described[process.model]
        assert not missing, f"{process.model} has no {missing}"


def test_no_fact_column_hides_behind_a_dimension_of_another_name(shipped):
    """A dimension that renames a column must not take the name of a column of the same fact."""
    for process in shipped.all_processes:
        for name, own in process.dims.items():
            assert own != shipped.standard.dimensions[name].column
