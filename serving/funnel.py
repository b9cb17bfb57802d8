"""The dealer funnel for a period: lead -> card -> visit -> test drive -> order -> delivery.

A cohort funnel: the leads of the period, followed until the window of each step is over. Rates count mature
cohorts only (those whose window is over); counts are of all leads of the period, so that nothing is hidden.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from serving.scope import NETWORK, Period, Scope
from serving.store import Snapshot

# Fewer cases than this and a rate says more about chance than about a dealer (the weak links' own limit).
MIN_CASES = 20

_IN_SCOPE = """
    cohort_on BETWEEN $first AND $last
    AND ($region IS NULL OR region_code = $region) AND ($dealer IS NULL OR dealer_id = $dealer)
"""


@dataclass(frozen=True)
class StepCount:
    """One step of a funnel: of `entered` leads that could take it, `passed` took it within its window."""

    step_no: int
    step: str
    name: str
    has_data: bool
    window_days: int
    entered: int
    passed: int
    mature_entered: int
    mature_passed: int

    @property
    def rate(self) -> float | None:
        """Share of mature leads that took the step; None without data or without a mature lead."""
        if not self.has_data or self.mature_entered == 0:
            return None
        return self.mature_passed / self.mature_entered

    @property
    def is_sure(self) -> bool:
        """Whether enough mature leads stand behind the rate."""
        return self.mature_entered >= MIN_CASES

    @property
    def still_open(self) -> int:
        """Leads whose window is not over and that have not taken the step yet."""
        return max(0, (self.entered - self.mature_entered) - (self.passed - self.mature_passed))


Funnel = tuple[StepCount, ...]


def leads(steps: Funnel) -> int:
    """Counted leads of a funnel: what enters its first step that has data; 0 where none has."""
    return next((step.entered for step in steps if step.has_data), 0)


@dataclass(frozen=True)
class TrendBin:
    """An equal part of a period: what its leads became, and whether the step's window is over for all of
    them.
    """

    bin_no: int
    step_no: int
    entered: int
    passed: int
    is_mature: bool

    @property
    def rate(self) -> float | None:
        """Share that took the step; None while it is too early, and where too few could."""
        return self.passed / self.entered if self.is_mature and self.entered >= MIN_CASES else None


def funnel(snapshot: Snapshot, period: Period, scope: Scope = NETWORK) -> Funnel:
    """The steps in their order, for the leads of `period` in `scope`; steps without data are there and say
    so.
    """
    return _funnels(snapshot, "NULL::VARCHAR", period, scope).get(None, ())


def funnel_by(
    snapshot: Snapshot, period: Period, by: Literal["region_code", "dealer_id"], scope: Scope = NETWORK
) -> dict[str, Funnel]:
    """One funnel for each region or dealer that has leads in `period` and `scope`; leads of none are left
    out.
    """
    found = _funnels(snapshot, by, period, scope)
    return {key: steps for key, steps in found.items() if key is not None}


def trend(snapshot: Snapshot, period: Period, scope: Scope = NETWORK, bins: int = 12) -> list[TrendBin]:
    """The period cut into `bins` parts of equal length, oldest first, for each step that has data."""
    answer = snapshot.query(
        f"""
        SELECT date_diff('day', $first::DATE, cohort_on) * $bins // $days AS bin_no, step_no,
               sum(entered_cnt)::BIGINT AS entered, sum(passed_cnt)::BIGINT AS passed,
               sum(entered_cnt) = sum(mature_entered_cnt) AS is_mature
          FROM serving.srv_dealer_funnel JOIN serving.srv_funnel_step USING (step_no, step)
         WHERE has_data AND {_IN_SCOPE}
         GROUP BY ALL ORDER BY bin_no, step_no
        """,
        {**_params(period, scope), "bins": bins, "days": period.days},
    )
    return [TrendBin(**row) for row in answer.to_pylist()]


def coarser(bins: Sequence[TrendBin], factor: int) -> list[TrendBin]:
    """The same period in parts `factor` times as long: rates of few leads need longer parts."""
    parts: dict[tuple[int, int], list[TrendBin]] = {}
    for one in bins:
        parts.setdefault((one.bin_no // factor, one.step_no), []).append(one)
    return [
        TrendBin(
            bin_no, step_no, sum(one.entered for one in part), sum(one.passed for one in part),
            all(one.is_mature for one in part),
        )
        for (bin_no, step_no), part in sorted(parts.items())
    ]  # fmt: skip


def targets(snapshot: Snapshot, period: Period, scope: Scope = NETWORK) -> dict[str, float]:
    """The target rate of each step: dealers' monthly targets weighted by their mature leads. No target, no
    key.
    """
    answer = snapshot.query(
        f"""
        WITH entered AS (
            SELECT dealer_id, date_trunc('month', cohort_on)::DATE AS month_on, step,
                   sum(mature_entered_cnt) AS leads
              FROM serving.srv_dealer_funnel WHERE {_IN_SCOPE} GROUP BY ALL
        )
        SELECT step, sum(target_rate * leads) / nullif(sum(leads), 0) AS target
          FROM entered JOIN serving.srv_funnel_target USING (dealer_id, month_on, step)
         WHERE target_rate IS NOT NULL
         GROUP BY step HAVING sum(leads) > 0
        """,
        _params(period, scope),
    )
    return {row["step"]: row["target"] for row in answer.to_pylist()}


def _funnels(snapshot: Snapshot, key: str, period: Period, scope: Scope) -> dict[str | None, Funnel]:
    answer = snapshot.query(
        f"""
        WITH counts AS (
            SELECT {key} AS key, step_no, sum(entered_cnt)::BIGINT AS entered, sum(passed_cnt)::BIGINT AS
            passed,
                   sum(mature_entered_cnt)::BIGINT AS mature_entered,
                   sum(mature_passed_cnt)::BIGINT AS mature_passed
              FROM serving.srv_dealer_funnel WHERE {_IN_SCOPE} GROUP BY ALL
        ), keys AS (
            -- NULL: leads of no region or dealer, or the whole scope; a funnel of zeros where there are none
            SELECT key FROM counts UNION SELECT NULL
        )
        SELECT keys.key, steps.step_no, step, name, has_data, window_days, coalesce(entered, 0) AS entered,
               coalesce(passed, 0) AS passed, coalesce(mature_entered, 0) AS mature_entered,
               coalesce(mature_passed, 0) AS mature_passed
          FROM keys CROSS JOIN serving.srv_funnel_step AS steps
          LEFT JOIN counts ON counts.step_no = steps.step_no AND counts.key IS NOT DISTINCT FROM keys.key
         ORDER BY keys.key, steps.step_no
        """,
        _params(period, scope),
    )
    found: dict[str | None, list[StepCount]] = {}
    for row in answer.to_pylist():
        found.setdefault(row.pop("key"), []).append(StepCount(**row))
    return {key: tuple(steps) for key, steps in found.items()}


def _params(period: Period, scope: Scope) -> Mapping[str, Any]:
    return {"first": period.first, "last": period.last, "region": scope.region, "dealer": scope.dealer}
