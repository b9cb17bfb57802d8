"""Connected components of the evidence graph, and the re-cut of components that contradict themselves."""

from collections.abc import Iterable, Mapping

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
    if len(edges_from) and (
        min(edges_from.min(), edges_to.min()) < 0 or max(edges_from.max(), edges_to.max()) >= node_cnt
    ):
        raise ValueError(f"edges must name nodes 0 .. {node_cnt - 1}")
    ones = np.ones(len(edges_from), dtype=np.int32)  # repeats are summed: a small type would run over to 0
    graph = coo_array((ones, (edges_from, edges_to)), shape=(node_cnt, node_cnt))
    _, labels = connected_components(graph, directed=False)
    # Labels are numbered by scipy; the first node met of each label is its smallest one.
    _, first = np.unique(labels, return_index=True)
    return first[labels].astype(np.int64)


def recut(
    edges: Iterable[tuple[int, int]],
    traits: Mapping[int, Iterable[str]],
    contradictions: Iterable[tuple[str, str]],
) -> dict[int, int]:
    """Join nodes along `edges`, strongest first, but never two sides that contradict each other.

    `traits` gives for a node what is known of it ("born:1980-02-01", "given:anna"), `contradictions` the
    pairs of traits that no one person can have. Returns for each node met the smallest node of its cluster.
    This is Kruskal's algorithm with cannot-link constraints: the order of the edges decides, nothing else.
    """
    foes: dict[str, set[str]] = {}
    for left, right in contradictions:
        foes.setdefault(left, set()).add(right)
        foes.setdefault(right, set()).add(left)
    parent: dict[int, int] = {}
    held: dict[int, set[str]] = {}

    def find(node: int) -> int:
        if node not in parent:
            parent[node] = node
            held[node] = set(traits.get(node, ()))
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in edges:
        keep, drop = sorted((find(one), find(other)))
        if keep == drop or _contradict(held[keep], held[drop], foes):
            continue
        parent[drop] = keep
        held[keep] |= held.pop(drop)
    return {node: find(node) for node in list(parent)}


def _contradict(left: set[str], right: set[str], foes: Mapping[str, set[str]]) -> bool:
    return any(not foes[trait].isdisjoint(right) for trait in left if trait in foes)
