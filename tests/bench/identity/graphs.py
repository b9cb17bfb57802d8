"""Connected components, one method a process: edges of random 64-bit ids in, one row for each node out.

    python -m tests.bench.identity.graphs METHOD EDGES     (scipy | sql | splink | networkx)

prints seconds, peak memory, and what proves that all found the same: components, largest, nodes.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from orchestration.identity_evaluation.report import peak_bytes


def write_graph(file: Path, edge_cnt: int, seed: int = 5) -> None:
    """Small components as of households, a chain and a star of 10,000 (100,000 in large graphs)."""
    rng = np.random.default_rng(seed)
    long = 100_000 if edge_cnt > 5_000_000 else 10_000
    nodes = int(edge_cnt * 1.24)
    near = rng.geometric(0.5, edge_cnt - 2 * long)
    left = rng.integers(0, nodes, edge_cnt - 2 * long)
    order = nodes + rng.permutation(long + 1)
    star = nodes + 2 * long + np.arange(long)
    one = np.concatenate([left, order[:-1], np.full(long, nodes + 4 * long)])
    other = np.concatenate([(left + near) // 3 * 3 % nodes, order[1:], star])
    ids = rng.permutation(nodes + 4 * long + 1) * 7_919 + 2**40
    edges = pa.table({"one": ids[one], "other": ids[other]})
    with duckdb.connect() as con:
        con.register("edges", edges)
        con.execute(f"copy edges to '{file}' (format parquet)")


def by_scipy(con: duckdb.DuckDBPyConnection) -> None:
    """As dbt's model id_component does it: nodes numbered in SQL, components by scipy."""
    from identity.clustering import components

    con.execute(
        "create table node as select id, row_number() over (order by id) - 1 as node_no "
        "from (select one as id from edge union select other from edge)"
    )
    ends = con.sql(
        "select a.node_no as one, b.node_no as other from edge "
        "join node as a on edge.one = a.id join node as b on edge.other = b.id"
    ).to_arrow_table()
    node_cnt = con.execute("select count(*) from node").fetchall()[0][0]
    labels = components(ends["one"].to_numpy(), ends["other"].to_numpy(), node_cnt)
    con.register("label", pa.table({"node_no": np.arange(node_cnt), "component_no": labels}))
    con.execute(
        "create table component as select node.id as node, root.id as component from label "
        "join node using (node_no) join node as root on label.component_no = root.node_no"
    )


def by_splink(con: duckdb.DuckDBPyConnection) -> None:
    """Splink's own clustering of edges that are all certain."""
    from splink import DuckDBAPI
    from splink.clustering import cluster_pairwise_predictions_at_threshold

    con.execute("create table node as select one as id from edge union select other from edge")
    con.execute(
        "create table pair as select one as id_l, other as id_r, 1.0::double as match_probability from edge"
    )
    found = cluster_pairwise_predictions_at_threshold(
        "node",
        "pair",
        DuckDBAPI(connection=con),
        node_id_column_name="id",
        edge_id_column_name_left="id_l",
        edge_id_column_name_right="id_r",
        threshold_match_probability=0.5,
    )
    con.execute(
        f"create table component as select id as node, cluster_id as component from {found.physical_name}"
    )


def by_networkx(con: duckdb.DuckDBPyConnection) -> None:
    """networkx, from and to the same tables."""
    import networkx

    ends = con.sql("select one, other from edge").to_arrow_table()
    graph = networkx.Graph()
    graph.add_edges_from(zip(ends["one"].to_pylist(), ends["other"].to_pylist(), strict=True))
    nodes, labels = [], []
    for group in networkx.connected_components(graph):
        nodes += group
        labels += [min(group)] * len(group)
    con.register("label", pa.table({"node": nodes, "component": labels}))
    con.execute("create table component as from label")


METHODS: dict[str, Callable[[duckdb.DuckDBPyConnection], None]] = {
    "scipy": by_scipy,
    "splink": by_splink,
    "networkx": by_networkx,
}


def main(method: str, edges: str) -> None:
    """Measure one method on one graph."""
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "graph.duckdb"
        with duckdb.connect(str(file)) as con:
            con.execute(f"create table edge as from '{edges}'")
            if method == "sql":
                con.execute("create table node as select one as node from edge union select other from edge")
        seconds = _by_macro(file) if method == "sql" else _in_process(method, file)
        with duckdb.connect(str(file)) as con:
            found = con.execute(
                "select sum(cnt)::bigint, count(*), max(cnt) "
                "from (select count(*) as cnt from component group by component)"
            ).fetchall()[0]
    found_by_name = dict(zip(("nodes", "components", "largest"), found, strict=True))
    print(json.dumps({"seconds": seconds, "peak_bytes": peak_bytes(), **found_by_name}))


def _by_macro(file: Path) -> float:
    """dbt's macro connected_components, run by dbt."""
    from tests.component_project import build_components

    return build_components(file, file.parent)


def _in_process(method: str, file: Path) -> float:
    with duckdb.connect(str(file)) as con:
        started = time.perf_counter()
        METHODS[method](con)
        return time.perf_counter() - started


if __name__ == "__main__":
    main(*sys.argv[1:])
