"""A small built warehouse for tests of the reading side: the `srv_` models with plausible generated numbers.

Only what readers see is here (schemas `indicators` and `serving`), written straight with SQL, so that these
tests need neither a load nor a build. Columns are those of the contracted models.
"""

from datetime import date
from pathlib import Path

import duckdb

from indicators.digest import digests
from indicators.registry import Registry, load_registry

AS_OF = date(2026, 10, 31)
STEPS = (
    ("card", "Card", 7), ("visit", "Visit", 30), ("test_drive", "Test drive", 30), ("order", "Order", 90),
    ("delivery", "Delivery", 150),
)  # fmt: skip
RATES = {"card": 0.84, "visit": 0.47, "test_drive": 0.61, "order": 0.33, "delivery": 0.86}
# Dealer D0007 is planted weak between visit and test drive.
WEAK_DEALER, WEAK_STEP = "D0007", "test_drive"


def write_warehouse(
    path: Path, *, dealers: int = 40, days: int = 730, with_middle_steps: bool = True
) -> Path:
    """Write a warehouse. `dealers=0`: leads of no dealer; without middle steps: only orders have data."""
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE SCHEMA serving; CREATE SCHEMA indicators; CREATE SCHEMA core")
        _dimensions(con, dealers)
        _steps(con, with_middle_steps)
        _funnel(con, dealers, days)
        _weak_links(con)
        _insights(con)
        _operations(con)
        _dictionary(con)
        _identity(con)
        _cubes(con)
    return path


def _cubes(con: duckdb.DuckDBPyConnection) -> None:
    """Leads, and the two roll-ups that the planner prefers where they cover the question."""
    con.execute(
        "CREATE TABLE indicators.indicator_gate(code VARCHAR, gate VARCHAR, kind VARCHAR, action VARCHAR, "
        "source VARCHAR, max_age_hours DOUBLE)"
    )
    write_digests(con, load_registry())
    for name, columns in (
        ("ind_lead_1d", "dealer_id, region_code,"),
        ("ind_lead_by_dealer_channel_1d", "dealer_id, 'web' AS channel,"),
        ("ind_lead_total_1d", ""),
    ):
        con.execute(
            f"CREATE VIEW indicators.{name} AS SELECT cohort_on AS stat_date, {columns} "
            "sum(entered_cnt)::BIGINT AS lead_cnt FROM warehouse.serving.srv_dealer_funnel "
            "WHERE step_no = 1 GROUP BY ALL"
        )


def write_digests(con: duckdb.DuckDBPyConnection, registry: Registry) -> None:
    """What the warehouse was built from: the registry as it stands."""
    con.execute(
        "CREATE TABLE indicators.indicator_digest(definition VARCHAR, version INTEGER, digest VARCHAR)"
    )
    rows = [[name, one.version, one.digest] for name, one in digests(registry).items()]
    con.executemany("INSERT INTO indicators.indicator_digest VALUES (?, ?, ?)", rows)


def _dictionary(con: duckdb.DuckDBPyConnection) -> None:
    """The dictionary's tables without a row, as of a warehouse in which no indicator was described yet."""
    moment, texts = "TIMESTAMP WITH TIME ZONE", "VARCHAR[]"
    columns = {
        "srv_indicator_status": {
            **dict.fromkeys(("code", "state", "reason", "last_good_period"), "VARCHAR"),
            **dict.fromkeys(("failing_since", "fresh_until", "shown_until", "last_good_at"), moment),
            **dict.fromkeys(("last_good_first_on", "last_good_last_on"), "DATE"),
            "last_good_value": "DOUBLE",
        },
        "srv_indicator_gate": {
            **dict.fromkeys(("code", "gate", "kind", "action", "outcome", "reason"), "VARCHAR"),
            **dict.fromkeys(("failing_since", "holds_until"), moment),
        },
        "srv_test_result": {
            "test_name": "VARCHAR",
            "status": "VARCHAR",
            "failed_cnt": "BIGINT",
            "ran_at": moment,
        },
        "srv_indicator_dictionary": {
            **dict.fromkeys(
                (
                    "code",
                    "indicator_id",
                    "name_en",
                    "name_zh",
                    "kind",
                    "definition",
                    "status",
                    "state",
                    "reason",
                ),
                "VARCHAR",
            ),
            **dict.fromkeys(("tables", "test_names"), texts),
            **dict.fromkeys(("formula_tree", "lineage", "used_by", "search_text"), "VARCHAR"),
            "last_value": "DOUBLE",
        },
    }
    for name, types in columns.items():
        con.execute(f"CREATE TABLE serving.{name} ({', '.join(f'{c} {t}' for c, t in types.items())})")


