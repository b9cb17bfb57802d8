"""The rows of the funnel as the page shows them: counts, rates and what they are compared with. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboards.labels import stage
from serving.funnel import MIN_CASES, Funnel, StepCount, leads


@dataclass(frozen=True)
class FunnelRow:
    """One stage. Rates are shares of the stage before, of mature leads; `gap_*` are differences to our
    rate.
    """

    step: str
    label: str
    entered: int
    reached: int
    still_open: int
    rate: float | None
    region_rate: float | None
    network_rate: float | None
    target: float | None
    mature_share: float | None
    window_days: int
    note: str
    is_weak: bool

    @property
    def has_data(self) -> bool:
        """False when the source systems do not know this stage at all."""
        return self.note != "no data"

    def gap(self, other: float | None) -> float | None:
        """Our rate minus another, as a share; None when one of them is missing."""
        return None if self.rate is None or other is None else self.rate - other


def funnel_rows(
    ours: Funnel,
    *,
    region: Funnel | None,
    network: Funnel | None,
    targets: Mapping[str, float],
    weak_step: str | None,
) -> list[FunnelRow]:
    """Leads first, then every step. `region` and `network` are None where they would be our own funnel."""
    region_rates, network_rates = _rates(region), _rates(network)
    all_leads = leads(ours)
    rows = [
        FunnelRow("lead", stage("lead"), all_leads, all_leads, 0, None, None, None, None, None, 0, "", False)
    ]
    for step in ours:
        note = note_of(step)
        sure = note == ""
        rows.append(
            FunnelRow(
                step=step.step,
                label=stage(step.step, step.name),
                entered=step.entered,
                reached=step.passed,
                still_open=step.still_open,
                rate=step.rate if sure else None,
                region_rate=region_rates.get(step.step),
                network_rate=network_rates.get(step.step),
                target=targets.get(step.step),
                mature_share=step.mature_entered / step.entered if step.entered else None,
                window_days=step.window_days,
                note=note,
                is_weak=sure and step.step == weak_step,
            )
        )
    return rows


def note_of(step: StepCount) -> str:
    """Why a step has no rate to show; empty when it has one."""
    if not step.has_data:
        return "no data"
    if step.entered and not step.mature_entered:
        return "too early"
    return "" if step.is_sure else f"n < {MIN_CASES}"


def previous_stage(rows: Sequence[FunnelRow], index: int) -> str:
    """Label of the stage that the leads of `rows[index]` come from: the nearest earlier one with data."""
    return next((row.label for row in reversed(rows[:index]) if row.has_data), rows[0].label)


def _rates(funnel: Funnel | None) -> dict[str, float]:
    return {step.step: step.rate for step in funnel or () if step.rate is not None and step.is_sure}
