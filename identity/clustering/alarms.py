"""Clusters that can hardly be one person: a guard behind all guards, which looks at what came out."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from identity.clustering.components import Ints
from identity.clustering.constraints import Links
from identity.clustering.correlation import cluster


def alarming(label: Ints, name: Ints, most_names: int, most_nodes: int) -> NDArray[np.bool_]:
    """By node: is its cluster one that nobody can be?

    `label`: the cluster of each node (as `cluster` returns it); `name`: a number for what it is called, -1
    where that is not known. A cluster alarms with more than `most_nodes` nodes, or with more than
    `most_names` names of which none is on half of the nodes that have one: typing errors gather around the
    right name, strangers around none.
    """
    size = np.bincount(label, minlength=len(label))
    known = np.flatnonzero((name >= 0) & (size[label] > most_names))
    pairs, cnt = np.unique(np.stack([label[known], name[known]]), axis=1, return_counts=True)
    named_by = pairs[0]
    names = np.bincount(named_by, minlength=len(label))
    named = np.bincount(named_by, weights=cnt, minlength=len(label))
    most = np.zeros(len(label), dtype=np.int64)
    np.maximum.at(most, named_by, cnt)
    found = (size > most_nodes) | ((names > most_names) & (2 * most < named))
    return found[label]


def cluster_or_hold_back(
    node_cnt: int,
    left: Ints,
    right: Ints,
    weight: NDArray[np.float64],
    *,
    must: Links,
    cannot: Links,
    names: Callable[[NDArray[np.bool_]], Ints],
    most_names: int,
    most_nodes: int,
    sure: Sequence[int],
) -> tuple[Ints, Ints]:
    """Cluster as `cluster` does; a cluster that alarms is held back to the links that are sure.

    `names(chosen)`: the numbers that `alarming` wants; only those of the `chosen` nodes are looked at.
    `sure`: authorities, rising; an alarming cluster keeps no scores and of `must` only what has at least the
    first, and where that alarms too, the next. Returns by node the smallest node of its cluster, and of the
    cluster that it was held back from (-1: of none). Raises ValueError as `cluster` does.
    """
    label = cluster(node_cnt, left, right, weight, must=must, cannot=cannot, largest=most_nodes)
    held_from = np.full(node_cnt, -1, dtype=np.int64)
    crowded = np.bincount(label, minlength=node_cnt)[label] > most_names
    name = names(crowded) if crowded.any() else held_from
    for least in sure:
        alarm = alarming(label, name, most_names, most_nodes)
        if not alarm.any():
            break
        held_from = np.where(alarm & (held_from < 0), label, held_from)
        held = held_from >= 0
        scored = ~(held[left] | held[right])
        kept = (must.authority >= least) | ~(alarm[must.left] | alarm[must.right])
        must = Links(*(column[kept] for column in must))
        label = cluster(
            node_cnt,
            left[scored],
            right[scored],
            weight[scored],
            must=must,
            cannot=cannot,
            largest=most_nodes,
        )
    return label, held_from
