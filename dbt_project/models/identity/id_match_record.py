"""Records as the match model compares them; only what changed is prepared."""

import pyarrow as pa

from identity.matching import MatchModel, prepare


def model(dbt, session):
    """One row for each source record that has something to compare (see id_match_record.yml)."""
    dbt.config(materialized="incremental", unique_key="record_no", touched_by="id_rescored_record")
    dbt.ref("id_match_input"), dbt.ref("id_rescored_record"), dbt.ref("id_match_model")
    con, schema = session.cursor(), dbt.this.schema
    latest = f"select model from {schema}.id_match_model order by trained_at desc limit 1"
    found = con.execute(latest).fetchall()
    if not found:
        return pa.schema([("record_no", pa.int64())]).empty_table()
    con.execute(
        f"""
        create or replace temp view match_changed as
        select record.* from {schema}.id_match_input as record
        semi join {schema}.id_rescored_record as rescored on record.record_no = rescored.record_no
        """
    )
    prepare(con, "match_changed", "match_record", MatchModel.from_json(found[0][0]).plan.date_orders)
    return con.sql("from match_record").to_arrow_table()
