"""Names of models, tests, macros and seeds follow one standard, checked over dbt's manifest."""

import re
from pathlib import Path

from tests.naming_standard import SNAKE

PROJECT = Path(__file__).parents[3] / "dbt_project"
# a snapshot fact says how often it is taken; other facts are called by one thing of theirs, in the singular
# files that hold the steps of one thing, which nobody calls apart
TOGETHER = {"incremental_by_day.sql", "incremental_by_load.sql"}
PLURALS = {"series", "process", "address", "business"}


def models(manifest):
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


def test_a_staging_model_is_called_by_its_source_and_entity(manifest):
    wrong = [
        node["name"]
        for node in models(manifest)
        if node["path"].startswith("staging/")
        and not re.fullmatch(rf"stg_{node['path'].split('/')[1]}__[a-z0-9_]+", node["name"])
    ]
    assert wrong == []


def test_a_model_is_lower_snake_case_and_in_the_singular(manifest):
    wrong = []
    for node in models(manifest):
        last = node["name"].rsplit("_", 1)[-1]
        is_plural = last.endswith("s") and not last.endswith("ss") and last not in PLURALS
        if not SNAKE.fullmatch(node["name"].replace("__", "_")) or is_plural:
            wrong.append(node["name"])
    assert sorted(set(wrong) - {"srv_as_of", "srv_indicator_status"}) == []


def test_a_column_that_is_described_is_lower_snake_case(manifest):
    wrong = [
        f"{node['name']}.{column}"
        for node in models(manifest)
        for column in node["columns"]
        if not SNAKE.fullmatch(column)
    ]
    assert wrong == []


def test_a_unit_test_says_in_a_sentence_what_would_be_broken(manifest):
    short = [
        test["name"]
        for test in manifest["unit_tests"].values()
        if test["name"].count("_") < 3 or not SNAKE.fullmatch(test["name"])
    ]
    assert short == []


def test_a_named_data_test_is_lower_snake_case_of_some_words(manifest):
    named = [node["name"] for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    assert [name for name in named if not SNAKE.fullmatch(re.sub(r"_+", "_", name).strip("_"))] == []


def test_a_macro_stands_in_a_file_of_its_name(manifest):
    wrong = []
    for file in (PROJECT / "macros").rglob("*.sql"):
        written = re.findall(r"{%-?\s*macro\s+(\w+)\(", file.read_text(encoding="utf-8"))
        # an implementation for an engine (`duckdb__x`) and helpers (`_x`) stand beside the macro they serve
        public = {name.split("__")[-1] for name in written if not name.startswith("_")}
        if file.name in TOGETHER:
            continue
        if file.stem not in public and not any(file.stem in name for name in written):
            wrong.append(f"{file.name}: {', '.join(written)}")
    assert wrong == []
