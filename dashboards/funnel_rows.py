"""The rows of the funnel as the page shows them: counts, rates and what they are compared with. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboards.labels import stage
from dashboards.words import say
from serving.course import Course, shares_of_leads
from serving.funnel import MIN_CASES, Funnel, StepCount, leads


@dataclass(frozen=True)
class FunnelRow:
    """One stage. Rates are shares of the stage before, of mature leads: ours, of the region, of the network,
    of the period before and of a year ago. `of_leads` is the share of leads that gets here.
    """

    step: str
    label: str
    entered: int
    reached: int
    still_open: int = 0
    rate: float | None = None
    region_rate: float | None = None
    network_rate: float | None = None
    target: float | None = None
    before_rate: float | None = None
    year_rate: float | None = None
    of_leads: float | None = None
    mature_share: float | None = None
    window_days: int = 0
    note: str = ""
    is_weak: bool = False

    @property
    def has_data(self) -> bool:
        """False when the source systems do not know this stage at all."""
        return self.note != say("no data")

    def gap(self, other: float | None) -> float | None:
        """Our rate minus another, as a share; None when one of them is missing."""
        return None if self.rate is None or other is None else self.rate - other


def funnel_rows(
    course: Course,
    *,
    region: Mapping[str, float],
    network: Mapping[str, float],
    targets: Mapping[str, float],
    weak_step: str | None,
) -> list[FunnelRow]:
    """Leads first, then every step. `region` and `network` are rates by step, empty where they are ours."""
    ours = course.now
    before_rates, year_rates = sure_rates(course.before), sure_rates(course.year_ago)
    shares = shares_of_leads(ours)
    all_leads = leads(ours)
    rows = [FunnelRow("lead", say(stage("lead")), all_leads, all_leads, of_leads=1.0)]
    for step in ours:
        note = note_of(step)
        sure = note == ""
        rows.append(
            FunnelRow(
                step=step.step,
                label=say(stage(step.step, step.name)),
                entered=step.entered,
                reached=step.passed,
                still_open=step.still_open,
                rate=step.rate if sure else None,
                region_rate=region.get(step.step),
                network_rate=network.get(step.step),
                target=targets.get(step.step),
                before_rate=before_rates.get(step.step),
                year_rate=year_rates.get(step.step),
                of_leads=shares.get(step.step),
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
        return say("no data")
    if step.entered and not step.mature_entered:
        return say("too early")
    return "" if step.is_sure else f"n < {MIN_CASES}"


def previous_stage(rows: Sequence[FunnelRow], index: int) -> str:
    """Label of the stage that the leads of `rows[index]` come from: the nearest earlier one with data."""
    return next((row.label for row in reversed(rows[:index]) if row.has_data), rows[0].label)


def sure_rates(funnel: Funnel) -> dict[str, float]:
    """The rates that enough mature leads stand behind, by step."""
    return {step.step: step.rate for step in funnel if step.rate is not None and step.is_sure}


def activity_rows(counts: Sequence[tuple[str, float | None]]) -> list[FunnelRow]:
    """What happened in a period, stage by stage, as bars without rates: the people of one bar are not those
    of the next.
    """
    return [
        FunnelRow(
            step,
            say(stage(step)),
            int(value or 0),
            int(value or 0),
            note="" if value is not None else say("no data"),
        )
        for step, value in counts
    ]
