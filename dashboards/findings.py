"""What a page found, in sentences. Rules over `srv_weak_link`; no sentence decides what is weak."""

from collections.abc import Sequence

from dashboards import formats
from serving.scope import Scope
from serving.weak_links import WeakLink, Window, weakest_step

WINDOW_NAMES: dict[Window, str] = {"90d": "90 days", "365d": "12 months", "all": "the whole history"}


def finding(links: Sequence[WeakLink], judged: Sequence[WeakLink], scope: Scope, window: Window) -> str:
    """One sentence in Markdown about the weakest link in scope; `judged` are a single dealer's steps."""
    if links:
        return _weakest(links[0], window)
    if scope.dealer is None:
        return f"No weak link in {WINDOW_NAMES[window]}: every stage of every dealer keeps up with its peers."
    if not any(link.benchmark_rate is not None for link in judged):
        return "Not judged: too few leads or too few peers to compare this dealer with."
    return f"No weak link in {WINDOW_NAMES[window]}: every stage that can be judged keeps up with its peers."


def summary(links: Sequence[WeakLink], dealers: int, scope: Scope) -> str:
    """The size of the problem behind the first sentence; empty for one link or one dealer."""
    if scope.dealer is not None or len(links) < 2:
        return ""
    at = len({link.dealer_id for link in links})
    lost = formats.count(sum(link.lost_deliveries for link in links))
    return (
        f"Together {len(links)} weak links at {at} of {dealers} dealers cost about {lost} deliveries, "
        f"the largest part at {weakest_pair(links)}."
    )


def weakest_pair(links: Sequence[WeakLink]) -> str | None:
    """The step at which `links` together lose most, as `Visit → Test drive`; None when nothing is weak."""
    worst = weakest_step(links)
    return next((stage_pair(link) for link in links if link.step == worst), None)


def window_note(period_name: str, window: Window) -> str:
    """Which leads the weak links are judged on, where these are not those of the period; else empty."""
    if WINDOW_NAMES[window] == period_name:
        return ""
    return f"Weak links are judged on fixed windows, not on the period chosen: here {WINDOW_NAMES[window]}."


def stage_pair(link: WeakLink) -> str:
    """`Visit → Test drive`."""
    return f"{link.from_name} → {link.step_name}"


def _weakest(link: WeakLink, window: Window) -> str:
    place = f" ({escape(link.region_name)})" if link.region_name else ""
    cars = link.lost_deliveries
    cost = "less than one delivery" if cars < 0.95 else f"about {_deliveries(cars)}"
    return (
        f"**{escape(link.dealer_name)}**{place} loses most between {link.from_name.lower()} and "
        f"{link.step_name.lower()}: :orange[**{formats.rate(link.rate)}**] against "
        f"**{formats.rate(link.benchmark_rate)}** at its peers, {cost} in {WINDOW_NAMES[window]}."
    )


def _deliveries(cars: float) -> str:
    whole = formats.count(cars)
    return f"**{whole}** {'delivery' if whole == '1' else 'deliveries'}"


def escape(text: str) -> str:
    """A name from the data as literal Markdown text."""
    return "".join(f"\\{char}" if char in r"\`*_{}[]()#+-.!|~$:<>" else char for char in text)
