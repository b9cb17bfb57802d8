"""Local search after contraction: nodes that fit another cluster better move there, or stand alone."""

import numpy as np
from numpy.typing import NDArray

from identity.clustering.components import Ints
from identity.clustering.contraction import smallest_of_each
from identity.clustering.weights import Edges

_MOST_ROUNDS = 30  # every round raises the objective; the first few bring nearly all of it


def improve(edges: Edges, component: Ints, label: Ints, size: Ints, largest: int) -> Ints:
    """Return `label` after single moves, each of which raises the sum of the weights inside clusters.

    In a round every cluster takes part in one move at most, the best one of both its clusters: so the gains
    add up exactly, and the result does not depend on the order of the nodes.
    """
    nodes = np.unique(np.concatenate([edges.low, edges.high]))
    number = np.empty(len(label), dtype=np.int64)
    number[nodes] = np.arange(len(nodes))
    low, high, weight = number[edges.low], number[edges.high], edges.weight
    part, records = component[nodes], size[nodes]
    mine = smallest_of_each(label[nodes])
    for _ in range(_MOST_ROUNDS):
        node, target = _best_moves(low, high, weight, mine, records, largest)
        if not len(node):
            break
        mine[node] = target
        # a node alone took a label from behind the last node: back to the smallest node of each cluster
        mine = smallest_of_each(mine)
        going = np.isin(part[low], part[node])  # a component without a move has found its rest
        low, high, weight = low[going], high[going], weight[going]
    result = label.copy()
    result[nodes] = nodes[mine]
    return result


def _best_moves(
    low: Ints, high: Ints, weight: Ints, mine: Ints, records: Ints, largest: int
) -> tuple[Ints, Ints]:
    """Nodes and the clusters they move to; `len(mine) + node` stands for a cluster of its own."""
    cnt = len(mine)
    node, other = np.concatenate([low, high]), np.concatenate([high, low])
    code = node * cnt + mine[other]
    order = np.argsort(code, kind="stable")
    starts = np.flatnonzero(np.diff(code[order], prepend=-1))
    # sums of forbidden pairs would run over int64; as floats they are only very low, the others exact
    total = np.add.reduceat(np.concatenate([weight, weight])[order].astype(np.float64), starts)
    node, cluster = np.divmod(code[order][starts], cnt)
    inside = cluster == mine[node]
    now = np.zeros(cnt)
    now[node[inside]] = total[inside]
    held = np.bincount(mine, weights=records, minlength=cnt)
    fits = ~inside & (held[cluster] + records[node] <= largest)
    alone = np.flatnonzero(now < 0)
    node = np.concatenate([node[fits], alone])
    target = np.concatenate([cluster[fits], alone + cnt])
    gain = np.concatenate([total[fits], np.zeros(len(alone))]) - now[node]
    gains = gain > 0
    return _one_each(node[gains], target[gains], gain[gains], mine)


def _one_each(node: Ints, target: Ints, gain: NDArray[np.float64], mine: Ints) -> tuple[Ints, Ints]:
    """The moves that are the best one (of equal ones the smallest node's) of both clusters they touch."""
    order = np.lexsort((target, node, -gain))
    node, target = node[order], target[order]
    rank = np.arange(len(node))
    first = np.full(2 * len(mine), len(node))
    np.minimum.at(first, mine[node], rank)
    np.minimum.at(first, target, rank)
    chosen = (first[mine[node]] == rank) & (first[target] == rank)
    return node[chosen], target[chosen]
