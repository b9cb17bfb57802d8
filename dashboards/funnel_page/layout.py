"""How the funnel page is put together: one snapshot, one choice, and the cards from top to bottom."""

import streamlit as st

from dashboards import formats, loaders
from dashboards.charts import heat_map
from dashboards.filters import Choice, choose
from dashboards.findings import finding, summary, weakest_pair, window_note
from dashboards.funnel_page import cards
from dashboards.funnel_rows import funnel_rows
from serving.funnel import Funnel, leads
from serving.network import Dealer, Region
from serving.scope import NETWORK, Scope
from serving.store import Snapshot
from serving.weak_links import WeakLink, Window, weakest_step, window_for

# The course stands beside the heat map and is as high, within reason; its choice of a step takes a line.
COURSE_PIXELS, MOST_COURSE_PIXELS, STEP_CHOICE_PIXELS = 250, 460, 50


def body(snapshot: Snapshot) -> None:
    """Draw the page on one version of the data."""
    fresh = loaders.freshness(snapshot)
    if fresh.as_of is None:
        st.info("No lead has been loaded yet, so there is no funnel to show.", icon=":material/inbox:")
        return
    regions, dealers = loaders.regions(snapshot), loaders.dealers(snapshot)
    choice = choose(regions, dealers, fresh.as_of)
    ours = loaders.funnel(snapshot, choice.period, choice.scope)
    if not leads(ours):
        first, last = formats.day(choice.period.first), formats.day(choice.period.last)
        st.info(
            f"No leads of {choice.place} from {first} to {last}. Choose a longer period or another part of "
            "the network.",
            icon=":material/filter_alt_off:",
        )
        return
    window = window_for(choice.period, fresh.as_of)
    links = loaders.weak_links(snapshot, window, choice.scope)
    judged = loaders.judged_steps(snapshot, window, choice.scope.dealer) if choice.scope.dealer else []
    if dealers:
        here = [one for one in dealers if choice.scope.region in (None, one.region_code)]
        _finding(links, judged, choice, window, len(here))
    _cards(snapshot, choice, ours, links, judged, window, regions, dealers)


def _finding(
    links: list[WeakLink], judged: list[WeakLink], choice: Choice, window: Window, dealers: int
) -> None:
    more = summary(links, dealers, choice.scope)
    with st.container(border=True, key="finding"):
        st.markdown(" ".join(part for part in (finding(links, judged, choice.scope, window), more) if part))
        if note := window_note(choice.period_name, window):
            st.caption(note)


def _cards(
    snapshot: Snapshot,
    choice: Choice,
    ours: Funnel,
    links: list[WeakLink],
    judged: list[WeakLink],
    window: Window,
    regions: list[Region],
    dealers: list[Dealer],
) -> None:
    period, scope = choice.period, choice.scope
    network = loaders.funnel(snapshot, period, NETWORK)
    region_code = _region_of(scope, dealers)
    weak_step = weakest_step(links)
    rows = funnel_rows(
        ours,
        region=loaders.funnel(snapshot, period, Scope(region_code)) if scope.dealer and region_code else None,
        network=None if scope == NETWORK else network,
        targets=loaders.targets(snapshot, period, scope),
        weak_step=weak_step,
    )
    trend = loaders.trend(snapshot, period, scope, cards.BINS)
    cards.kpis(rows, loaders.funnel(snapshot, period.before(), scope), trend, choice.period_name)
    others = None if scope == NETWORK else loaders.trend(snapshot, period, NETWORK, cards.BINS)
    left, right = st.columns(2, gap="small")
    with left:
        cards.funnel(rows, choice.place, weak_pair=weakest_pair(links))
    if not dealers:
        with right:
            cards.course(rows, (choice.place, trend), others, period, weak_step, height=COURSE_PIXELS)
        st.caption("No dealers in these data: weak links and the comparison of regions need them.")
        return
    with right:
        if scope.dealer:
            cards.peers(judged, window)
        else:
            cards.weak_links(links, window)
    left, right = st.columns(2, gap="small")
    with left:
        lines = _heat(snapshot, choice, network, regions, dealers, region_code)
    with right:
        beside = heat_map.height(lines, of_regions=scope == NETWORK) - STEP_CHOICE_PIXELS
        height = max(COURSE_PIXELS, min(beside, MOST_COURSE_PIXELS))
        cards.course(rows, (choice.place, trend), others, period, weak_step, height=height)


def _heat(
    snapshot: Snapshot,
    choice: Choice,
    network: Funnel,
    regions: list[Region],
    dealers: list[Dealer],
    region_code: str | None,
) -> int:
    """Regions for the network; a region's (or a dealer's region's) dealers otherwise. Gives their number."""
    if choice.scope == NETWORK:
        found = loaders.funnel_by(snapshot, choice.period, "region_code", NETWORK)
        named = [(one.region_code, one.region_name) for one in regions]
    else:
        found = loaders.funnel_by(snapshot, choice.period, "dealer_id", Scope(region_code))
        named = [(one.dealer_id, one.dealer_name) for one in dealers if one.region_code == region_code]
    rows = [(key, name, found[key]) for key, name in named if key in found]
    cards.heat(rows, network, own=choice.scope.dealer, of_regions=choice.scope == NETWORK)
    return len(rows)


def _region_of(scope: Scope, dealers: list[Dealer]) -> str | None:
    if scope.region:
        return scope.region
    return next((one.region_code for one in dealers if one.dealer_id == scope.dealer), None)