def _dimensions(con: duckdb.DuckDBPyConnection, dealers: int) -> None:
    con.execute(
        """
        CREATE TABLE serving.srv_region AS SELECT * FROM (VALUES
            ('DE-BY', 'Bayern'), ('DE-BW', 'Baden-Württemberg'), ('DE-NW', 'Nordrhein-Westfalen'),
            ('DE-HE', 'Hessen'), ('DE-NI', 'Niedersachsen'), ('DE-SN', 'Sachsen'), ('DE-BE', 'Berlin'),
            ('DE-MV', 'Mecklenburg-Vorpommern')) AS region(region_code, region_name)
        """
    )
    con.execute(
        """
        CREATE TABLE serving.srv_dealer AS
        WITH numbered AS (SELECT *, row_number() OVER (ORDER BY region_code) - 1 AS n FROM serving.srv_region)
        SELECT format('D{:04d}', i) AS dealer_id,
               'Autohaus ' || ['Brandt', 'Keller & Söhne', 'Weiß', 'Lindner', 'Hofmann', 'Östermann',
                               'Schwarzenberger', 'Krüger', 'Voigt', 'Nordlicht'][i % 10 + 1]
                           || ' ' || ['Nord', 'Süd', 'am Markt', 'West'][i // 10 % 4 + 1] AS dealer_name,
               region_code, region_name, ['A', 'B'][i % 2 + 1] AS tier, 'city' AS market_type,
               ['A city', 'B city'][i % 2 + 1] AS peer_group, DATE '2015-01-01' AS opened_on,
               NULL::DATE AS closed_on
          FROM range(1, $dealers + 1) AS r(i) JOIN numbered ON n = i % 8
        """,
        {"dealers": dealers},
    )


def _steps(con: duckdb.DuckDBPyConnection, with_middle_steps: bool) -> None:
    con.execute(
        "CREATE TABLE serving.srv_funnel_step(step_no INTEGER, step VARCHAR, name VARCHAR, has_data BOOLEAN, "
        "window_days INTEGER)"
    )
    for number, (step, name, window) in enumerate(STEPS, 1):
        has_data = with_middle_steps or step == "order"
        con.execute(
            "INSERT INTO serving.srv_funnel_step VALUES (?, ?, ?, ?, ?)",
            [number, step, name, has_data, window],
        )
    con.execute("CREATE TABLE rate(step_no INTEGER, rate DOUBLE)")
    con.executemany("INSERT INTO rate VALUES (?, ?)", [[i, RATES[s[0]]] for i, s in enumerate(STEPS, 1)])


def _funnel(con: duckdb.DuckDBPyConnection, dealers: int, days: int) -> None:
    """Deterministic counts: a hash takes the place of chance, each step keeps a share of the one before."""
    con.execute(
        """
        CREATE TABLE serving.srv_dealer_funnel AS
        WITH RECURSIVE dealer AS (
            SELECT dealer_id, region_code FROM serving.srv_dealer
            UNION ALL SELECT NULL, NULL WHERE $dealers = 0
        ), lead AS (
            SELECT $as_of::DATE - d::INTEGER AS cohort_on, dealer_id, region_code,
                   floor(1.2 + 0.5 * sin(d / 58.0) + hash(d, dealer_id) % 100 / 50)::BIGINT AS leads
              FROM dealer, range($days) AS day(d)
        ), walk AS (
            SELECT cohort_on, dealer_id, region_code, 0 AS step_no, leads AS entered_cnt, leads AS
            passed_cnt FROM lead UNION ALL SELECT cohort_on, dealer_id, region_code, step.step_no::INTEGER,
            walk.passed_cnt,
                   CASE WHEN NOT has_data THEN walk.passed_cnt ELSE least(walk.passed_cnt, floor(
                       walk.passed_cnt * rate.rate * (0.94 + 0.12 * (hash(walk.dealer_id, step.step) % 1000)
                       / 1000) * CASE WHEN walk.dealer_id = $weak_dealer AND step.step = $weak_step THEN 0.5
                       ELSE 1 END * least(1, ($as_of::DATE - cohort_on) / window_days::DOUBLE) +
                       hash(cohort_on, walk.dealer_id, step.step_no) % 1000 / 1000)::BIGINT) END
              FROM walk JOIN serving.srv_funnel_step AS step ON step.step_no = walk.step_no + 1
              JOIN rate ON rate.step_no = step.step_no
        )
        SELECT cohort_on, dealer_id, region_code, walk.step_no, step.step, entered_cnt,
               passed_cnt,
               CASE WHEN is_mature THEN entered_cnt ELSE 0 END AS mature_entered_cnt,
               CASE WHEN is_mature THEN passed_cnt ELSE 0 END AS mature_passed_cnt
          FROM walk JOIN serving.srv_funnel_step AS step USING (step_no),
               LATERAL (SELECT cohort_on + window_days < $as_of::DATE AS is_mature)
         WHERE has_data
         ORDER BY cohort_on, dealer_id, step_no
        """,
        {
            "as_of": AS_OF,
            "days": days,
            "dealers": dealers,
            "weak_dealer": WEAK_DEALER,
            "weak_step": WEAK_STEP,
        },
    )
    con.execute(
        """
        CREATE TABLE serving.srv_funnel_target AS
        SELECT DISTINCT dealer_id, date_trunc('month', cohort_on)::DATE AS month_on, step,
               rate AS target_rate, NULL::DOUBLE AS target_cnt
          FROM serving.srv_dealer_funnel JOIN rate USING (step_no) WHERE dealer_id IS NOT NULL
        """
    )


