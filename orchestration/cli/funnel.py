"""The network's dealer funnel as a table, and its weakest links in words, read from the published
snapshot.
"""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.cli.console import count, show, show_table

if TYPE_CHECKING:
    from serving.funnel import StepCount
    from serving.weak_links import WeakLink

_PERIOD_DAYS = 365
_LINKS_SHOWN = 5


def show_funnel(snapshots_dir: Path) -> None:
    """The funnel of the leads of the last 365 days of data, with rates and targets, and the links that cost
    most.
    """
    from serving.freshness import freshness
    from serving.funnel import funnel, targets
    from serving.scope import Period
    from serving.store import Store
    from serving.weak_links import weak_links, window_for

    snapshot = Store(snapshots_dir).snapshot()
    as_of = freshness(snapshot).as_of
    if as_of is None:
        show("There is no lead in these data, so there is no funnel to show.")
        return
    period = Period(as_of - timedelta(days=_PERIOD_DAYS - 1), as_of)
    steps = funnel(snapshot, period)
    goals = targets(snapshot, period)
    rows = [["Lead", count(steps[0].entered if steps else 0), "", "", ""]]
    rows += [[step.name, *_cells(step), _percent(goals.get(step.step))] for step in steps]
    head = ["step", "leads that got so far", "of the step before", "within", "target"]
    show_table(
        head, rows, numbers=(1, 2, 3, 4), title=f"Dealer funnel: leads of {period.first} to {period.last}"
    )
    links = weak_links(snapshot, window_for(period, as_of))
    for link in links[:_LINKS_SHOWN]:
        show(f"  {_words(link)}")
    if not links:
        show("  No dealer's step falls short of its peers by more than chance explains.")


def _cells(step: "StepCount") -> list[str]:
    if not step.has_data:
        return ["no data", "", f"{step.window_days} days"]
    rate = _percent(step.rate)
    return [
        count(step.passed),
        f"{rate} *" if rate and not step.is_sure else rate,
        f"{step.window_days} days",
    ]


def _words(link: "WeakLink") -> str:
    where = f"{link.dealer_name} ({link.region_name})" if link.region_name else link.dealer_name
    return (
        f"{link.weak_rank}. {where}: {link.from_name} to {link.step_name} {_percent(link.rate)}, "
        f"where good peers reach {_percent(link.benchmark_rate)}; "
        f"costs about {link.lost_deliveries:.0f} deliveries."
    )


def _percent(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.1%}" if value < 0.1 else f"{value:.0%}"
