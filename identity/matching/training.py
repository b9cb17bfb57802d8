"""A match model without labels.

Who is who is not known, but much is about the shape of a right answer. Training goes through partitions:

1. Splink gives u and a first m. The records are clustered with a bar: every pair must be so many bits
likelier a
   match than its weight says. The bar is the lowest at which no more contradictions stand inside the clusters
   than independent errors explain (`households`). m is counted anew from the pairs inside, and again.
2. Where no bar is needed in the end, the fields are nearly independent and the weights stand.
3. Else the data holds households: people who agree on address and name because they live together, which
no sum
   of independent weights can express. Gradient-boosted trees learn what separates the pairs that the bar puts
   together from those that stand apart even without one; the pairs between are left out, so that their sure
   neighbours decide on them. Once more, with the trees' own clusters.
"""

from typing import NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray

from identity.clustering import cluster
from identity.matching import boosting, comparing, fellegi_sunter
from identity.matching.blocking import create_pairs
from identity.matching.boosting import Booster
from identity.matching.comparing import Vectors
from identity.matching.features import features
from identity.matching.fellegi_sunter import Shares
from identity.matching.households import excess_contradictions
from identity.matching.model import MatchModel, MatchPlan, Weights
from identity.matching.preparing import prepared_table
from identity.matching.splink_estimates import estimate

Connection = duckdb.DuckDBPyConnection
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BARS = (0.0, 3.0, 6.0, 9.0, 12.0, 16.0, 20.0, 25.0)  # bits
PURE = 0.003  # share of pairs that households explain: below it a partition is taken for people
ROUNDS = 3


class Pairs(NamedTuple):
    """Candidate pairs: the two records (0 .. record_cnt-1) and the number of their vector."""

    record_cnt: int
    left: Ints
    right: Ints
    vector: Ints

    def together(self, weight: Floats) -> NDArray[np.bool_]:
        """Which pairs stand in one cluster when each vector weighs `weight` (log2 odds)."""
        label = cluster(self.record_cnt, self.left, self.right, weight[self.vector])
        found: NDArray[np.bool_] = label[self.left] == label[self.right]
        return found


class Partition(NamedTuple):
    """A clustering at a bar: which pairs it puts together, how many of each vector, and the bar."""

    bar: float
    together: NDArray[np.bool_]
    inside: Floats


def train(con: Connection, records: str, plan: MatchPlan) -> MatchModel:
    """Train a model on the table `records` (as typed, or prepared); leaves no table behind.

    Deterministic: the same records give the same model.
    """
    prepared, drop = prepared_table(con, records, plan)
    estimates = estimate(con, prepared, plan)
    frequencies, rare = comparing.value_frequencies(con, prepared, plan)
    vectors, pairs = _candidates(con, prepared, plan, frequencies, rare)
    if drop:
        con.execute(f"drop table {prepared}")
    notes = list(estimates.notes)
    weights, partition = _weights(vectors, pairs, plan, estimates.m, estimates.u)
    booster = None
    if partition.bar > 0 and partition.inside.sum() >= LEAST_PAIRS:
        booster = _booster(vectors, pairs, plan, weights, partition)
        notes.append(f"households found (bar of {partition.bar:g} bits): a learned scorer decides")
    return MatchModel(plan, weights, frequencies, rare, booster, tuple(notes))


LEAST_PAIRS = 500  # sure matches; fewer do not train trees


def _candidates(
    con: Connection,
    prepared: str,
    plan: MatchPlan,
    frequencies: dict[str, dict[str, int]],
    rare: dict[str, int],
) -> tuple[Vectors, Pairs]:
    create_pairs(con, prepared, plan.keys, "match_pair")
    with comparing.frequency_tables(con, frequencies):
        comparing.create_compared(con, "match_pair", prepared, plan, rare, "match_compared")
    vectors = comparing.distinct_vectors(con, "match_compared", plan, "match_vector")
    found = con.execute(
        """
        select record_no, other_record_no, vector_no
        from match_compared inner join match_vector using (levels, context)
        order by record_no, other_record_no
        """
    ).fetchnumpy()
    for table in ("match_pair", "match_compared", "match_vector"):
        con.execute(f"drop table {table}")
    left, right = found["record_no"].astype(np.int64), found["other_record_no"].astype(np.int64)
    numbers, dense = np.unique(np.concatenate([left, right]), return_inverse=True)
    return vectors, Pairs(
        len(numbers), dense[: len(left)], dense[len(left) :], found["vector_no"].astype(np.int64)
    )


def _weights(
    vectors: Vectors, pairs: Pairs, plan: MatchPlan, m: Shares, u: Shares
) -> tuple[Weights, Partition]:
    """Fellegi-Sunter weights that agree with the partition they lead to."""
    all_pairs = plan.record_cnt * (plan.record_cnt - 1) / 2
    prior = float(np.log2(max(plan.record_cnt, 2) / max(all_pairs, 1)))
    for _ in range(ROUNDS):
        weights = fellegi_sunter.weights_of(m, u, prior, plan.record_cnt)
        partition = pure_partition(
            vectors, pairs, plan, fellegi_sunter.match_weights(weights, vectors, plan.compared)
        )
        m = fellegi_sunter.observed_shares(vectors, partition.inside, plan.compared)
        prior = float(np.log2(max(partition.inside.sum(), 1) / max(all_pairs, 1)))
    weights = fellegi_sunter.weights_of(m, u, prior, plan.record_cnt)
    weight = fellegi_sunter.match_weights(weights, vectors, plan.compared)
    return weights, pure_partition(vectors, pairs, plan, weight)


def pure_partition(vectors: Vectors, pairs: Pairs, plan: MatchPlan, weight: Floats) -> Partition:
    """The clustering at the lowest bar at which households do not show."""
    for bar in BARS:
        together = pairs.together(weight - bar)
        inside = np.bincount(pairs.vector[together], minlength=len(weight)).astype(np.float64)
        if excess_contradictions(vectors, inside, plan.compared) <= PURE:
            break
    return Partition(bar, together, inside)


def _booster(
    vectors: Vectors, pairs: Pairs, plan: MatchPlan, weights: Weights, partition: Partition
) -> Booster:
    """Trees trained on the sure pairs, twice: by the weights' partition and by the trees' own."""
    names, matrix = features(vectors, plan)
    weight = fellegi_sunter.match_weights(weights, vectors, plan.compared)
    for _ in range(2):
        apart = ~pairs.together(weight) & ~partition.together
        outside = np.bincount(pairs.vector[apart], minlength=len(weight)).astype(np.float64)
        booster = boosting.fit(matrix, partition.inside, outside, names)
        weight = booster.log2_odds(matrix)
        partition = pure_partition(vectors, pairs, plan, weight)
    return booster
