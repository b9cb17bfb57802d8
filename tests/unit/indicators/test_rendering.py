"""What the compiler writes beside plain cubes: fingerprints, roll-ups, histograms, metrics, the log."""

import time

import pytest
import sqlglot
import yaml
from sqlglot import exp

from indicators.compile import compile_registry
from indicators.registry import Registry, load_registry
from indicators.rendering.fact import dimension_columns
from indicators.rendering.restatement import restatement_sql
from indicators.tables import CODE, COUNT, DAY, PERSON_KEY, VALUE, tables
from tests.unit.dbt.cubes.registry import FIRST, registry


@pytest.fixture(scope="module")
def shipped() -> Registry:
    return load_registry()


@pytest.fixture(scope="module")
def files(shipped) -> dict[str, str]:
    return compile_registry(shipped)


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> dict[str, str]:
    return compile_registry(registry(tmp_path_factory.mktemp("small"), FIRST))


def model_of(files: dict[str, str], name: str) -> dict:
    [model] = yaml.safe_load(files[f"models/indicators/{name}.yml"])["models"]
    return model


def test_the_whole_registry_compiles_in_two_seconds():
    started = time.process_time()
    compile_registry(load_registry())
    assert time.process_time() - started < 2


def test_every_column_of_the_fact_that_a_table_reads_is_in_its_fingerprint(shipped, files):
    """A column that the SQL reads and the fingerprint does not: its corrections would never arrive."""
    for process in shipped.all_processes:
        for table in tables(shipped, process):
            reads = model_of(files, table.name)["config"]["meta"]["reads"]
            text = files[f"models/indicators/{table.name}.sql"].replace("{{ ref('", "").replace("') }}", "")
            read = {column.name for column in sqlglot.parse_one(text, dialect="duckdb").find_all(exp.Column)}
            named = {reads["day"], *reads["key"], *reads["columns"], *reads.get("present", {})}
            renamed = {column for own, column in dimension_columns(shipped, process) if own != column}
            written = {DAY, PERSON_KEY, CODE, VALUE, COUNT, *renamed, *process.conditions}
            known = {"*", "one_id", reads.get("person"), *written}
            assert read - named - known == set(), table.name
            if PERSON_KEY in read:
                assert reads["person"], table.name


def test_a_rollup_sums_its_cube(small):
    assert "\n".join(small["models/indicators/ind_lead_by_region_1d.sql"].splitlines()[2:]) == (
        "select\n"
        "    stat_date,\n"
        "    region_code,\n"
        "    cast(sum(lead_cnt) as bigint) as lead_cnt,\n"
        "    cast(sum(lead_visit_cnt) as bigint) as lead_visit_cnt,\n"
        "    cast(sum(spend_amt) as decimal(18, 4)) as spend_amt\n"
        "from {{ ref('ind_lead_1d') }}\n"
        "group by\n"
        "    stat_date,\n"
        "    region_code"
    )


def test_a_histogram_counts_whole_values_of_each_indicator_and_leaves_out_negative_ones(small):
    text = small["models/indicators/ind_lead_histogram_1d.sql"]
    assert text.count("cast(date_sub('minute', created_at, visited_at) as bigint) as value") == 2
    assert "'lead_min' as indicator_code" in text and "'lead_slow_min' as indicator_code" in text
    assert text.count("\n    union all\n") == 1
    assert "from ranked\nwhere value >= 0\ngroup by\n" in text


def test_every_indicator_is_a_metric_or_has_no_words_in_metricflow(shipped, files):
    metrics = {
        metric["name"]
        for path, text in files.items()
        if "/semantic/" in path
        for metric in yaml.safe_load(text).get("metrics", [])
    }
    wordless = {code for code in shipped.bases if shipped.uses_days(code)}
    assert shipped.bases.keys() - metrics == wordless
    assert shipped.named.keys() <= metrics
    assert metrics <= shipped.bases.keys() | shipped.named.keys() | shipped.derived.keys()


def test_the_log_of_restatements_is_read_after_every_table_that_writes_it(shipped):
    text = restatement_sql(shipped)
    for process in shipped.all_processes:
        for table in tables(shipped, process):
            assert (f"-- depends_on: {{{{ ref('{table.name}') }}}}\n" in text) == (table.kind != "rollup")
