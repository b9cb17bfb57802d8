"""The pairs that training looks at: candidates among the records, or among a part of them that holds
together.
"""

from typing import NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray

from identity.clustering import cluster, components
from identity.matching import comparing, fellegi_sunter
from identity.matching.blocking import create_pairs
from identity.matching.comparing import Vectors
from identity.matching.model import MatchModel

Connection = duckdb.DuckDBPyConnection
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

WHOLE_BELOW = 100_000  # records: training looks at all of them
SEEDS = 10_000  # records that are drawn from more; their likely matches come along


class Partition(NamedTuple):
    """A clustering at a bar (bits): which pairs it puts together, and how many of each vector."""

    bar: float
    together: Bools
    inside: Floats


class Candidates(NamedTuple):
    """Candidate pairs among `record_cnt` records: both ends (0 ..), the number of the pair's vector."""

    record_cnt: int
    left: Ints
    right: Ints
    vector: Ints
    vectors: Vectors

    def partition(self, weight: Floats, bar: float) -> Partition:
        """Cluster with vector v weighing `weight[v] - bar` (log2 odds).

        Only pairs within a component of those that speak for a match can come together: the others are left
        out before anything is sorted.
        """
        likely = (weight > bar)[self.vector]
        component = components(self.left[likely], self.right[likely], self.record_cnt)
        near = np.flatnonzero(component[self.left] == component[self.right])
        left, right = self.left[near], self.right[near]
        label = cluster(self.record_cnt, left, right, weight[self.vector[near]] - bar)
        together = np.zeros(len(self.left), dtype=bool)
        together[near] = label[left] == label[right]
        return Partition(bar, together, self.counted(together))

    def counted(self, chosen: Bools) -> Floats:
        """How many of the chosen pairs have each vector."""
        counted = np.bincount(self.vector[chosen], minlength=len(self.vectors.pair_cnt))
        return counted.astype(np.float64)


def training_slice(con: Connection, prepared: str, model: MatchModel) -> str:
    """The table of records to train on: `prepared`, or a new temp table with seeds and whom they may match.

    Drawing records alone would tear people apart; a seed's candidates with an even or better chance belong to
    its person or household, and that is what training has to see whole.
    """
    if model.plan.record_cnt <= WHOLE_BELOW:
        return prepared
    con.execute(
        f"""
        create or replace temp table match_seed as
        select record_no from {prepared} where hash(record_no) % {model.plan.record_cnt} < {SEEDS}
        """
    )
    create_pairs(con, prepared, model.plan.keys, "match_pair", "match_seed")
    comparing.create_compared(con, "match_pair", prepared, model.plan, model.rare, "match_compared")
    vectors = comparing.distinct_vectors(con, "match_compared", model.plan, "match_vector")
    weight = fellegi_sunter.match_weights(model.weights, vectors, model.plan.compared)
    likely = {"vector_no": np.flatnonzero(weight > 0)}
    con.register("match_likely", comparing.table(likely))
    con.execute(
        f"""
        create or replace temp table match_slice as
        with near as (
            from match_compared inner join match_vector using (levels, context)
            where vector_no in (select vector_no from match_likely)
        )
        from {prepared} where record_no in (
            from match_seed union select record_no from near union select other_record_no from near
        )
        """
    )
    con.unregister("match_likely")
    for table in ("match_seed", "match_pair", "match_compared", "match_vector"):
        con.execute(f"drop table {table}")
    return "match_slice"


def candidates(con: Connection, prepared: str, model: MatchModel) -> Candidates:
    """All candidate pairs among the records of the table `prepared`."""
    create_pairs(con, prepared, model.plan.keys, "match_pair")
    comparing.create_compared(con, "match_pair", prepared, model.plan, model.rare, "match_compared")
    vectors = comparing.distinct_vectors(con, "match_compared", model.plan, "match_vector")
    found = con.execute(
        """
        select record_no, other_record_no, vector_no
        from match_compared inner join match_vector using (levels, context)
        order by record_no, other_record_no
        """
    ).fetchnumpy()
    record_cnt = con.execute(f"select count(*) from {prepared}").fetchall()[0][0]
    for table in ("match_pair", "match_compared", "match_vector"):
        con.execute(f"drop table {table}")
    left, right = found["record_no"].astype(np.int64), found["other_record_no"].astype(np.int64)
    _, dense = np.unique(np.concatenate([left, right]), return_inverse=True)
    return Candidates(
        max(record_cnt, 1),
        dense[: len(left)],
        dense[len(left) :],
        found["vector_no"].astype(np.int64),
        vectors,
    )