def _weak_links(con: duckdb.DuckDBPyConnection) -> None:
    """Rates against the P75 of the peer group. The tests of the definition stand with the dbt model, not
    here.
    """
    con.execute(
        """
        CREATE TABLE serving.srv_weak_link AS
        WITH windows(period, days) AS (VALUES ('90d', 90), ('365d', 365), ('all', 100000)),
        counted AS (
            SELECT period, dealer_id, f.region_code, peer_group, step, step_no,
            sum(mature_entered_cnt)::BIGINT AS n,
                   sum(mature_passed_cnt)::BIGINT AS k
              FROM serving.srv_dealer_funnel AS f JOIN serving.srv_dealer USING (dealer_id), windows
             WHERE cohort_on > $as_of::DATE - days GROUP BY ALL HAVING n >= 20
        ), bench AS (
            SELECT *, k / n AS rate, quantile_cont(k / n, 0.75) OVER peers AS benchmark_rate,
                   count(*) OVER peers AS peer_cnt, 1.96 * sqrt(greatest(k / n * (1 - k / n), 0.0001) / n)
                   AS half
              FROM counted WINDOW peers AS (PARTITION BY period, peer_group, step)
        ), judged AS (
            SELECT *, rate + half < benchmark_rate AS is_weak,
                   greatest(0, benchmark_rate - rate) * n * 0.86 * 0.33 AS lost_deliveries FROM bench
        )
        SELECT period, dealer_id, region_code, step, n AS entered_cnt, k AS passed_cnt, rate, benchmark_rate,
               peer_group, peer_cnt, greatest(0, rate - half) AS interval_low, least(1, rate + half) AS
               interval_high, lost_deliveries, is_weak, CASE WHEN is_weak THEN row_number() OVER (
                   PARTITION BY period ORDER BY is_weak DESC, lost_deliveries DESC, dealer_id, step_no) END
                   AS weak_rank
          FROM judged
        """,
        {"as_of": AS_OF},
    )
    con.execute("DROP TABLE rate")


def _insights(con: duckdb.DuckDBPyConnection) -> None:
    """Losses of the network and of each weak dealer, and the network as the only group of peers."""
    con.execute(
        """
        CREATE TABLE serving.srv_insight AS
        WITH weak AS (SELECT * FROM serving.srv_weak_link WHERE is_weak), found AS (
            SELECT period, 'network' AS subject, NULL::VARCHAR AS region_code, NULL::VARCHAR AS dealer_id,
                   step, avg(rate) AS rate, avg(benchmark_rate) AS reference_rate,
                   sum(lost_deliveries) AS lost_deliveries, count(*) AS dealer_cnt
              FROM weak GROUP BY ALL
            UNION ALL BY NAME
            SELECT period, 'dealer' AS subject, region_code, dealer_id, step, rate,
                   benchmark_rate AS reference_rate, lost_deliveries, 1 AS dealer_cnt FROM weak
        )
        SELECT *, 'loss' AS kind, 1 AS heavy_dealer_cnt,
               row_number() OVER (PARTITION BY period, subject, dealer_id
                                  ORDER BY lost_deliveries DESC, step) AS insight_rank
          FROM found
        """
    )
    con.execute(
        """
        CREATE TABLE serving.srv_peer_funnel AS
        SELECT period, 'network' AS group_kind, 'network' AS group_code, step_no, step,
               count(*) AS dealer_cnt, sum(entered_cnt)::BIGINT AS entered_cnt,
               sum(passed_cnt) / sum(entered_cnt) AS rate, quantile_cont(link.rate, 0.25) AS rate_p25,
               quantile_cont(link.rate, 0.75) AS rate_p75
          FROM serving.srv_weak_link AS link JOIN serving.srv_funnel_step USING (step)
         GROUP BY ALL HAVING count(*) >= 5
        """
    )


