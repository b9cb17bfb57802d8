"""What must be one person and what cannot be, settled by authority before any score is looked at."""

from typing import NamedTuple

import numpy as np

from identity.clustering.components import Ints, check_nodes, components


class Links(NamedTuple):
    """Pairs of nodes that must (or cannot) be one person; arrays of one length.

    `authority`: the higher wins where two say the opposite; at equal authority "cannot" wins, because a
    wrong merge costs more than a missed one.
    """

    left: Ints
    right: Ints
    authority: Ints


def no_links() -> Links:
    """No pair at all."""
    empty = np.empty(0, dtype=np.int64)
    return Links(empty, empty, empty)


def settle(node_cnt: int, must: Links, cannot: Links) -> tuple[Ints, Ints, Ints]:
    """Return for each node the smallest node it must be with, and the pairs of such groups that cannot meet.

    Links are taken from the highest authority to the lowest, at equal authority "cannot" first, then in the
    order of the nodes; a link that contradicts what already holds is left out. Raises ValueError when a link
    names a node that is not there.
    """
    for links in (must, cannot):
        check_nodes(links.left, links.right, node_cnt)
    group = components(must.left, must.right, node_cnt)
    torn = np.unique(group[cannot.left][group[cannot.left] == group[cannot.right]])
    if len(torn):  # rare: only groups in which the two kinds of link meet are joined link by link
        inside = np.isin(group, torn)
        group[inside] = np.flatnonzero(inside)
        joined = _join_by_authority(_within(must, inside), _within(cannot, inside))
        for node, root in joined.items():
            group[node] = root
    left, right = group[cannot.left], group[cannot.right]
    apart = left != right  # the others were overruled by a link of higher authority
    code = np.unique(np.minimum(left, right)[apart] * node_cnt + np.maximum(left, right)[apart])
    low, high = np.divmod(code, max(node_cnt, 1))
    return group, low, high


def exclusive_pairs(component: Ints, kind: Ints) -> tuple[Ints, Ints]:
    """Return all pairs of nodes of one component and one kind (both int64 by node; kind -1: of no kind).

    For sources that hold each person once: with the source as the kind, its records exclude each other.
    The number of pairs is quadratic in the records of one kind in one component.
    """
    order = np.lexsort((np.arange(len(kind)), kind, component))
    order = order[kind[order] >= 0]
    same = (np.diff(component[order]) == 0) & (np.diff(kind[order]) == 0)
    starts = np.flatnonzero(np.concatenate([[True], ~same])) if len(order) else np.empty(0, dtype=np.int64)
    sizes = np.diff(np.append(starts, len(order)))
    position = np.arange(len(order)) - np.repeat(starts, sizes)
    left = np.repeat(np.arange(len(order)), position)  # each node meets those before it in its run
    first = np.repeat(np.repeat(starts, sizes), position)
    offset = np.arange(len(left)) - np.repeat(np.cumsum(position) - position, position)
    return order[first + offset].astype(np.int64), order[left].astype(np.int64)


def _within(links: Links, inside: np.ndarray) -> Links:
    chosen = inside[links.left] & inside[links.right]
    return Links(*(np.asarray(column)[chosen] for column in links))


def _join_by_authority(must: Links, cannot: Links) -> dict[int, int]:
    """Union-find with enemies: link by link, strongest authority first."""
    parent: dict[int, int] = {}
    foes: dict[int, set[int]] = {}

    def find(node: int) -> int:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for is_must, one, other in _strongest_first(must, cannot):
        keep, drop = sorted((find(one), find(other)))
        if keep == drop or (is_must and drop in foes.get(keep, ())):
            continue
        if not is_must:
            foes.setdefault(keep, set()).add(drop)
            foes.setdefault(drop, set()).add(keep)
            continue
        parent[drop] = keep
        for foe in foes.pop(drop, set()):
            foes[foe].discard(drop)
            foes[foe].add(keep)
            foes.setdefault(keep, set()).add(foe)
    return {node: find(node) for node in list(parent)}


def _strongest_first(must: Links, cannot: Links) -> list[tuple[bool, int, int]]:
    is_must = np.repeat([False, True], [len(cannot.left), len(must.left)])
    left = np.concatenate([cannot.left, must.left])
    right = np.concatenate([cannot.right, must.right])
    authority = np.concatenate([cannot.authority, must.authority])
    low, high = np.minimum(left, right), np.maximum(left, right)
    order = np.lexsort((high, low, is_must, -authority))
    return list(zip(is_must[order].tolist(), low[order].tolist(), high[order].tolist(), strict=True))
