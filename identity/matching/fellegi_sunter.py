"""Match weights: how much likelier a pair of records is one person than anything else, in bits.

The model of Fellegi and Sunter (A Theory for Record Linkage, JASA 64, 1969) weighs each level of agreement
with log2(m/u): how much likelier it is among pairs of one person (m) than among strangers (u). Two records
can be more than that to each other, see `relations`: neighbours and households agree on a place, a surname or
a telephone together, which no sum of such weights expresses. So the weight against strangers is lowered by
log2(1 + how much likelier than strangers they are neighbours or a household).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from identity.matching.comparing import Vectors
from identity.matching.fields import Comparison
from identity.matching.model import Weights

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HALF_BIN = 0.5  # a frequency is kept as floor(log2): on average half a bit too small
LEAST_SHARE = 1e-6  # of a level: nothing that was counted proves more than 20 bits


def expected_shares(comparison: Comparison) -> list[float]:
    """Shares among pairs that should agree, before anything was learned: 85 % wholly, 5 % not at all."""
    between = comparison.top - 1
    values = [0.05, *([0.1 / between] * between if between else []), 0.85]
    return [value / sum(values) for value in values]


def observed_shares(
    vectors: Vectors, pair_cnt: Floats, column: int, expected: Sequence[float], worth: float
) -> list[float]:
    """Shares of the levels of one comparison among the pairs counted in `pair_cnt` (one number for each
    vector), and among as many expected pairs as `worth`: a handful of pairs does not make a model.
    """
    level = vectors.levels[:, column]
    there = level >= 0
    counted = np.bincount(level[there], weights=pair_cnt[there], minlength=len(expected))
    levels = counted + worth * np.asarray(expected)
    return [float(share) for share in levels / levels.sum()]


def of_levels(shares: Sequence[float], vectors: Vectors, column: int) -> Floats:
    """log2 of the share of each vector's level; 0 where the value is missing."""
    level = vectors.levels[:, column]
    logs = np.log2(np.maximum(shares, LEAST_SHARE))
    return np.where(level >= 0, logs[level], 0.0)


class Evidence(NamedTuple):
    """What speaks for each vector, against two strangers, in bits: for one person by comparison (vectors x
    comparisons), for each other relation in all.
    """

    person: Floats
    relations: dict[str, Floats]

    @property
    def against(self) -> Floats:
        """What neighbours and households take away of the weight of each vector: log2(1 + their odds)."""
        return np.logaddexp2.reduce([np.zeros(len(self.person)), *self.relations.values()])


def evidence(weights: Weights, vectors: Vectors, compared: Sequence[Comparison]) -> Evidence:
    """Each vector under the model; a missing value says nothing."""
    strangers = _strangers(weights, vectors, compared)
    person = np.zeros(strangers.shape)
    relations = {
        kind: np.full(len(strangers), relation.prior) for kind, relation in weights.relations.items()
    }
    for i, comparison in enumerate(compared):
        name = comparison.name
        person[:, i] = of_levels(weights.m[name], vectors, i) - strangers[:, i]
        for kind, relation in weights.relations.items():
            if name in relation.shares:
                relations[kind] += of_levels(relation.shares[name], vectors, i) - strangers[:, i]
    return Evidence(person, relations)


def match_weights(weights: Weights, vectors: Vectors, compared: Sequence[Comparison]) -> Floats:
    """Log2 odds that the pairs of each vector are one person."""
    found = evidence(weights, vectors, compared)
    return weights.prior + found.person.sum(axis=1) - found.against


def _strangers(weights: Weights, vectors: Vectors, compared: Sequence[Comparison]) -> Floats:
    """log2 of how often strangers agree as each vector does: vectors x comparisons.

    The commoner the value agreed on, the oftener (term frequency adjustment). Strangers of one name have
    similar e-mail addresses, because these are made of names: there `weights.namesakes` stands.
    """
    found = np.empty(vectors.levels.shape)
    for i, comparison in enumerate(compared):
        bits = vectors.frequency[:, i]
        found[:, i] = of_levels(weights.u[comparison.name], vectors, i)
        found[:, i] += np.where(bits >= 0, _sharing(bits, weights.commonness[comparison.name]), 0.0)
        if comparison.name == "email" and weights.namesakes:
            same = of_one_name(vectors, compared)
            found[same, i] = of_levels(weights.namesakes, vectors, i)[same]
    return found


def _sharing(bits: Ints, commonness: float) -> Floats:
    """log2 of how much commoner than on average the values are that vectors agree on.

    A value that two records have and no third shows no other person who has it: such a one is taken for as
    rare as the average, where that is rarer than once.
    """
    return np.where(bits > 0, bits + HALF_BIN, min(0.0, commonness)) - commonness


def of_one_name(vectors: Vectors, compared: Sequence[Comparison]) -> NDArray[np.bool_]:
    """Vectors of pairs whose given and family names both agree somehow."""
    named = [i for i, comparison in enumerate(compared) if comparison.name in ("given", "family")]
    return np.asarray((vectors.levels[:, named] > 0).all(axis=1)) & (len(named) == 2)