def _operations(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        """
        CREATE TABLE serving.srv_dealer_queue AS
        SELECT dealer_id, 'lead_unanswered' AS queue, 3 AS waiting_cnt, DATE '2026-10-20' AS oldest_on
          FROM serving.srv_dealer WHERE dealer_id IN ('D0002', 'D0007', 'D0008', 'D0020')
        """
    )
    con.execute(
        "CREATE TABLE serving.srv_as_of AS SELECT 'crm' AS source, $as_of::DATE AS as_of_on", {"as_of": AS_OF}
    )
    con.execute(
        """
        CREATE TABLE serving.srv_source_freshness AS
        SELECT source, entity, TIMESTAMPTZ '2026-10-31 04:12:00+00' AS last_loaded_at, 1200 AS read_cnt,
               1197 AS loaded_cnt, 3 AS rejected_cnt, 0 AS repeated_cnt, true AS is_balanced
          FROM (VALUES ('crm', 'lead'), ('crm', 'card'), ('app', 'event'), ('service', 'repair_order'),
                       ('marketing', 'campaign'), ('market', 'registration')) AS t(source, entity)
        """
    )
    con.execute(
        """
        CREATE TABLE serving.srv_rejected_row AS
        SELECT format('r{}', i) AS rejected_id, 'crm' AS source, 'lead' AS entity,
               ['type', 'pattern', 'required'][i % 3 + 1] AS reason_code,
               ['is not of type "integer"', 'does not match', 'is missing'][i % 3 + 1] AS reason,
               TIMESTAMPTZ '2026-10-31 04:11:00+00' AS rejected_at, 'open' AS status
          FROM range(3) AS r(i)
        """
    )


def _identity(con: duckdb.DuckDBPyConnection) -> None:
    """A hundred people with their golden record, three pairs that wait for a reviewer, three builds."""
    con.execute(
        """
        CREATE TABLE core.dim_customer_identity AS
        SELECT format('P{:04d}', i) AS one_id, 'Anna' AS given_name, format('Meier{}', i) AS family_name,
               format('anna.meier{}@example.org', i) AS email,
               format('crm.card:K{}', i) AS email_record_key,
               TIMESTAMPTZ '2026-03-01 08:00+00' AS email_said_at
          FROM range(100) AS person(i)
        """
    )
    con.execute(
        """
        CREATE TABLE serving.srv_identity_review AS
        SELECT i AS pair_no, format('app.account:A{}', i) AS record_key_a,
               format('crm.lead:L{}', i) AS record_key_b,
               ['near_the_cut', 'contradiction', 'only_tie'][i] AS cause, 'email, phone' AS rules,
               CASE WHEN i = 1 THEN 0.4 END AS match_weight, i = 3 AS is_one_person, 10 - i AS record_cnt
          FROM range(1, 4) AS pair(i)
        """
    )
    con.execute(
        """
        CREATE TABLE serving.srv_identity_review_field AS
        SELECT pair_no, field_no::INTEGER AS field_no, field, agreement, masked_a, masked_b
          FROM serving.srv_identity_review, (VALUES
            (1, 'given_name', 'same', 'a…', 'a…'), (2, 'email', 'different', 'a…@g….com', 'a…@w….de'),
            (3, 'phone', 'missing', NULL, NULL)) AS field(field_no, field, agreement, masked_a, masked_b)
        """
    )
    con.execute(
        """
        CREATE TABLE serving.srv_identity_quality AS
        SELECT TIMESTAMPTZ '2026-10-29 04:00:00+00' + to_days(i::INTEGER) AS built_at, 900 + i AS record_cnt,
               100 AS person_cnt, 0.9 + i / 100 AS unified_rate, 40 AS duplicate_cnt, 3 AS conflict_cnt,
               20 AS guarded_cnt, 3 AS review_cnt, 12 AS largest_person_cnt,
               NULL::DOUBLE AS mean_match_weight,
               NULL::VARCHAR AS jump
          FROM range(3) AS build(i)
        """
    )
