"""Greedy additive edge contraction: join the two clusters with the heaviest edge, add up parallel edges,
repeat.

Keuper et al., "Efficient Decomposition of Image and Mesh Graphs by Lifted Multicuts" (ICCV 2015), algorithm
1. Components do not touch each other, so small ones are contracted side by side, one edge of each in a round
of array operations; large ones with a heap. Both follow the same order (heaviest edge, then the edge that
was there first) on whole-number weights, so they give the same clusters.
"""

import heapq

import numpy as np
from numpy.typing import NDArray

from identity.clustering.components import Ints
from identity.clustering.weights import FORBIDDEN, Edges

# A round costs some 0.3 ms however few edges are left; a heap costs some 3 us for each edge.
_EDGES_FOR_HEAP = 200
_LATE = np.iinfo(np.int64).max


def contract(edges: Edges, node_cnt: int, component: Ints, size: Ints, largest: int) -> Ints:
    """Return for each node a node of its cluster: no two clusters that may be joined are worth joining.

    `component` names the component of each node, `size` the records that a node stands for; no cluster of
    more than `largest` records is made.
    """
    root = np.arange(node_cnt)
    inside = component[edges.low]
    per_component = np.bincount(inside, minlength=node_cnt)
    is_large = per_component[inside] > _EDGES_FOR_HEAP
    size = size.copy()
    _contract_side_by_side(edges.take(~is_large), root, component, size, largest)
    large = edges.take(is_large)
    order = np.argsort(inside[is_large], kind="stable")
    bounds = np.flatnonzero(np.diff(inside[is_large][order])) + 1
    for rows in np.split(order, bounds) if len(order) else []:
        _contract_by_heap(large.take(rows), root, size, largest)
    return _follow(root)


def _contract_side_by_side(edges: Edges, root: Ints, component: Ints, size: Ints, largest: int) -> None:
    """Write into `root` the contractions of many small components: one edge of each component in a round."""
    # Nodes are numbered anew so that the edges of one component stand together.
    nodes = np.unique(np.concatenate([edges.low, edges.high]))
    nodes = nodes[np.argsort(component[nodes], kind="stable")]
    number = np.empty(len(root), dtype=np.int64)
    number[nodes] = np.arange(len(nodes))
    first_seen = np.arange(len(edges.low))
    low, high, weight, seen = _sorted(
        number[edges.low], number[edges.high], edges.weight, first_seen, len(nodes)
    )
    part = component[nodes]
    records = size[nodes]
    moved = np.arange(len(nodes))
    while len(low):
        may = (weight > 0) & (records[low] + records[high] <= largest)
        best = _best_of_each(part[low], np.where(may, weight, 0), seen)
        best = best[may[best]]
        keep, drop = low[best], high[best]
        moved[drop] = keep
        records[keep] += records[drop]
        going = np.isin(part[low], part[keep])
        low, high = moved[low[going]], moved[high[going]]
        low, high, weight, seen = _sorted(low, high, weight[going], seen[going], len(nodes))
    root[nodes] = nodes[_follow(moved)]


def _best_of_each(part: Ints, worth: Ints, seen: Ints) -> Ints:
    """Positions of the heaviest edge of each run of `part`; of equal ones that which was there first."""
    starts = np.flatnonzero(np.diff(part, prepend=-1))
    run = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(part))))
    heaviest = worth == np.maximum.reduceat(worth, starts)[run]
    earliest = np.minimum.reduceat(np.where(heaviest, seen, _LATE), starts)
    return np.flatnonzero(heaviest & (seen == earliest[run]))


def _sorted(low: Ints, high: Ints, weight: Ints, seen: Ints, node_cnt: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Edges without loops, sorted, parallel ones added up."""
    code = np.minimum(low, high) * node_cnt + np.maximum(low, high)
    apart = np.flatnonzero(low != high)
    order = apart[np.argsort(code[apart], kind="stable")]
    code = code[order]
    starts = np.flatnonzero(np.diff(code, prepend=-1))
    if not len(starts):
        return code, code, code, code
    total = np.maximum(np.add.reduceat(weight[order], starts), FORBIDDEN)
    low, high = np.divmod(code[starts], node_cnt)
    return low, high, total, np.minimum.reduceat(seen[order], starts)


def _contract_by_heap(edges: Edges, root: Ints, size: Ints, largest: int) -> None:
    """Write into `root` and `size` the contractions of one component."""
    around: dict[int, dict[int, tuple[int, int]]] = {}
    rows = list(zip(*(column.tolist() for column in edges), strict=True))
    for seen, (low, high, weight) in enumerate(rows):
        around.setdefault(low, {})[high] = around.setdefault(high, {})[low] = (-weight, seen)
    heap = [(-weight, seen, low, high) for seen, (low, high, weight) in enumerate(rows) if weight > 0]
    heapq.heapify(heap)
    while heap:
        cost, seen, one, other = heapq.heappop(heap)
        if around.get(one, {}).get(other) != (cost, seen) or size[one] + size[other] > largest:
            continue
        if len(around[one]) < len(around[other]):
            one, other = other, one
        root[other] = one
        size[one] += size[other]
        _pour(around, one, other, heap)


def _pour(
    around: dict[int, dict[int, tuple[int, int]]], one: int, other: int, heap: list[tuple[int, int, int, int]]
) -> None:
    """Give the edges of `other` to `one`."""
    mine = around[one]
    del mine[other]
    for third, (cost, seen) in around.pop(other).items():
        if third == one:
            continue
        theirs = around[third]
        del theirs[other]
        had = mine.get(third)
        total = (cost, seen) if had is None else (min(cost + had[0], -FORBIDDEN), min(seen, had[1]))
        mine[third] = theirs[one] = total
        if total[0] < 0:
            heapq.heappush(heap, (*total, one, third))


def _follow(root: Ints) -> Ints:
    """Return `root` with every chain followed to its end."""
    while not np.array_equal(further := root[root], root):
        root = further
    return root


def smallest_of_each(root: NDArray[np.int64]) -> Ints:
    """Return for each node the smallest node that has the same root."""
    _, first, inverse = np.unique(root, return_index=True, return_inverse=True)
    return first[inverse].astype(np.int64)
