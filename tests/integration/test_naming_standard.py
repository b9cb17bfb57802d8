"""The built warehouse keeps the naming standard: names and types of columns agree in every layer."""

import pytest

from tests.naming_standard import EXCEPTED_TABLES, EXCEPTIONS, problem

LAYERS = ("staging", "identity", "core", "serving")


@pytest.fixture(scope="module")
def columns(tiny):
    with tiny.connect() as connection:
        return connection.execute(
            """select table_schema, table_name, column_name, data_type from information_schema.columns
            where table_schema in ('staging', 'identity', 'core', 'serving') order by all"""
        ).fetchall()


@pytest.mark.parametrize("layer", LAYERS)
def test_a_columns_name_says_its_type(columns, layer):
    found = [
        f"{table}.{column} {why}"
        for schema, table, column, kind in columns
        if schema == layer and table not in EXCEPTED_TABLES and (why := problem(column, kind))
    ]
    assert found == []


def test_a_registered_exception_is_still_needed(columns):
    assert set(EXCEPTIONS) <= {column for _, _, column, _ in columns}
    assert set(EXCEPTED_TABLES) <= {table for _, table, _, _ in columns}


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("ordered", "TIMESTAMP WITH TIME ZONE"),
        ("ordered_at", "TIMESTAMP"),
        ("ordered_at", "DATE"),
        ("ordered_on", "VARCHAR"),
        ("order_day", "DATE"),
        ("counted", "BOOLEAN"),
        ("is_counted", "INTEGER"),
        ("order_cnt", "DOUBLE"),
        ("order_amt", "DOUBLE"),
        ("price", "DECIMAL(14,2)"),
        ("order_id", "DOUBLE"),
        ("OrderId", "VARCHAR"),
    ],
)
def test_a_name_that_breaks_the_standard_is_found(column, kind):
    assert problem(column, kind)


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("ordered_at", "TIMESTAMP WITH TIME ZONE"),
        ("held_from", "TIMESTAMP WITH TIME ZONE"),
        ("owned_to", "DATE"),
        ("ordered_on", "DATE"),
        ("is_counted", "BOOLEAN"),
        ("order_cnt", "BIGINT"),
        ("order_amt", "DECIMAL(14,2)"),
        ("order_id", "VARCHAR"),
        ("channel", "VARCHAR"),
    ],
)
def test_a_name_that_keeps_the_standard_passes(column, kind):
    assert problem(column, kind) is None
