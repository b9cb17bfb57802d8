"""How the funnel page is put together: one snapshot, one choice, and the cards from top to bottom."""

from collections.abc import Mapping

import streamlit as st

from dashboards import formats, loaders
from dashboards.charts import heat_map
from dashboards.filters import Choice, choose
from dashboards.findings import finding, summary, weakest_pair, window_note
from dashboards.funnel_page import behind, cards, peer_cards
from dashboards.funnel_page.activity import activity
from dashboards.funnel_rows import FunnelRow, funnel_rows, sure_rates
from dashboards.words import say
from serving.course import Course
from serving.funnel import leads
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
        st.info(say("No lead has been loaded yet, so there is no funnel to show."), icon=":material/inbox:")
        return
    regions, dealers = loaders.regions(snapshot), loaders.dealers(snapshot)
    choice = choose(regions, dealers, fresh.as_of)
    found = loaders.course(snapshot, choice.period, choice.scope, cards.BINS)
    if not leads(found.now):
        text = (
            "No leads of {place} from {first} to {last}. Choose a longer period or another part of the "
            "network."
        )
        first, last = formats.day(choice.period.first), formats.day(choice.period.last)
        st.info(say(text, place=choice.place, first=first, last=last), icon=":material/filter_alt_off:")
        return
    window = window_for(choice.period, fresh.as_of)
    judged = loaders.judged_steps(snapshot, window, choice.scope.dealer) if choice.scope.dealer else []
    links = (
        [link for link in judged if link.is_weak]
        if choice.scope.dealer
        else loaders.weak_links(snapshot, window, choice.scope)
    )
    if dealers:
        here = [one for one in dealers if choice.scope.region in (None, one.region_code)]
        _finding(links, judged, choice, window, len(here))
    if cards.basis() == "Activity":
        activity(snapshot, choice)
        return
    _cohorts(snapshot, choice, found, links, judged, window, regions, dealers)


def _finding(
    links: list[WeakLink], judged: list[WeakLink], choice: Choice, window: Window, dealers: int
) -> None:
    more = summary(links, dealers, choice.scope)
    with st.container(border=True, key="finding"):
        st.markdown(" ".join(part for part in (finding(links, judged, choice.scope, window), more) if part))
        if note := window_note(choice.period_name, window):
            st.caption(note)


def _cohorts(
    snapshot: Snapshot,
    choice: Choice,
    found: Course,
    links: list[WeakLink],
    judged: list[WeakLink],
    window: Window,
    regions: list[Region],
    dealers: list[Dealer],
) -> None:
    """The leads of the period, followed until each step's window is over."""
    scope = choice.scope
    region_code = _region_of(scope, dealers)
    network = _rates(snapshot, choice, NETWORK, window)
    weak_step = weakest_step(links)
    rows = funnel_rows(
        found,
        region=_rates(snapshot, choice, Scope(region_code), window) if scope.dealer and region_code else {},
        network={} if scope == NETWORK and snapshot.scope.kind == "all" else network,
        targets=loaders.targets(snapshot, choice.period, scope),
        weak_step=weak_step,
    )
    cards.kpis(rows, found, choice.period_name)
    sees_network = scope != NETWORK and snapshot.scope.kind == "all"
    others = loaders.course(snapshot, choice.period, NETWORK, cards.BINS).bins if sees_network else None
    ours = (choice.place, found.bins)
    left, right = st.columns(2, gap="small")
    with left:
        cards.funnel(rows, choice.place, weak_pair=weakest_pair(links))
    if not dealers:
        with right:
            cards.course(rows, ours, others, choice.period, weak_step, height=COURSE_PIXELS)
        st.caption(say("No dealers in these data: weak links and the comparison of regions need them."))
        return
    with right:
        if scope.dealer:
            peer_cards.peers(judged, window)
        else:
            peer_cards.weak_links(links, window)
    left, right = st.columns(2, gap="small")
    with left:
        lines = _heat(snapshot, choice, network, regions, dealers, region_code)
    with right:
        beside = heat_map.height(lines, of_regions=scope == NETWORK) - STEP_CHOICE_PIXELS
        height = max(COURSE_PIXELS, min(beside, MOST_COURSE_PIXELS))
        cards.course(rows, ours, others, choice.period, weak_step, height=height)
    _behind(snapshot, choice, rows, dealers)


def _behind(snapshot: Snapshot, choice: Choice, rows: list[FunnelRow], dealers: list[Dealer]) -> None:
    """Who stands behind the step that is looked at: dealers, then the people of one dealer."""
    step = str(st.session_state.get("step") or "")
    if step not in {row.step for row in rows}:
        return
    if choice.scope.dealer:
        behind.people(snapshot, choice, step)
        return
    found = loaders.funnel_by(snapshot, choice.period, "dealer_id", choice.scope)
    names = {one.dealer_id: one.dealer_name for one in dealers}
    behind.dealers(found, names, step)


def _rates(snapshot: Snapshot, choice: Choice, scope: Scope, window: Window) -> Mapping[str, float]:
    """What others pass: in the period for those who see them, else of a group of peers on a fixed window."""
    if snapshot.scope.kind == "all" or (snapshot.scope.kind == "region" and scope.region):
        return sure_rates(loaders.course(snapshot, choice.period, scope, cards.BINS).now)
    if scope.region:
        peers = loaders.peer_steps(snapshot, window, "region", scope.region)
    else:
        peers = loaders.peer_steps(snapshot, window, "network")
    return {one.step: one.rate for one in peers}


def _heat(
    snapshot: Snapshot,
    choice: Choice,
    network: Mapping[str, float],
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
