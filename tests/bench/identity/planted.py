"""What strangers share must join nobody: a dealer's phone on many customers, a placeholder e-mail on 1 %.

The records are resolved as they are and again with the values planted; a merge is a pair of records of two
people that are together only in the second run.
"""

from pathlib import Path
from typing import Any

import duckdb

from tests.bench.identity.ours import ours

VALUES = {"phone": "089 5550123", "email": "keine.angabe@autohaus.example"}
CLEANED = VALUES | {"phone": "+49895550123"}


def plant(records: Path, planted: Path, customers: int, share: float) -> dict[str, int]:
    """Write the records with both values in them; return how many records carry each."""
    with duckdb.connect() as con:
        con.execute(f"create table record as from '{records}'")
        cnt = con.execute("select count(*) from record").fetchall()[0][0]
        wanted = {"phone": customers, "email": int(cnt * share)}
        for name, value in VALUES.items():
            con.execute(
                f"update record set {name} = '{value}' where record_id in "
                f"(select record_id from record order by md5('{name}' || record_id) limit {wanted[name]})"
            )
        con.execute(f"copy record to '{planted}' (format parquet)")
    return wanted


def measure(records: Path, truth: Path, folder: Path, customers: int) -> list[dict[str, Any]]:
    """One row for each planted value: who carries it, false merges, dropped edges in the audit table."""
    planted = folder / "planted.parquet"
    carry = plant(records, planted, customers, 0.01)
    before, after = folder / "before", folder / "after"
    ours(records, truth, scratch=before)
    ours(planted, truth, scratch=after)
    with duckdb.connect() as con:
        for name in ("before", "after"):
            con.execute(f"attach '{folder / name / 'warehouse.duckdb'}' as {name} (read_only)")
        return [
            {
                "planted": f"{name} on {carry[name]:,} records",
                "merges created": _merges(con, name, value),
                "edges dropped, with reason": _audited(con, name),
                "records": con.execute("select count(*) from after.identity.id_map").fetchall()[0][0],
            }
            for name, value in VALUES.items()
        ]


def _merges(con: duckdb.DuckDBPyConnection, column: str, value: str) -> int:
    """Pairs of different people, both with the value, together after and not before."""
    return con.execute(
        f"""
        with carrier as (
            select map.one_id, old.one_id as one_id_before, truth.person_id, map.source_key
            from after.identity.id_map as map
            join before.identity.id_map as old using (source_key)
            join after.raw_identity.truth as truth on map.source_key = truth.record_id
            join after.raw_identity.record as record on map.source_key = record.record_id
            where record.{column} = '{value}'
        )
        select count(*) from carrier as one join carrier as other
            on one.one_id = other.one_id and one.source_key < other.source_key
        where one.person_id <> other.person_id and one.one_id_before <> other.one_id_before
        """
    ).fetchall()[0][0]


def _audited(con: duckdb.DuckDBPyConnection, column: str) -> int:
    """Edges that the planted value would have made, kept with the reason why they were dropped."""
    return con.execute(
        """
        select count(*) from after.identity.id_edge
        where rule = $1 and identifier_value = $2 and not is_kept and drop_reason = 'shared_value'
        """,
        [column, CLEANED[column]],
    ).fetchall()[0][0]
