"""Fellegi-Sunter weights: what each level of agreement is worth, in bits.

A weight is log2(m/u): how much likelier the level is among matching pairs (m) than among pairs of different
people (u). Source: Fellegi and Sunter, A Theory for Record Linkage, JASA 64 (1969).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from identity.matching.comparing import Vectors
from identity.matching.fields import Comparison
from identity.matching.model import Weights

Floats = NDArray[np.float64]
Shares = dict[str, list[float]]  # comparison -> share of pairs on each level, the level 0 first

EXPECTED_PAIRS = 20.0  # that the expected shares count for: a handful of matches does not make a model
HALF_BIN = 0.5  # a frequency is kept as floor(log2): on average half a bit too small


def expected_shares(compared: Sequence[Comparison]) -> Shares:
    """Shares among matching pairs before anything was learned: 85 % agree wholly, 5 % do not agree at all."""
    shares: Shares = {}
    for comparison in compared:
        between = comparison.top - 1
        middle = [0.1 / between] * between if between else []
        values = [0.05, *middle, 0.85]
        shares[comparison.name] = [value / sum(values) for value in values]
    return shares


def observed_shares(vectors: Vectors, pair_cnt: Floats, compared: Sequence[Comparison]) -> Shares:
    """Shares of the levels among the pairs counted in `pair_cnt` (one number for each vector), and among the
    EXPECTED_PAIRS that anybody would expect.
    """
    shares: Shares = {}
    expected = expected_shares(compared)
    for i, comparison in enumerate(compared):
        there = vectors.levels[:, i] >= 0
        counted = np.bincount(vectors.levels[there, i], weights=pair_cnt[there], minlength=comparison.top + 1)
        levels = counted + EXPECTED_PAIRS * np.asarray(expected[comparison.name])
        shares[comparison.name] = [float(share) for share in levels / levels.sum()]
    return shares


def weights_of(m: Shares, u: Shares, prior: float, record_cnt: int) -> Weights:
    """The model of these shares; `prior` in log2 odds."""
    return Weights(
        prior=round(prior, 6),
        levels={
            name: [round(float(np.log2(a / b)), 6) for a, b in zip(m[name], u[name], strict=True)]
            for name in m
        },
        m={name: [round(share, 6) for share in shares] for name, shares in m.items()},
        commonness={name: round(float(np.log2(u[name][-1] * record_cnt)), 6) for name in u},
    )


def parts(weights: Weights, vectors: Vectors, compared: Sequence[Comparison]) -> Floats:
    """What each comparison adds to each vector: vectors x comparisons, in bits; a missing value adds
    nothing.
    """
    found = np.zeros(vectors.levels.shape)
    for i, comparison in enumerate(compared):
        level, bits = vectors.levels[:, i], vectors.frequency[:, i]
        there = level >= 0
        found[there, i] = np.asarray(weights.levels[comparison.name])[level[there]]
        rated = bits >= 0
        found[rated, i] += weights.commonness[comparison.name] - bits[rated] - HALF_BIN * (bits[rated] > 0)
    return found


def match_weights(weights: Weights, vectors: Vectors, compared: Sequence[Comparison]) -> Floats:
    """Log2 odds that the pairs of each vector match, the comparisons taken for independent."""
    return weights.prior + parts(weights, vectors, compared).sum(axis=1)
