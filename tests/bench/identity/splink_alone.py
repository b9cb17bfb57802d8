"""Splink by its own documentation, with nothing of ours: what we are compared with, on the same records.

The settings follow its tutorial and its example on 50,000 historical people: a comparison of its library for
each column with term frequencies where it offers them, the prior from deterministic rules at a recall of
0.7, eight blocking rules, u from random pairs, m by EM in three sessions, predictions from 0.5, connected
components at 0.95.

    python -m tests.bench.identity.splink_alone RECORDS OUT
"""

import json
import sys
import time
from pathlib import Path

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from orchestration.identity_evaluation.report import peak_bytes

THRESHOLD = 0.95
_NAMES = ("given_name", "family_name", "full_name", "organisation", "street")
_EXACT = (
    "phone",
    "national_id",
    "postal_code",
    "city",
    "device_id",
    "vin",
    "crm_id",
    "app_user_id",
    "gender",
)
# Pairs of columns to block on, the first that the data has: eight rules, as in the example.
_BLOCKS = (
    *(("email",), ("phone",), ("national_id",), ("given_name", "family_name"), ("family_name", "birth_date")),
    *(
        ("given_name", "birth_date"),
        ("street", "postal_code"),
        ("family_name", "postal_code"),
        ("full_name",),
    ),
    *(
        ("organisation", "postal_code"),
        ("organisation",),
        ("given_name", "street"),
        ("birth_date", "postal_code"),
    ),
)
# Rules that are right nearly always, for the prior.
_SURE = (
    *(("given_name", "family_name", "birth_date"), ("given_name", "email"), ("given_name", "phone")),
    *(("national_id",), ("organisation", "postal_code")),
)


def main(records: Path, out: Path) -> None:
    """Resolve the records; write record_id and cluster to `out`, print seconds and peak memory as JSON."""
    con = duckdb.connect()
    kind = "read_parquet" if records.suffix == ".parquet" else "read_csv"
    con.execute(f"create table person as select * from {kind}('{records}')")
    started = time.perf_counter()
    linker, columns = build(con)
    train(linker, columns)
    pairs = linker.inference.predict(threshold_match_probability=0.5)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, THRESHOLD)
    found = f"select record_id, cluster_id as one_id from {clusters.physical_name}"
    con.execute(f"copy ({found}) to '{out}' (format parquet)")
    print(json.dumps({"seconds": time.perf_counter() - started, "peak_bytes": peak_bytes()}))


def build(con: duckdb.DuckDBPyConnection) -> tuple[Linker, list[str]]:
    """The linker over table `person`, and the columns that hold something."""
    described = [row[0] for row in con.execute("describe person").fetchall()]
    counts = con.execute(
        f"select {', '.join(f'count({name})' for name in described)} from person"
    ).fetchall()[0]
    columns = [name for name, cnt in zip(described, counts, strict=True) if cnt]
    if "postal_code" in columns:  # one comparison of the place: the three of them say the same thing
        columns = [name for name in columns if name not in ("city", "region")]
    _iso_dates(con, columns)
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        comparisons=[comparison for name in columns if (comparison := _comparison(name))],
        blocking_rules_to_generate_predictions=[block_on(*names) for names in _blocks(columns)],
        retain_intermediate_calculation_columns=False,
    )
    return Linker(DuckDBAPI(connection=con).register("person"), settings), columns


def train(linker: Linker, columns: list[str]) -> None:
    """Prior, u, and m in three sessions."""
    blocks = _blocks(columns)
    sure = [names for names in _SURE if set(names) <= set(columns)] or blocks[:2]
    linker.training.estimate_probability_two_random_records_match(
        [block_on(*names) for names in sure], recall=0.7
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
    for names in [names for names in blocks if len(names) > 1][:3] or blocks[:2]:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*names))


def _blocks(columns: list[str]) -> list[tuple[str, ...]]:
    return [names for names in _BLOCKS if set(names) <= set(columns)][:8]


def _comparison(name: str):
    if name == "birth_date":
        return cl.DateOfBirthComparison(name, input_is_string=True)
    if name == "email":
        return cl.EmailComparison(name).configure(term_frequency_adjustments=True)
    if name in ("given_name", "family_name"):
        return cl.NameComparison(name).configure(term_frequency_adjustments=True)
    if name in _NAMES:
        return cl.JaroWinklerAtThresholds(name, [0.9, 0.7]).configure(term_frequency_adjustments=True)
    if name in _EXACT:
        return cl.ExactMatch(name).configure(term_frequency_adjustments=name != "gender")
    return None


def _iso_dates(con: duckdb.DuckDBPyConnection, columns: list[str]) -> None:
    """Splink reads dates of one form; it is given them in the form that it reads."""
    if "birth_date" in columns:
        forms = "['%Y-%m-%d', '%Y%m%d', '%m/%d/%Y', '%m%d%Y', '%d.%m.%Y']"
        con.execute(
            f"update person set birth_date = cast(try_strptime(birth_date, {forms})::date as varchar)"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
