"""How the scorecard is put together: the dealer, its queues, its month, its weakest steps, its peers."""

from collections.abc import Sequence

import streamlit as st

from dashboards import components, filters, formats, loaders
from dashboards.findings import stage_pair
from dashboards.funnel_page import peer_cards
from dashboards.overview_page import cards as month_cards
from dashboards.overview_page.layout import CODES
from dashboards.scorecard_page.advice import advice, queue_name
from dashboards.words import say
from serving.network import Dealer
from serving.queues import Queue
from serving.scope import Scope
from serving.store import Snapshot
from serving.weak_links import WeakLink, Window

WINDOW: Window = "365d"
MOST_LINKS = 3
MONTH_CODES = ("lead_cnt", "td_cnt", "order_cnt", "delivery_cnt")


def body(snapshot: Snapshot) -> None:
    """Draw the page on one version of the data."""
    fresh = loaders.freshness(snapshot)
    dealers = loaders.dealers(snapshot)
    if fresh.as_of is None or not dealers:
        st.info(say("No dealers in these data"), icon=":material/inbox:")
        return
    dealer = _dealer(dealers)
    _queues(loaders.queues(snapshot, dealer.dealer_id))
    scope = Scope(dealer=dealer.dealer_id)
    registry, targets = loaders.registry(), loaders.month_targets(snapshot, fresh.as_of, scope)
    st.header(say("The month"), anchor=False)
    month_cards.month(
        registry,
        [
            loaders.month_so_far(snapshot, registry, code, fresh.as_of, scope, targets.get(CODES[code]))
            for code in MONTH_CODES
        ],
    )
    judged = loaders.judged_steps(snapshot, WINDOW, dealer.dealer_id)
    left, right = st.columns(2, gap="small")
    with left:
        _weakest(judged)
    with right:
        peer_cards.peers(judged, WINDOW)


def _dealer(dealers: Sequence[Dealer]) -> Dealer:
    """The dealer of the link; a reader of one dealer has no choice to make."""
    if len(dealers) == 1:
        st.header(dealers[0].dealer_name, anchor=False)
        return dealers[0]
    names = filters.dealer_names(dealers)
    picked = st.selectbox(
        say("Dealer"), list(names), format_func=lambda one: names.get(one, one), key="dealer",
        bind="query-params", width=320,
    )  # fmt: skip
    return next((one for one in dealers if one.dealer_id == picked), dealers[0])


def _queues(found: Sequence[Queue]) -> None:
    """Queues that should be empty: a tick or a number with its age."""
    st.header(say("Waiting now: should be 0"), anchor=False)
    with st.grid(len(found), min_column_width=158, gap="small"):
        for one in found:
            with st.container(border=True, height="stretch", gap="xxsmall", key=f"queue_{one.queue}"):
                st.metric(queue_name(one.queue), formats.count(one.waiting_cnt))
                if one.waiting_cnt:
                    since = say("▲ oldest since {day}", day=formats.day(one.oldest_on))
                    st.markdown(f":orange[{since}]")
                else:
                    st.caption(say("✓ nothing waits"))


def _weakest(judged: Sequence[WeakLink]) -> None:
    """The dealer's costliest weak steps, each with what to do."""
    title = say("Work on these first")
    with components.card(title, key="card_weakest"):
        weak = sorted((link for link in judged if link.is_weak), key=lambda link: -link.lost_deliveries)
        if not weak:
            st.caption(say("Nothing: no step falls short of the peers by more than chance explains."))
            return
        for number, link in enumerate(weak[:MOST_LINKS], 1):
            text = (
                "**{number}. {step}**: :orange[**{rate}**] against {peers} at the peers, about {cars} "
                "deliveries a year."
            )
            st.markdown(
                say(
                    text, number=number, step=stage_pair(link), rate=formats.rate(link.rate),
                    peers=formats.rate(link.benchmark_rate),
                    cars=formats.number(round(link.lost_deliveries, 1)),
                )
            )  # fmt: skip
            st.caption(advice(link.step))
