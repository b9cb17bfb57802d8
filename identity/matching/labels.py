"""What is known of pairs: judged by people, or tied and parted by rules."""

from typing import NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray

from identity.matching import comparing
from identity.matching.comparing import Vectors
from identity.matching.model import MatchPlan

Connection = duckdb.DuckDBPyConnection
Floats = NDArray[np.float64]


class Judged(NamedTuple):
    """Known pairs by their vectors: weight of those that match and of those that do not; how many people
    judged.
    """

    vectors: Vectors
    positive: Floats
    negative: Floats
    label_cnt: int


def judged(
    con: Connection,
    prepared: str,
    plan: MatchPlan,
    rare: dict[str, int],
    weight: float,
    labels: str | None,
    must: str | None,
    cannot: str | None,
) -> Judged:
    """The known pairs compared, candidates or not. A label counts `weight`, a rule's pair 1."""
    parts = [
        "select null::bigint as a, null::bigint as b, false as is_match, 0.0 as n, 0 as judged where false"
    ]
    if labels:
        parts.append(f"select record_no, other_record_no, is_match, {weight}, 1 from {labels}")
    if must:
        parts.append(f"select record_no, other_record_no, true, 1.0, 0 from {must}")
    if cannot:
        parts.append(f"select record_no, other_record_no, false, 1.0, 0 from {cannot}")
    con.execute(
        f"""
        create or replace temp table match_known as
        select
            least(a, b) as record_no, greatest(a, b) as other_record_no, is_match,
            sum(n)::double as n, sum(judged)::bigint as judged
        from ({" union all ".join(parts)}) where a <> b group by all
        """
    )
    comparing.create_compared(con, "match_known", prepared, plan, rare, "match_compared")
    vectors = comparing.distinct_vectors(con, "match_compared", plan, "match_vector")
    found = con.execute(
        """
        select vector_no, is_match, sum(n) as n, sum(judged)::bigint as judged
        from match_known
        inner join match_compared using (record_no, other_record_no)
        inner join match_vector using (levels, context)
        group by vector_no, is_match order by vector_no, is_match
        """
    ).fetchnumpy()
    for table in ("match_known", "match_compared", "match_vector"):
        con.execute(f"drop table {table}")
    vector, match = found["vector_no"].astype(np.int64), found["is_match"].astype(bool)
    counts = [
        np.bincount(vector[side], weights=found["n"][side], minlength=len(vectors.pair_cnt)).astype(
            np.float64
        )
        for side in (match, ~match)
    ]
    return Judged(vectors, counts[0], counts[1], int(found["judged"].sum()))
