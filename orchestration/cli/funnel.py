"""The network's dealer funnel as a table, and its weakest links in words."""

from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.cli.console import count, show, show_table

if TYPE_CHECKING:
    from serving.funnel import StepCount
    from serving.weak_links import WeakLink

_LINKS_SHOWN = 5


def show_funnel(snapshots_dir: Path) -> None:
    """The funnel of the last 365 days of data, with rates and targets, and the links that cost most."""
    from orchestration.funnel import network_funnel

    funnel = network_funnel(snapshots_dir)
    if funnel is None:
        show("There is no lead in these data, so there is no funnel to show.")
        return
    rows = [["Lead", count(funnel.leads), "", "", ""]]
    rows += [[step.name, *_cells(step), _percent(funnel.targets.get(step.step))] for step in funnel.steps]
    head = ["step", "leads that got so far", "of the step before", "within", "target"]
    title = f"Dealer funnel: leads of {funnel.period.first} to {funnel.period.last}"
    show_table(head, rows, numbers=(1, 2, 3, 4), title=title)
    if any(step.rate is not None and not step.is_sure for step in funnel.steps):
        show("  * few cases: more chance than rate")
    for link in funnel.weak_links[:_LINKS_SHOWN]:
        show(f"  {_words(link)}")
    if not funnel.has_dealers:
        show("  There are no dealers in these data, so no weak link is named.")
    elif not funnel.weak_links:
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
