"""The pairs that training looks at: all candidates, or in many records those of a sample of records."""

from collections.abc import Callable
from typing import NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray

from identity.clustering import cluster, components
from identity.matching import comparing
from identity.matching.blocking import create_pairs
from identity.matching.comparing import Vectors
from identity.matching.model import MatchPlan

Connection = duckdb.DuckDBPyConnection
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

WHOLE_BELOW = 100_000  # records: training looks at all of them
SEEDS = 20_000  # records that are drawn from more; every pair with one of them is looked at


class Candidates(NamedTuple):
    """Candidate pairs among `record_cnt` records: both ends (0 ..), the number of the pair's vector, and
    whether it is in the sample (or only connects what is in it).
    """

    record_cnt: int
    left: Ints
    right: Ints
    vector: Ints
    sampled: Bools
    vectors: Vectors

    def together(self, weight: Floats) -> Bools:
        """The pairs that a clustering puts together, vector v weighing `weight[v]` (log2 odds).

        Only pairs within a component of those that speak for a match can come together: the others are left
        out before anything is sorted.
        """
        likely = (weight > 0)[self.vector]
        component = components(self.left[likely], self.right[likely], self.record_cnt)
        near = np.flatnonzero(component[self.left] == component[self.right])
        left, right = self.left[near], self.right[near]
        label = cluster(self.record_cnt, left, right, weight[self.vector[near]])
        together = np.zeros(len(self.left), dtype=bool)
        together[near] = label[left] == label[right]
        return together

    def counted(self, chosen: Bools) -> Floats:
        """How many of the chosen pairs of the sample have each vector."""
        counted = np.bincount(self.vector[chosen & self.sampled], minlength=len(self.vectors.pair_cnt))
        return counted.astype(np.float64)


def sampled_pairs(
    con: Connection, prepared: str, plan: MatchPlan, rare: dict[str, int]
) -> tuple[Vectors, float]:
    """The vectors of the candidates with a record of the sample, and among how many pairs they are.

    All records are the sample where they are few. Leaves the temp tables `match_seed`, `match_compared` and
    `match_vector` for `candidates`, which drops them.
    """
    sampled = "" if plan.record_cnt <= WHOLE_BELOW else f"where hash(record_no) % {plan.record_cnt} < {SEEDS}"
    con.execute(f"create or replace temp table match_seed as select record_no from {prepared} {sampled}")
    create_pairs(con, prepared, plan.keys, "match_pair", "match_seed" if sampled else None)
    comparing.create_compared(con, "match_pair", prepared, plan, rare, "match_compared")
    con.execute("drop table match_pair")
    vectors = comparing.distinct_vectors(con, "match_compared", plan, "match_vector")
    seed_cnt = con.execute("select count(*) from match_seed").fetchall()[0][0]
    return vectors, max(seed_cnt * (plan.record_cnt - 1) - seed_cnt * (seed_cnt - 1) / 2, 1.0)


def candidates(
    con: Connection,
    prepared: str,
    plan: MatchPlan,
    rare: dict[str, int],
    vectors: Vectors,
    weights_of: Callable[[Vectors], Floats],
) -> Candidates:
    """The candidates of `sampled_pairs`, with those that connect them.

    A person's records are clustered rightly only among all that they may match: beside the pairs of the
    sample stand those among the records with which it has pairs that weigh more than even.
    """
    if plan.record_cnt > WHOLE_BELOW:
        con.register("match_likely", comparing.table({"vector_no": np.flatnonzero(weights_of(vectors) > 0)}))
        con.execute(
            f"""
            create or replace temp table match_slice as
            with near as (
                from match_compared inner join match_vector using (levels, context)
                where vector_no in (from match_likely)
            )
            from {prepared} where record_no in (
                from match_seed union select record_no from near union select other_record_no from near
            )
            """
        )
        con.unregister("match_likely")
        create_pairs(con, "match_slice", plan.keys, "match_pair")
        comparing.create_compared(con, "match_pair", "match_slice", plan, rare, "match_compared")
        vectors = comparing.distinct_vectors(con, "match_compared", plan, "match_vector")
    found = con.execute(
        """
        select
            record_no, other_record_no, vector_no,
            record_no in (from match_seed) or other_record_no in (from match_seed) as is_sampled
        from match_compared inner join match_vector using (levels, context)
        order by record_no, other_record_no
        """
    ).fetchnumpy()
    for table in ("match_pair", "match_compared", "match_vector", "match_seed", "match_slice"):
        con.execute(f"drop table if exists {table}")
    left, right = found["record_no"].astype(np.int64), found["other_record_no"].astype(np.int64)
    records, dense = np.unique(np.concatenate([left, right]), return_inverse=True)
    return Candidates(
        len(records),
        dense[: len(left)],
        dense[len(left) :],
        found["vector_no"].astype(np.int64),
        found["is_sampled"].astype(bool),
        vectors,
    )
