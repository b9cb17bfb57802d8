"""Edge weights as whole numbers, so that sums are exact and no result depends on the order of the rows."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from identity.clustering.components import Ints

_STEPS_PER_BIT = 2**20
_MOST_BITS = 64.0  # odds of 2^64 to 1 are certainty; beyond it a sum of weights could run over
FORBIDDEN = -(2**52)  # less than any sum of weights of a million pairs; two of them still fit int64


class Edges(NamedTuple):
    """Each pair of nodes once, `low` < `high`, sorted by both; `weight` in whole steps, or `FORBIDDEN`."""

    low: Ints
    high: Ints
    weight: Ints

    def take(self, chosen: NDArray) -> "Edges":
        """The edges of a mask or of positions."""
        return Edges(self.low[chosen], self.high[chosen], self.weight[chosen])


def to_steps(weight: NDArray[np.float64]) -> Ints:
    """Return log2 odds as whole numbers of 2^-20 bits, clipped at 64 bits. Raises ValueError for NaN."""
    if np.isnan(weight).any():
        raise ValueError("weights must be numbers: NaN was given")
    return np.rint(np.clip(weight, -_MOST_BITS, _MOST_BITS) * _STEPS_PER_BIT).astype(np.int64)


def to_bits(steps: int) -> float:
    """Return a sum of steps as log2 odds."""
    return steps / _STEPS_PER_BIT


def sum_parallel(left: Ints, right: Ints, weight: Ints, node_cnt: int) -> Edges:
    """Return each pair of nodes once with the sum of its weights; loops are left out."""
    low, high = np.minimum(left, right), np.maximum(left, right)
    code = low * node_cnt + high
    apart = low != high
    code, weight = code[apart], weight[apart]
    order = np.argsort(code, kind="stable")  # nearly sorted as a rule, and then quick
    code = code[order]
    starts = np.flatnonzero(np.diff(code, prepend=-1))
    total = np.add.reduceat(weight[order], starts) if len(starts) else weight
    low, high = np.divmod(code[starts], node_cnt) if len(starts) else (code, code)
    return Edges(low, high, np.maximum(total, FORBIDDEN))
