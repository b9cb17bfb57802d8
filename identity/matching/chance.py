"""How often strangers agree (u), as Splink estimates it from random pairs.

Splink's own default of ten million random pairs takes 21 s whatever the size of the data; a hundred thousand
do, because how often whole values are equal by chance is counted exactly from all records.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb

from identity.matching.fields import Comparison
from identity.matching.model import MatchPlan, Shares

Connection = duckdb.DuckDBPyConnection
RANDOM_PAIRS = 100_000
LEAST_RECORDS = 10  # Splink draws pairs; so few records have too few of them to be drawn


def filled_shares(con: Connection, prepared: str, plan: MatchPlan) -> dict[str, float]:
    """Comparison -> share of the records that have what it compares."""
    counts = ", ".join(
        f"count({comparison.needs[0]}) / greatest(count(*), 1)" for comparison in plan.compared
    )
    found = con.execute(f"select {counts} from {prepared}").fetchall()[0] if plan.comparisons else ()
    return {comparison.name: float(share) for comparison, share in zip(plan.compared, found, strict=True)}


def chance_shares(con: Connection, prepared: str, plan: MatchPlan) -> Shares:
    """The shares of the levels among random pairs, level 0 first; leaves no table behind."""
    compared = plan.compared
    trained = _trained(con, prepared, plan) if plan.record_cnt >= LEAST_RECORDS and compared else {}
    u = _read(trained, compared, plan.record_cnt)
    for comparison in compared:
        if comparison.whole:
            top = chance_agreement(con, prepared, comparison.whole)
            u[comparison.name] = _with_top(u[comparison.name], top)
    return u


def _trained(con: Connection, prepared: str, plan: MatchPlan) -> dict[str, Any]:
    from splink import DuckDBAPI, Linker

    settings = {
        "link_type": "dedupe_only",
        "unique_id_column_name": "record_no",
        "comparisons": [_settings(comparison) for comparison in plan.compared],
        "blocking_rules_to_generate_predictions": [],
        "probability_two_random_records_match": 1 / plan.record_cnt,
    }
    with _quiet():
        linker = Linker(DuckDBAPI(connection=con).register(prepared), settings, log_level=None)
        try:
            linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=1, num_chunks=1)
            return dict(linker.misc.save_model_to_json())
        finally:
            linker.table_management.delete_tables_created_by_splink_from_db()


def chance_agreement(con: Connection, prepared: str, *columns: str) -> float:
    """The share of random pairs that agree on the whole values of columns, counted from all records that
    have them.
    """
    filled_in = " and ".join(f"{column} is not null" for column in columns)
    same, filled = con.execute(
        f"""
        select coalesce(sum(n * (n - 1.0)), 0), coalesce(sum(n), 0)
        from (select count(*) as n from {prepared} where {filled_in} group by {", ".join(columns)})
        """
    ).fetchall()[0]
    return float(max(same, 1)) / max(float(filled) * (float(filled) - 1), 2.0)


def _with_top(shares: list[float], top: float) -> list[float]:
    """The shares with the best level put to `top`, the others scaled."""
    rest = sum(shares[:-1])
    return [share / rest * (1 - top) for share in shares[:-1]] + [top]


def _settings(comparison: Comparison) -> dict[str, Any]:
    """A comparison in Splink's own form, with the very conditions of our levels."""
    nulls = " or ".join(f"{column}_l is null or {column}_r is null" for column in comparison.needs)
    levels: list[dict[str, Any]] = [
        {"sql_condition": nulls, "label_for_charts": "missing", "is_null_level": True},
        *(
            {
                "sql_condition": re.sub(r"\b([lr])\.(\w+)", r"\2_\1", level.condition),
                "label_for_charts": level.label,
            }
            for level in comparison.levels
        ),
        {"sql_condition": "ELSE", "label_for_charts": "no agreement"},
    ]
    return {"output_column_name": comparison.name, "comparison_levels": levels}


def _read(trained: dict[str, Any], compared: Sequence[Comparison], record_cnt: int) -> Shares:
    """u of each level, the level 0 first; Splink leaves a comparison out of which it saw no pair."""
    found = {one["output_column_name"]: one["comparison_levels"] for one in trained.get("comparisons", [])}
    floor = 0.5 / max(1, min(RANDOM_PAIRS, record_cnt * (record_cnt - 1) // 2))
    u: Shares = {}
    for comparison in compared:
        levels = [level for level in found.get(comparison.name, []) if not level.get("is_null_level")][::-1]
        shares = [max(level.get("u_probability") or 0.0, floor) for level in levels]
        shares = shares or [1.0] + [floor] * comparison.top
        u[comparison.name] = [share / sum(shares) for share in shares]
    return u


@contextmanager
def _quiet() -> Iterator[None]:
    """Splink explains itself in the log; what matters is read from its model."""
    logger = logging.getLogger("splink")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
