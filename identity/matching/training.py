"""A match model, without labels or with some.

Who is who is not known, but much is about the shape of a right answer. Training goes through partitions:

1. Splink gives u and a first m. The records are clustered with a bar: every pair must be so many bits
likelier a
   match than even. The bar is the lowest at which no more contradictions stand inside the clusters than
   independent errors explain (`households`). m is counted anew from the pairs inside, and again.
2. Where no bar is needed in the end, the fields are nearly independent and the weights stand.
3. Else the data holds households: people who agree on address and name because they live together, which
no sum
   of independent weights can express. Gradient-boosted trees learn what separates the pairs that the bar puts
   together from those that stand apart even without one; the pairs between are left out, so that their sure
   neighbours decide on them. Once more, with the trees' own clusters.

Pairs judged by people enter the third step as what they are, each for as many pairs as LABEL_WEIGHT.
"""

import duckdb
import numpy as np

from identity.matching import boosting, comparing, fellegi_sunter
from identity.matching.boosting import Booster
from identity.matching.candidates import Candidates, Floats, Partition, candidates, training_slice
from identity.matching.features import features
from identity.matching.fellegi_sunter import Shares
from identity.matching.households import excess_contradictions
from identity.matching.labels import Judged, judged
from identity.matching.model import MatchModel, MatchPlan, Weights
from identity.matching.preparing import prepared_table
from identity.matching.splink_estimates import estimate

Connection = duckdb.DuckDBPyConnection

BARS = (0.0, 3.0, 6.0, 9.0, 12.0, 16.0, 20.0, 25.0, 32.0)  # bits
PURE = 0.003  # share of pairs that households explain: below it a partition is taken for people
ROUNDS = 3
LEAST_PAIRS = 500  # sure matches; fewer do not train trees
LEAST_LABELS = 200  # fewer judged pairs do not make the trees better than the weights
LABEL_WEIGHT = 20.0  # pairs that one judged pair counts for


def train(
    con: Connection,
    records: str,
    plan: MatchPlan,
    labels: str | None = None,
    must: str | None = None,
    cannot: str | None = None,
) -> MatchModel:
    """Train a model on the table `records` (as typed, or prepared); leaves no table behind.

    `labels`: table (record_no, other_record_no, is_match) of pairs that people judged. `must`, `cannot`:
    tables
    (record_no, other_record_no) of pairs that are known to be one person, or two. Deterministic: the same
    tables give the same model.
    """
    prepared, drop = prepared_table(con, records, plan)
    estimates = estimate(con, prepared, plan)
    frequencies, rare = comparing.value_frequencies(con, prepared, plan)
    first = fellegi_sunter.weights_of(estimates.m, estimates.u, first_prior(plan), plan.record_cnt)
    with comparing.frequency_tables(con, frequencies):
        known = MatchModel(plan, first, frequencies, rare)
        part = training_slice(con, prepared, known)
        found = candidates(con, part, known)
        said = judged(con, prepared, known, LABEL_WEIGHT, labels, must, cannot)
    for table in {part, prepared} if drop else {part} - {prepared}:
        con.execute(f"drop table {table}")
    notes = list(estimates.notes)
    weights, partition = _weights(found, plan, estimates.m, estimates.u)
    booster = None
    households = partition.bar > 0 and partition.inside.sum() >= LEAST_PAIRS
    if households:
        notes.append(
            f"households found (without labels a bar of {partition.bar:g} bits): a learned scorer decides"
        )
    if said.label_cnt >= LEAST_LABELS:
        notes.append(f"{said.label_cnt} judged pairs: a learned scorer decides")
    if households or said.label_cnt >= LEAST_LABELS:
        booster = _booster(found, plan, weights, partition, said)
    return MatchModel(plan, weights, frequencies, rare, booster, tuple(notes))


def first_prior(plan: MatchPlan) -> float:
    """Log2 odds of a match before anything is known: every second record has a double."""
    return 1 - float(np.log2(max(plan.record_cnt, 2)))


def _weights(found: Candidates, plan: MatchPlan, m: Shares, u: Shares) -> tuple[Weights, Partition]:
    """Fellegi-Sunter weights that agree with the partition they lead to, and that partition."""
    prior = first_prior(plan)
    bar = BARS[0]
    for _ in range(ROUNDS):
        weights = fellegi_sunter.weights_of(m, u, prior, plan.record_cnt)
        weight = fellegi_sunter.match_weights(weights, found.vectors, plan.compared)
        partition = pure_partition(found, plan, weight, bar)
        bar = partition.bar
        m = fellegi_sunter.observed_shares(found.vectors, partition.inside, plan.compared)
        matches_per_record = max(float(partition.inside.sum()), 1.0) / found.record_cnt
        prior = float(np.log2(2 * matches_per_record / max(plan.record_cnt - 1, 1)))
    weights = fellegi_sunter.weights_of(m, u, prior, plan.record_cnt)
    weight = fellegi_sunter.match_weights(weights, found.vectors, plan.compared)
    return weights, pure_partition(found, plan, weight, bar)


def pure_partition(found: Candidates, plan: MatchPlan, weight: Floats, near: float = 0.0) -> Partition:
    """The clustering at the lowest bar (bits) at which households do not show.

    The higher the bar, the purer: the search begins at the bar `near`, and goes down as long as partitions
    stay pure. Low bars make large components, which are the dearest to cluster.
    """
    start = BARS.index(near)
    partition = found.partition(weight, near)
    if _is_pure(found, plan, partition):
        for bar in reversed(BARS[:start]):
            lower = found.partition(weight, bar)
            if not _is_pure(found, plan, lower):
                break
            partition = lower
        return partition
    for bar in BARS[start + 1 :]:
        partition = found.partition(weight, bar)
        if _is_pure(found, plan, partition):
            break
    return partition


def _is_pure(found: Candidates, plan: MatchPlan, partition: Partition) -> bool:
    return excess_contradictions(found.vectors, partition.inside, plan.compared) <= PURE


def _booster(
    found: Candidates, plan: MatchPlan, weights: Weights, partition: Partition, said: Judged
) -> Booster:
    """Trees trained on the sure pairs and the judged ones, twice: by the weights' partition, by the
    trees' own.
    """
    names, matrix = features(found.vectors, plan)
    judged_matrix = features(said.vectors, plan)[1]
    weight = fellegi_sunter.match_weights(weights, found.vectors, plan.compared)
    for _ in range(2):
        apart = ~found.partition(weight, 0.0).together & ~partition.together
        booster = boosting.fit(
            np.vstack([matrix, judged_matrix]),
            np.concatenate([partition.inside, said.positive]),
            np.concatenate([found.counted(apart), said.negative]),
            names,
        )
        weight = booster.log2_odds(matrix)
        partition = pure_partition(found, plan, weight)
    return booster
