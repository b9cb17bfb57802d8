"""Pairs of records with their match weight; only pairs with a record that changed are scored."""

import pyarrow as pa

from identity.matching import MatchModel, score

EMPTY = pa.schema(
    [("record_no", pa.int64()), ("other_record_no", pa.int64()), ("match_weight", pa.float64())]
)


def model(dbt, session):
    """One row for each candidate pair (see id_scored_pair.yml)."""
    dbt.config(
        materialized="incremental",
        unique_key=["record_no", "other_record_no"],
        touched_by="id_rescored_record",
    )
    dbt.ref("id_match_record"), dbt.ref("id_rescored_record"), dbt.ref("id_match_model")
    con, schema = session.cursor(), dbt.this.schema
    latest = f"select model from {schema}.id_match_model order by trained_at desc limit 1"
    found = con.execute(latest).fetchall()
    if not found or str(dbt.config.get("is_scored")).lower() != "true":
        return EMPTY.empty_table()
    # nothing to score: no record is looked at, and the columns stay what they are
    there = con.execute(f"select 1 from {schema}.id_rescored_record limit 1").fetchall()
    con.execute(
        f"create or replace temp view match_record as from {schema}.id_match_record"
        f"{'' if there else ' limit 0'}"
    )
    con.execute(
        f"""
        create or replace temp table match_changed as
        select rescored.record_no from {schema}.id_rescored_record as rescored
        semi join match_record on rescored.record_no = match_record.record_no
        """
    )
    score(
        con,
        MatchModel.from_json(found[0][0]),
        "match_record",
        new_records="match_changed",
        into="match_scored_pair",
    )
    return con.sql("from match_scored_pair").to_arrow_table()
