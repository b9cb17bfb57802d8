"""A match model, without labels or with some.

1. Splink says how often strangers agree by chance, from random pairs.
2. Expectation maximisation over the candidate pairs learns the rest (`relations`): how often the records of
   one person agree, and what households and neighbours share.
3. The records are clustered, and the pairs that come together say anew how often records of one person agree:
   what a third record decides about two, no pair knows by itself.
4. Where people have judged enough pairs, gradient-boosted trees learn from them, and from all other pairs as
   likely as the weights make them.
"""

import duckdb
import numpy as np

from identity.matching import boosting, comparing, relations
from identity.matching.boosting import Booster
from identity.matching.candidates import Candidates, candidates, sampled_pairs
from identity.matching.chance import chance_agreement, chance_shares, filled_shares
from identity.matching.features import features
from identity.matching.fellegi_sunter import match_weights
from identity.matching.labels import Judged, judged
from identity.matching.model import MatchModel, MatchPlan, Weights
from identity.matching.preparing import prepared_table
from identity.matching.relations import Population

Connection = duckdb.DuckDBPyConnection

ROUNDS = 2  # of clustering and counting; more change nothing
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
    tables (record_no, other_record_no) of pairs that are known to be one person, or two. Deterministic: the
    same tables give the same model.
    """
    prepared, drop = prepared_table(con, records, plan)
    u, filled = chance_shares(con, prepared, plan), filled_shares(con, prepared, plan)
    frequencies, rare = comparing.value_frequencies(con, prepared, plan)
    compared = plan.compared
    place = [name for name in relations.PLACE if name in plan.comparisons]
    place_share = chance_agreement(con, prepared, *place) if len(place) > 1 else 0.0
    with comparing.frequency_tables(con, frequencies):
        vectors, pair_cnt = sampled_pairs(con, prepared, plan, rare)
        population = Population(plan.record_cnt, pair_cnt, u, filled, place_share)
        weights = relations.learn(vectors, compared, population)
        found = candidates(
            con, prepared, plan, rare, vectors, lambda seen: match_weights(weights, seen, compared)
        )
        said = judged(con, prepared, plan, rare, LABEL_WEIGHT, labels, must, cannot)
    if drop:
        con.execute(f"drop table {prepared}")
    for _ in range(ROUNDS):
        together = found.together(match_weights(weights, found.vectors, compared))
        weights = relations.with_matches(weights, found.vectors, compared, found.counted(together), pair_cnt)
    booster, notes = None, list[str]()
    if said.label_cnt >= LEAST_LABELS:
        booster = _booster(found, plan, weights, said)
        notes = [f"{said.label_cnt} judged pairs: a learned scorer decides"]
    return MatchModel(plan, weights, frequencies, rare, booster, tuple(notes))


def _booster(found: Candidates, plan: MatchPlan, weights: Weights, said: Judged) -> Booster:
    """Trees trained on all pairs, each a match as likely as its weight says, and on the judged ones."""
    names, matrix = features(found.vectors, plan)
    weight = match_weights(weights, found.vectors, plan.compared)
    together = found.together(weight)
    return boosting.fit(
        np.vstack([matrix, features(said.vectors, plan)[1]]),
        np.concatenate([found.counted(together), said.positive]),
        np.concatenate([found.counted(~together), said.negative]),
        names,
    )
