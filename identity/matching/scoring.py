"""Candidate pairs of records with their match weight."""

import duckdb
import numpy as np
from numpy.typing import NDArray

from identity.matching import comparing, fellegi_sunter
from identity.matching.blocking import create_pairs
from identity.matching.comparing import Vectors
from identity.matching.features import features
from identity.matching.model import MatchModel
from identity.matching.preparing import prepared_table

Connection = duckdb.DuckDBPyConnection


def score(
    con: Connection, model: MatchModel, records: str, new_records: str | None = None, into: str = "pair"
) -> None:
    """Create the temp table `into`: one row for each candidate pair, record_no < other_record_no.

    Columns: record_no, other_record_no, match_weight (log2 odds, 0 is even), level_<comparison> (-1 missing,
    0 no agreement, up to the comparison's best) and frequency_<comparison> (log2 of the other records that
    have the value of one, -1 where none is agreed on). `records`: as typed or prepared. With `new_records` (a
    table with record_no) only pairs with at least one of them; a pair's row is the same either way.
    """
    prepared, drop = prepared_table(con, records, model.plan)
    create_pairs(con, prepared, model.plan.keys, "match_pair", new_records)
    with comparing.frequency_tables(con, model.frequencies):
        comparing.create_compared(con, "match_pair", prepared, model.plan, model.rare, "match_compared")
    vectors = comparing.distinct_vectors(con, "match_compared", model.plan, "match_vector")
    _register(con, model, vectors)
    con.execute(
        f"""
        create or replace temp table {into} as
        select record_no, other_record_no, scored.* exclude (vector_no)
        from match_compared
        inner join match_vector using (levels, context)
        inner join match_scored as scored using (vector_no)
        """
    )
    con.unregister("match_scored")
    for table in ("match_pair", "match_compared", "match_vector", *([prepared] if drop else [])):
        con.execute(f"drop table {table}")


def vector_weights(model: MatchModel, vectors: Vectors) -> NDArray[np.float64]:
    """Log2 odds of each vector: of the learned scorer where there is one, else of the weights."""
    if model.booster:
        return model.booster.log2_odds(features(vectors, model.plan)[1])
    return fellegi_sunter.match_weights(model.weights, vectors, model.plan.compared)


def _register(con: Connection, model: MatchModel, vectors: Vectors) -> None:
    columns: dict[str, NDArray] = {
        "vector_no": np.arange(len(vectors.pair_cnt)),
        "match_weight": vector_weights(model, vectors),
    }
    for i, comparison in enumerate(model.plan.compared):
        columns[f"level_{comparison.name}"] = vectors.levels[:, i].astype(np.int8)
    for i, comparison in enumerate(model.plan.compared):
        if comparison.frequency:
            columns[f"frequency_{comparison.name}"] = vectors.frequency[:, i].astype(np.int8)
    con.register("match_scored", comparing.table(columns))
