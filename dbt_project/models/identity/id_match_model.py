"""The match model: trained once, kept, and trained anew only when asked or when the records have outgrown it.

A model that moved with every batch would move people's ids with it.
"""

from datetime import UTC, datetime

import pyarrow as pa

from identity.matching import MatchModel, profile, train

LEAST_RECORDS = 20  # fewer say nothing of how often strangers agree
OUTGROWN = 3  # times as many, or as few, as it was trained on
LEAST_LABELS = 200  # judged pairs that teach anything; after them, twice as many teach something new
SCHEMA = pa.schema(
    [
        ("trained_at", pa.timestamp("us", "UTC")),
        ("reason", pa.string()),
        ("record_cnt", pa.int64()),
        ("label_cnt", pa.int64()),
        ("notes", pa.string()),
        ("model", pa.string()),
    ]
)


def model(dbt, session):
    """One row for each training (see id_match_model.yml); this build's, if there was one."""
    dbt.config(materialized="incremental", incremental_strategy="append")
    dbt.ref("id_match_input"), dbt.ref("id_label")
    con, schema = session.cursor(), dbt.this.schema
    record_cnt = con.execute(f"select count(*) from {schema}.id_match_input").fetchall()[0][0]
    label_cnt = con.execute(f"select count(*) from {schema}.id_label").fetchall()[0][0]
    standing, known_labels = None, 0
    if dbt.is_incremental:
        latest = f"select model, label_cnt from {dbt.this} order by trained_at desc limit 1"
        standing, known_labels = next(iter(con.execute(latest).fetchall()), (None, 0))
    has_learned = label_cnt < max(LEAST_LABELS, 2 * known_labels)
    reason = _reason(standing, record_cnt, has_learned, str(dbt.config.get("is_asked")).lower() == "true")
    if reason is None or str(dbt.config.get("is_scored")).lower() != "true":
        return SCHEMA.empty_table()
    con.execute(f"create or replace temp view match_input as from {schema}.id_match_input")
    judged = f"select record_no, other_record_no, is_match from {schema}.id_label"
    con.execute(f"create or replace temp view match_label as {judged}")
    trained = train(con, "match_input", profile(con, "match_input"), labels="match_label")
    now = datetime.now(UTC)
    row = [now, reason, record_cnt, label_cnt, "; ".join(trained.notes), trained.to_json()]
    return pa.table([[value] for value in row], schema=SCHEMA)


def _reason(standing, record_cnt, has_learned, is_asked):
    """Why to train now; None to keep the model that stands."""
    if record_cnt < LEAST_RECORDS:
        return None
    if standing is None:
        return "first"
    if is_asked:
        return "asked"
    if not has_learned:
        return "labels"
    try:
        trained_on = MatchModel.from_json(standing).plan.record_cnt
    except ValueError:
        return "format"
    return None if trained_on / OUTGROWN < record_cnt < trained_on * OUTGROWN else "outgrown"
