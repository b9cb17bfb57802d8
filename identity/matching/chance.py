"""The m and u of every level as Splink estimates them, and which of its estimates can be trusted.

u comes from random pairs, m from one session of EM for each of a few blocking keys, on which no household
agrees. Splink's own defaults are bounded: ten million random pairs take 21 s whatever the size of the data.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import duckdb

from identity.matching.blocking import ATOMS, Key
from identity.matching.fellegi_sunter import Shares, expected_shares
from identity.matching.fields import Comparison
from identity.matching.model import MatchPlan

Connection = duckdb.DuckDBPyConnection
RANDOM_PAIRS = 100_000  # u; how often whole values agree by chance is counted exactly from all records
EM_PAIRS = 100_000  # of one session
EM_RECORDS = 200_000  # the records that EM may block
EM_SESSIONS = 3
# What one person has alone; EM runs in blocks that agree on two of these, or on the first of them.
PERSONAL = (
    "national_id",
    "email",
    "given",
    "birth",
    "phone",
    "crm_id",
    "app_user_id",
    "organisation",
    "family",
)
SOLE = ("national_id", "email", "crm_id", "app_user_id")
LEAST_RECORDS = 50
LEAST_SHARE = 1e-4  # of a level among matches: no level proves a difference beyond ten or so bits


Trained = dict[str, list[float | None]]  # m of each level; None where no session saw it


class Estimates(NamedTuple):
    """Shares of the levels among matching (m) and among random pairs (u), and what was found doubtful."""

    m: Shares
    u: Shares
    notes: list[str]


def estimate(con: Connection, prepared: str, plan: MatchPlan) -> Estimates:
    """Train a Splink model on the prepared records and read its m and u; leaves no table behind.

    Fewer than LEAST_RECORDS teach EM nothing: what is expected of any data stands in.
    """
    compared = plan.compared
    if plan.record_cnt >= LEAST_RECORDS and compared:
        m, u, notes = _trained(con, prepared, plan)
    else:
        m, u = _read({"comparisons": []}, compared)
        notes = []
    for comparison in compared:
        if comparison.whole:
            top = chance_agreement(con, prepared, comparison.whole)
            u[comparison.name] = _with_top(u[comparison.name], top)
    checked, doubts = check(m, compared)
    return Estimates(checked, u, notes + doubts)


def _trained(con: Connection, prepared: str, plan: MatchPlan) -> tuple[Trained, Shares, list[str]]:
    from splink import DuckDBAPI, Linker

    settings = {
        "link_type": "dedupe_only",
        "unique_id_column_name": "record_no",
        "comparisons": [_settings(comparison) for comparison in plan.compared],
        "blocking_rules_to_generate_predictions": [],
        "probability_two_random_records_match": 1 / max(plan.record_cnt, 2),
    }
    share = max(1, -(-plan.record_cnt // EM_RECORDS))
    con.execute(
        f"create or replace temp table match_training as from {prepared} where hash(record_no) % {share} = 0"
    )
    notes: list[str] = []
    with _quiet():
        linker = Linker(DuckDBAPI(connection=con).register("match_training"), settings, log_level=None)
        try:
            linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=1, num_chunks=1)
            for key in training_keys(plan):
                notes += _session(linker, key)
            trained = linker.misc.save_model_to_json()
        finally:
            linker.table_management.delete_tables_created_by_splink_from_db()
            con.execute("drop table if exists match_training")
    return *_read(trained, plan.compared), notes


def chance_agreement(con: Connection, prepared: str, column: str) -> float:
    """The share of random pairs that agree on the whole value of a column, counted from all records."""
    same, filled = con.execute(
        f"""
        select coalesce(sum(n * (n - 1.0)), 0), coalesce(sum(n), 0)
        from (select count(*) as n from {prepared} where {column} is not null group by {column})
        """
    ).fetchall()[0]
    return float(max(same, 1)) / max(float(filled) * (float(filled) - 1), 2.0)


def _with_top(shares: list[float], top: float) -> list[float]:
    """The shares with the best level put to `top`, the others scaled."""
    rest = sum(shares[:-1])
    return [share / rest * (1 - top) for share in shares[:-1]] + [top]


def training_keys(plan: MatchPlan) -> list[Key]:
    """The blocks for EM: fields that belong to one person, two of them where one alone may be shared."""
    there = [name for name in PERSONAL if name in plan.comparisons]
    alone: list[Key] = [(name,) for name in SOLE if name in there]
    rest = [name for name in there if name not in SOLE]
    pairs: list[Key] = [
        (a, b) for i, a in enumerate(rest) for b in rest[i + 1 :] if {a, b} != {"phone", "family"}
    ]
    return (alone + pairs)[:EM_SESSIONS]


def check(m: Trained, compared: Sequence[Comparison]) -> tuple[Shares, list[str]]:
    """Replace what EM got wrong by what is expected of any data, and say so.

    Wrong is a comparison with a level that was never trained, one whose best level is not commoner among
    matches than its worst, and a given name or birth date that most matches do not share: then EM found
    households instead of people.
    """
    expected = expected_shares(compared)
    shares: Shares = {}
    notes: list[str] = []
    for comparison in compared:
        name, found = comparison.name, m[comparison.name]
        known = [share for share in found if share is not None]
        best, worst = found[-1], found[0]
        if best is None or worst is None or len(known) < 2:
            reason = "was not trained"
        elif best <= worst:
            reason = "found matches that disagree more often than they agree"
        elif name in ("given", "birth", "national_id") and worst > 0.3:
            reason = "found households or strangers: matches without a common value"
        else:
            filled = [e if share is None else share for share, e in zip(found, expected[name], strict=True)]
            shares[name] = [max(share, LEAST_SHARE) / sum(filled) for share in filled]
            continue
        shares[name] = expected[name]
        notes.append(f"EM {reason} for {name}; the expected shares stand in")
    return shares, notes


def _session(linker: Any, key: Key) -> list[str]:
    from splink.internals.exceptions import SplinkException

    rule = " and ".join(f"({_sided(ATOMS[atom][1], 'l')}) = ({_sided(ATOMS[atom][1], 'r')})" for atom in key)
    try:
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=True, max_pairs=EM_PAIRS, record_sample_proportion=1.0
        )
    except (SplinkException, ValueError, ZeroDivisionError, duckdb.Error) as problem:
        return [f"EM in blocks of {' + '.join(key)} failed: {type(problem).__name__}"]
    return []


def _sided(sql: str, side: str) -> str:
    return re.sub(r"\b(" + "|".join(PERSONAL) + r")\b", rf"{side}.\1", sql)


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


def _read(trained: dict[str, Any], compared: Sequence[Comparison]) -> tuple[Trained, Shares]:
    """m (None where not trained) and u of each level, the level 0 first."""
    m: Trained = {}
    u: Shares = {}
    found = {
        comparison["output_column_name"]: comparison["comparison_levels"]
        for comparison in trained["comparisons"]
    }
    for comparison in compared:
        levels = [level for level in found.get(comparison.name, []) if not level.get("is_null_level")][::-1]
        m[comparison.name] = [_share(level.get("m_probability")) for level in levels]
        known = [_share(level.get("u_probability")) or 0.0 for level in levels]
        if not levels:  # Splink leaves a comparison out of which it saw no pair
            m[comparison.name] = [None] * (comparison.top + 1)
            known = [1.0] + [0.0] * comparison.top
        floor = 0.5 / RANDOM_PAIRS
        total = sum(max(share, floor) for share in known)
        u[comparison.name] = [max(share, floor) / total for share in known]
    return m, u


def _share(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


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
