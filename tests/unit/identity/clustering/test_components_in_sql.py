"""The components of other engines (plain SQL, by dbt) must be those of SciPy on every shape of graph."""

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from identity.clustering import components
from tests.component_project import build_components


def chain(length, rng):
    order = rng.permutation(length)
    return order[:-1], order[1:]


def star(size, rng):
    return np.full(size, size // 3), rng.permutation(size)


def random_graph(nodes, edges, rng):
    return rng.integers(0, nodes, edges), rng.integers(0, nodes, edges)


@pytest.fixture(scope="module")
def graphs():
    """Name -> (left, right), with numbers that do not overlap: one run of dbt does them all."""
    rng = np.random.default_rng(11)
    parts = {
        "chain in order": (np.arange(9_999), np.arange(1, 10_000)),
        "chain in any order": chain(10_000, rng),
        "star": star(100_000, rng),
        "sparse": random_graph(30_000, 20_000, rng),
        "at the edge of one giant": random_graph(30_000, 30_000, rng),
        "loops and repeats": (np.array([0, 1, 1, 2, 2]), np.array([0, 2, 2, 1, 2])),
    }
    placed, offset = {}, 0
    for name, (left, right) in parts.items():
        placed[name] = (left + offset, right + offset)
        offset = int(max(left.max(), right.max())) + offset + 2  # one node between is alone
    return placed, offset


@pytest.fixture(scope="module")
def by_sql(graphs, tmp_path_factory):
    """Component of every node, by the macro, run by dbt on DuckDB; and the tables it left behind."""
    folder = tmp_path_factory.mktemp("components")
    file = folder / "graph.duckdb"
    placed, node_cnt = graphs
    left, right = (np.concatenate(ends) for ends in zip(*placed.values(), strict=True))
    with duckdb.connect(str(file)) as con:
        edge, node = pa.table({"one": left, "other": right}), pa.table({"node": np.arange(node_cnt)})
        con.register("edges", edge)
        con.register("nodes", node)
        con.execute("create table edge as from edges; create table node as from nodes")
    build_components(file, folder)
    with duckdb.connect(str(file), read_only=True) as con:
        rows = con.execute("select node, component from component order by node").fetchnumpy()
        tables = [
            name for (name,) in con.execute("select table_name from duckdb_tables() order by 1").fetchall()
        ]
    return rows, tables


@pytest.mark.parametrize(
    "name",
    [
        "chain in order",
        "chain in any order",
        "star",
        "sparse",
        "at the edge of one giant",
        "loops and repeats",
    ],
)
def test_sql_and_scipy_find_the_same_components(name, graphs, by_sql):
    left, right = graphs[0][name]
    inside = np.unique(np.concatenate([left, right]))
    expected = components(
        *(np.concatenate(ends) for ends in zip(*graphs[0].values(), strict=True)), graphs[1]
    )
    found = np.asarray(by_sql[0]["component"])
    assert found[inside].tolist() == expected[inside].tolist()


def test_every_node_has_one_row_and_nodes_without_edges_are_alone(graphs, by_sql):
    assert np.asarray(by_sql[0]["node"]).tolist() == list(range(graphs[1]))
    touched = np.unique(np.concatenate([np.concatenate(ends) for ends in graphs[0].values()]))
    alone = np.setdiff1d(np.arange(graphs[1]), touched)
    assert len(alone)
    assert np.asarray(by_sql[0]["component"])[alone].tolist() == alone.tolist()


def test_no_work_table_is_left_behind(by_sql):
    assert by_sql[1] == ["component", "edge", "node"]
