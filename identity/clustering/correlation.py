"""Correlation clustering: the partition that agrees most with weighted evidence for and against.

The objective is the sum of the weights (log2 odds) of the pairs that are put together. Finding the best
partition is NP-hard; greedy contraction is followed by single moves, and never ends below the two trivial
answers (everybody alone, and every component whole).
"""

import numpy as np
from numpy.typing import NDArray

from identity.clustering.components import Ints, check_nodes, components
from identity.clustering.constraints import Links, no_links, settle
from identity.clustering.contraction import contract, smallest_of_each
from identity.clustering.moves import improve
from identity.clustering.weights import FORBIDDEN, Edges, sum_parallel, to_bits, to_steps


def cluster(
    node_cnt: int,
    left: Ints,
    right: Ints,
    weight: NDArray[np.float64],
    *,
    must: Links | None = None,
    cannot: Links | None = None,
    largest: int | None = None,
) -> Ints:
    """Return for each node 0 .. node_cnt-1 the smallest node of its cluster.

    `left`, `right`: the ends of each scored pair; `weight`: log2 odds that both are one person (0: even;
    repeats of a pair are added up; a pair that was not scored counts 0). `must` and `cannot` hold whatever
    the weights say; where they contradict each other see `Links`. `largest`: scores make no cluster of more
    nodes than this (links may). The order of the rows does not matter, ties go to the smaller nodes, and
    what happens in one component depends on nothing outside. Raises ValueError for an end that is no node,
    and for NaN.
    """
    check_nodes(left, right, node_cnt)
    limit = node_cnt if largest is None else largest
    group, apart_low, apart_high = settle(node_cnt, must or no_links(), cannot or no_links())
    forbidden = np.full(len(apart_low), FORBIDDEN)
    edges = sum_parallel(
        np.concatenate([group[left], apart_low]),
        np.concatenate([group[right], apart_high]),
        np.concatenate([to_steps(weight), forbidden]),
        node_cnt,
    )
    size = np.bincount(group, minlength=node_cnt)
    for_it = edges.take(edges.weight > 0)
    component = components(for_it.low, for_it.high, node_cnt)
    edges = edges.take(component[edges.low] == component[edges.high])
    hard = _hard(edges, component, size, limit)
    label = component.copy()
    if hard.any():
        open_edges = edges.take(hard[component[edges.low]])
        inside = hard[component]
        label[inside] = np.flatnonzero(inside)
        found = _resolve(open_edges, node_cnt, component, size, limit)
        label[inside] = found[inside]
    return smallest_of_each(label[group])


def objective(left: Ints, right: Ints, weight: NDArray[np.float64], label: Ints) -> float:
    """Return the sum of the weights (log2 odds) of the pairs that `label` puts together."""
    together = (label[left] == label[right]) & (left != right)
    return to_bits(int(to_steps(weight[together]).sum()))


def _hard(edges: Edges, component: Ints, size: Ints, limit: int) -> NDArray[np.bool_]:
    """By node: is it the smallest of a component that has evidence against it, or is too large."""
    hard = np.zeros(len(component), dtype=bool)
    hard[component[edges.low[edges.weight < 0]]] = True
    return hard | (np.bincount(component, weights=size, minlength=len(component)) > limit)


def _resolve(edges: Edges, node_cnt: int, component: Ints, size: Ints, limit: int) -> Ints:
    """Clusters of the components that contradict themselves: the best of contraction and of the whole."""
    label = contract(edges, node_cnt, component, size, limit)
    label = improve(edges, component, label, size, limit)
    part = component[edges.low]
    together = label[edges.low] == label[edges.high]
    reached = np.bincount(part, np.where(together, edges.weight, 0), node_cnt)
    whole = np.bincount(part, edges.weight, node_cnt)
    fits = np.bincount(component, weights=size, minlength=node_cnt) <= limit
    return np.where(((whole > reached) & fits)[component], component, label)
