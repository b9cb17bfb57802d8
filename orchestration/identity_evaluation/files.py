"""RECORDS, TRUTH and LABELS: CSV or Parquet, read as text into a scratch warehouse, every fault named."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from orchestration.errors import ForecourtError
from orchestration.identity_evaluation.opening import open_file

COLUMNS = (
    *("source", "full_name", "given_name", "family_name", "birth_date", "gender", "email", "phone"),
    *("street", "city", "region", "postal_code", "national_id", "device_id", "vin", "crm_id"),
    *("app_user_id", "organisation"),
)
# The same judgement as people and tools write it.
_YES, _NO = ("1", "1.0", "true", "t", "yes", "y", "match"), ("0", "0.0", "false", "f", "no", "n", "no_match")


def load_records(con: duckdb.DuckDBPyConnection, file: Path) -> tuple[int, list[str]]:
    """Write raw_identity.record: record_id and every column of `COLUMNS`, as text; blank is null.

    Returns how many records there are and what was left out. Raises ``ForecourtError`` for a file without
    records, without or with repeated record_id, or with nothing to compare.
    """
    found = open_file(con, file, "RECORDS")
    _need(found, ["record_id"], file, "RECORDS")
    known = [name for name in COLUMNS if name in found]
    if not set(known) - {"source"}:
        raise ForecourtError(
            f"RECORDS ({file}) has no column to compare: it has {', '.join(found)}; "
            f"known are {', '.join(COLUMNS)}."
        )
    selected = [f"{_text(name) if name in found else 'cast(null as varchar)'} as {name}" for name in COLUMNS]
    con.execute("create schema if not exists raw_identity")
    con.execute(
        f"create or replace table raw_identity.record as select {_text('record_id')} as record_id, "
        f"{', '.join(selected)} from opened"
    )
    con.execute("update raw_identity.record set source = 'file' where source is null")
    _check_keys(con, "raw_identity.record", file, "RECORDS")
    unknown = [name for name in found if name not in (*COLUMNS, "record_id")]
    notes = [f"Columns of RECORDS that are not known were ignored: {', '.join(unknown)}."] if unknown else []
    return _count(con, "raw_identity.record"), notes


def load_truth(con: duckdb.DuckDBPyConnection, file: Path) -> list[str]:
    """Write raw_identity.truth (record_id, person_id) for the records that are there; return what was left
    out.

    Raises ``ForecourtError`` for missing columns, a record with two people, and a truth about other records.
    """
    _need(open_file(con, file, "TRUTH"), ["record_id", "person_id"], file, "TRUTH")
    con.execute(
        "create or replace temp table truth_read as "
        f"select distinct {_text('record_id')} as record_id, {_text('person_id')} as person_id from opened"
    )
    con.execute("delete from truth_read where person_id is null")
    _check_keys(con, "truth_read", file, "TRUTH", "names more than one person for")
    con.execute(
        "create or replace table raw_identity.truth as "
        "from truth_read semi join raw_identity.record using (record_id)"
    )
    read, kept = _count(con, "truth_read"), _count(con, "raw_identity.truth")
    if not kept:
        there = _examples(con, "from raw_identity.record")
        raise ForecourtError(
            f"TRUTH ({file}) is about other records: none of its {read:,} values of record_id "
            f"({_examples(con, 'from truth_read')} ...) is in RECORDS, which has {there} ..."
        )
    without = _count(con, "raw_identity.record") - kept
    notes = []
    if read > kept:
        missing = _examples(con, "from truth_read anti join raw_identity.record using (record_id)")
        notes.append(f"TRUTH names {read - kept:,} records that are not in RECORDS ({missing}): left out.")
    if without:
        notes.append(f"{without:,} records have no truth: they are resolved, and not compared.")
    return notes


def load_labels(con: duckdb.DuckDBPyConnection, file: Path | None) -> tuple[int, list[str]]:
    """Write raw_identity.label (left_record_id, right_record_id, is_match), empty where there is no file.

    Returns how many pairs were judged and what was left out. Raises ``ForecourtError`` for missing columns,
    a judgement that is neither yes nor no, and a pair judged both ways.
    """
    con.execute(
        "create or replace table raw_identity.label "
        "(left_record_id varchar, right_record_id varchar, is_match boolean)"
    )
    if file is None:
        return 0, []
    _need(open_file(con, file, "LABELS"), ["left_record_id", "right_record_id", "is_match"], file, "LABELS")
    judged = f"lower({_text('is_match')})"
    left, right = _text("left_record_id"), _text("right_record_id")
    con.execute(
        f"""
        create or replace temp table label_read as select distinct
            least({left}, {right}) as left_record_id, greatest({left}, {right}) as right_record_id,
            {judged} as judged,
            case when {judged} in {_YES} then true when {judged} in {_NO} then false end as is_match
        from opened where {left} <> {right}
        """
    )
    _check_judgements(con, file)
    con.execute(
        """
        insert into raw_identity.label
        select left_record_id, right_record_id, any_value(is_match) from label_read
        where left_record_id in (select record_id from raw_identity.record)
            and right_record_id in (select record_id from raw_identity.record)
        group by all
        """
    )
    pairs = _one(con, "select count(distinct (left_record_id, right_record_id)) from label_read")
    kept = _count(con, "raw_identity.label")
    return kept, [
        f"{pairs - kept:,} labels name records that are not there: left out."
    ] if pairs > kept else []


def _check_judgements(con: duckdb.DuckDBPyConnection, file: Path) -> None:
    unread = con.execute("select judged from label_read where is_match is null limit 1").fetchall()
    if unread:
        raise ForecourtError(
            f"LABELS ({file}): is_match must be true or false, and '{unread[0][0]}' is neither."
        )
    torn = con.execute(
        "select left_record_id, right_record_id from label_read "
        "group by all having count(distinct is_match) > 1"
    ).fetchall()
    if torn:
        raise ForecourtError(
            f"LABELS ({file}) judges {len(torn):,} pairs both ways, such as {torn[0][0]} and {torn[0][1]}: "
            "keep one judgement for each pair."
        )


def _need(found: Sequence[str], needed: Sequence[str], file: Path, what: str) -> None:
    missing = [name for name in needed if name not in found]
    if missing:
        raise ForecourtError(
            f"{what} ({file}) has no column {' and no column '.join(missing)}: it has {', '.join(found)}."
        )


def _check_keys(
    con: duckdb.DuckDBPyConnection, table: str, file: Path, what: str, says: str = "repeats"
) -> None:
    without = _one(con, f"select count(*) from {table} where record_id is null")
    if without:
        raise ForecourtError(f"{what} ({file}) has {without:,} rows without a record_id.")
    repeated = f"select record_id from {table} group by record_id having count(*) > 1"
    cnt = _one(con, f"select count(*) from ({repeated})")
    if cnt:
        some = _examples(con, f"from ({repeated})")
        raise ForecourtError(f"{what} ({file}) {says} {cnt:,} values of record_id, such as {some}.")


def _examples(con: duckdb.DuckDBPyConnection, source: str) -> str:
    return ", ".join(
        row[0] for row in con.execute(f"select record_id {source} order by 1 limit 3").fetchall()
    )


def _text(name: str) -> str:
    return f"""nullif(trim("{name}"), '')"""


def _one(con: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(con.execute(query).fetchall()[0][0])


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return _one(con, f"select count(*) from {table}")
