"""Every modifier, dimension and condition of the registry says something of the demo world."""

from collections.abc import Iterator

import duckdb
import pytest
from sqlglot import exp

from indicators.measures import parse_condition
from indicators.models import Process
from indicators.registry import Registry, load_registry
from indicators.tables import tables
from tests.conftest import Built

# process and dimension: why it has one value or none in the demo world
EMPTY = {("warranty", "brand"): "the demo world has one brand; claims of several come from the public data"}
# process and modifier: why it holds for no row of the demo world
UNMATCHED: dict[tuple[str, str], str] = {}


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


@pytest.fixture(scope="module")
def connection(tiny: Built) -> Iterator[duckdb.DuckDBPyConnection]:
    with tiny.connect() as connection:
        yield connection


def on_the_fact(registry: Registry, process: Process, condition: str) -> str:
    """A modifier, which names the columns of the cubes, over the fact."""
    columns = {registry.standard.dimensions[name].column: own for name, own in process.dims.items() if own}
    tree = parse_condition(condition).copy()
    for node in tree.find_all(exp.Column):
        node.set("this", exp.to_identifier(columns.get(node.name, node.name)))
    return tree.sql(dialect="duckdb")


def count(connection: duckdb.DuckDBPyConnection, process: Process, condition: str) -> int:
    return connection.execute(
        f"select count(*) from core.{process.model} where {process.time} is not null and ({condition})"
    ).fetchall()[0][0]


def test_every_modifier_holds_for_some_rows_and_not_for_all(registry, connection):
    wrong = []
    for process in registry.all_processes:
        for name, condition in process.modifiers.items():
            rows = count(connection, process, "true")
            matched = count(connection, process, on_the_fact(registry, process, condition))
            if (0 < matched < rows) == ((process.process, name) in UNMATCHED):
                wrong.append(f"{process.process}.{name}: {matched} of {rows} rows")
    assert wrong == []


def test_every_dimension_that_a_process_stores_has_several_values(registry, connection):
    wrong = []
    for process in registry.all_processes:
        for name, own in process.dims.items():
            column = own or registry.standard.dimensions[name].column
            [[values]] = connection.execute(
                f"select count(distinct {column}) from core.{process.model}"
            ).fetchall()
            if (values > 1) == ((process.process, name) in EMPTY):
                wrong.append(f"{process.process} by {name}: {values} values")
    assert wrong == []


def test_every_attribute_that_is_reached_has_several_values(registry, connection):
    for name, dimension in registry.standard.dimensions.items():
        if dimension.through:
            [[values, known]] = connection.execute(
                f"select count(distinct {dimension.column}), count({dimension.column}) "
                f"from serving.{dimension.table}"
            ).fetchall()
            assert values > 1, f"{name}: {values} values, known for {known} rows of {dimension.table}"


def test_the_gender_of_some_people_is_not_known(connection):
    [[known]] = connection.execute("select count(gender) / count(*) from serving.srv_person").fetchall()
    assert 0.2 < known < 0.9


def test_every_indicator_counts_something(registry, connection):
    """A condition that holds for no row would be taken for a true zero."""
    silent = []
    for process in registry.all_processes:
        for table in tables(registry, process):
            for code in table.measures:
                counts = {"histogram": f"indicator_code = '{code}'", "person": code}.get(
                    table.kind, f"{code} <> 0"
                )
                [[rows]] = connection.execute(
                    f"select count(*) from indicators.{table.name} where {counts}"
                ).fetchall()
                silent += [f"{code} in {table.name}"] if rows == 0 else []
    assert silent == []
