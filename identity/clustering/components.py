"""Connected components of a graph of any shape."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Ints = NDArray[np.int64]


def components(edges_from: Ints, edges_to: Ints, node_cnt: int) -> Ints:
    """Return for each node 0 .. node_cnt-1 the smallest node of its component, for any shape of graph.

    `edges_from` and `edges_to` hold node numbers, one pair for each edge; direction, loops and repeats do
    not matter. Raises ValueError when an edge names a node that is not there.
    """
    check_nodes(edges_from, edges_to, node_cnt)
    ones = np.ones(len(edges_from), dtype=np.int32)  # repeats are summed: a small type would run over to 0
    graph = coo_array((ones, (edges_from, edges_to)), shape=(node_cnt, node_cnt))
    _, labels = connected_components(graph, directed=False)
    # Labels are numbered by scipy; the first node met of each label is its smallest one.
    _, first = np.unique(labels, return_index=True)
    return first[labels].astype(np.int64)


def check_nodes(left: Ints, right: Ints, node_cnt: int) -> None:
    """Raise ValueError where the two ends are not of one length, or name a node that is not there."""
    if len(left) != len(right):
        raise ValueError(f"edges must have two ends: {len(left)} and {len(right)} were given")
    if len(left) and (min(left.min(), right.min()) < 0 or max(left.max(), right.max()) >= node_cnt):
        raise ValueError(f"edges must name nodes 0 .. {node_cnt - 1}")
