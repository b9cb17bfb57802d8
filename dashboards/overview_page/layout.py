"""How the overview is put together: findings, the month, who loses most, and the way on."""

import streamlit as st

from dashboards import filters, formats, loaders
from dashboards.overview_page import cards
from dashboards.words import say
from serving.month import MonthSoFar
from serving.scope import NETWORK, Scope
from serving.store import Snapshot
from serving.weak_links import Window

WINDOW: Window = "365d"
# Indicators of the month, with the step whose target stands beside each.
CODES = {
    "lead_cnt": "lead", "visit_cnt": "visit", "td_cnt": "test_drive", "order_cnt": "order",
    "delivery_cnt": "delivery", "svc_visit_cnt": "",
}  # fmt: skip
MOST_PARTS = 10


def body(snapshot: Snapshot) -> None:
    """Draw the page on one version of the data."""
    fresh = loaders.freshness(snapshot)
    if fresh.as_of is None:
        st.info(say("No lead has been loaded yet, so there is nothing to tell."), icon=":material/inbox:")
        return
    regions, dealers = loaders.regions(snapshot), loaders.dealers(snapshot)
    scope, place = filters.choose_place(regions, dealers)
    # A reader of one dealer needs no choice to be at home.
    if scope == NETWORK and len(dealers) == 1:
        scope, place = Scope(dealer=dealers[0].dealer_id), dealers[0].dealer_name
    cards.findings(loaders.insights(snapshot, WINDOW, scope), say("12 months"), place)
    registry = loaders.registry()
    targets = loaders.month_targets(snapshot, fresh.as_of, scope)
    months = [
        loaders.month_so_far(snapshot, registry, code, fresh.as_of, scope, targets.get(step))
        for code, step in CODES.items()
    ]
    st.header(_heading(months[0]), anchor=False)
    cards.month(registry, months)
    _parts(snapshot, scope)
    _ways_on(scope)


def _heading(one: MonthSoFar) -> str:
    text = "{month}, day 1 to {day}"
    return say(text, month=formats.month(one.first), day=one.last.day)


def _parts(snapshot: Snapshot, scope: Scope) -> None:
    """Who loses most: regions and dealers of the network."""
    if scope != NETWORK:
        return
    left, right = st.columns(2, gap="small")
    with left:
        cards.worst(
            loaders.worst_parts(snapshot, WINDOW, "dealer", MOST_PARTS),
            say("Dealers that lose most, 12 months"), "dealer",
        )  # fmt: skip
    with right:
        cards.worst(
            loaders.worst_parts(snapshot, WINDOW, "region", MOST_PARTS),
            say("Regions that lose most, 12 months"), "region",
        )  # fmt: skip


def _ways_on(scope: Scope) -> None:
    """Links to the pages that answer the next questions, with the same part of the network."""
    kept = {key: str(st.session_state[key]) for key in ("region", "dealer") if st.session_state.get(key)}
    named = {key: _label(key) for key in kept}
    with st.container(horizontal=True, gap="small", key="ways_on"):
        st.page_link(
            "app_pages/dealer_funnel.py", label=say("Where in the funnel"), icon=":material/filter_alt:",
            query_params=named,
        )  # fmt: skip
        st.page_link(
            "app_pages/data_health.py", label=say("Can the data be trusted"), icon=":material/monitor_heart:"
        )


def _label(key: str) -> str:
    """A filter as the link holds it: by its label."""
    return str(st.query_params.get(key, ""))
