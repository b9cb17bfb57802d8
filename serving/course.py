"""The funnel of a period beside that of the period before and of a year ago, and its course: one question."""

from dataclasses import dataclass

from serving.funnel import Funnel, StepCount, TrendBin
from serving.scope import NETWORK, Period, Scope
from serving.store import Snapshot

_COUNTS = ("entered", "passed", "mature_entered", "mature_passed")


@dataclass(frozen=True)
class Course:
    """Funnels of `now`, of as many days right `before`, and of the same weekdays a `year_ago`; `bins` are
    equal parts of `now`, oldest first, for each step that has data.
    """

    now: Funnel
    before: Funnel
    year_ago: Funnel
    bins: tuple[TrendBin, ...]


def course(snapshot: Snapshot, period: Period, scope: Scope = NETWORK, bins: int = 12) -> Course:
    """All of it by one scan: three questions would read and plan three times as much."""
    slots = {"now": period, "before": period.before(), "year_ago": period.year_ago()}
    found = snapshot.query(
        """
        WITH slot(slot, first, last) AS (VALUES
            ('now', $now_first::DATE, $now_last::DATE), ('before', $before_first::DATE, $before_last::DATE),
            ('year_ago', $year_ago_first::DATE, $year_ago_last::DATE)
        ), counts AS (
            SELECT slot, step_no,
                   CASE WHEN slot = 'now'
                        THEN date_diff('day', first, cohort_on) * $bins // $days END AS bin_no,
                   sum(entered_cnt)::BIGINT AS entered, sum(passed_cnt)::BIGINT AS passed,
                   sum(mature_entered_cnt)::BIGINT AS mature_entered,
                   sum(mature_passed_cnt)::BIGINT AS mature_passed
              FROM serving.srv_dealer_funnel JOIN slot ON cohort_on BETWEEN first AND last
             WHERE cohort_on BETWEEN $earliest AND $now_last
               AND ($region IS NULL OR region_code = $region) AND ($dealer IS NULL OR dealer_id = $dealer)
             GROUP BY ALL
        )
        SELECT step_no, step, name, has_data, window_days, slot, bin_no, entered, passed, mature_entered,
               mature_passed
          FROM serving.srv_funnel_step LEFT JOIN counts USING (step_no) ORDER BY step_no, slot, bin_no
        """,
        {
            **{f"{slot}_first": one.first for slot, one in slots.items()},
            **{f"{slot}_last": one.last for slot, one in slots.items()},
            "earliest": min(one.first for one in slots.values()),
            "bins": bins, "days": period.days, "region": scope.region, "dealer": scope.dealer,
        },
    ).to_pylist()  # fmt: skip
    funnels = {slot: _funnel(found, slot) for slot in slots}
    parts = [row for row in found if row["slot"] == "now" and row["has_data"]]
    return Course(
        funnels["now"], funnels["before"], funnels["year_ago"],
        tuple(_bin(row) for row in sorted(parts, key=lambda row: (row["bin_no"], row["step_no"]))),
    )  # fmt: skip


def shares_of_leads(steps: Funnel) -> dict[str, float]:
    """The share of leads that reaches each step: the product of the steps' rates up to it.

    Each rate counts the leads whose window for that step is over, so young leads do not pull late steps down
    (a chain of development factors). Ends before the first step without a sure rate; steps without data pass.
    """
    found, share = {}, 1.0
    for step in steps:
        if not step.has_data:
            continue
        if step.rate is None or not step.is_sure:
            break
        share *= step.rate
        found[step.step] = share
    return found


def _funnel(rows: list[dict], slot: str) -> Funnel:
    """The steps of a slot in their order, zeros where nothing was counted."""
    steps = {row["step_no"]: row for row in rows}
    sums = {number: dict.fromkeys(_COUNTS, 0) for number in steps}
    for row in rows:
        if row["slot"] == slot:
            for name in _COUNTS:
                sums[row["step_no"]][name] += row[name]
    return tuple(
        StepCount(number, row["step"], row["name"], row["has_data"], row["window_days"], **sums[number])
        for number, row in sorted(steps.items())
    )


def _bin(row: dict) -> TrendBin:
    is_mature = row["entered"] == row["mature_entered"]
    return TrendBin(row["bin_no"], row["step_no"], row["entered"], row["passed"], is_mature)
