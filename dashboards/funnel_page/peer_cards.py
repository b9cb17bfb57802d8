"""Dealers against their peers: the weak links of a scope, and all steps of one dealer."""

from collections.abc import Sequence

import streamlit as st

from dashboards import components, tables
from dashboards.charts import peer_chart
from dashboards.findings import WINDOW_NAMES, stage_pair
from dashboards.tables import Column, Table
from dashboards.words import say
from serving.funnel import MIN_CASES
from serving.weak_links import WeakLink, Window

TABLE_ROWS = 50
TABLE_PIXELS = 388


def weak_links(links: Sequence[WeakLink], window: Window) -> None:
    """Dealers' weak stages, the costliest first; a click on a row opens the dealer."""
    text = (
        "A dealer's step against the 75th percentile of its peers (same tier and market type). Listed when "
        "at least {least} leads entered and chance does not explain the difference."
    )
    title = say("Weak links, {period}", period=say(WINDOW_NAMES[window]))
    with components.card(title, key="card_weak", help=say(text, least=MIN_CASES)):
        if not links:
            st.caption(say("None: no dealer's stage falls short of its peers by more than chance explains."))
            return
        shown = links[:TABLE_ROWS]
        lost_help = say("Deliveries lost against the benchmark")
        table = Table(
            "weak-links",
            [
                Column(say("Dealer"), [link.dealer_name for link in shown], width=200),
                Column(say("Stage"), [stage_pair(link) for link in shown], width=146),
                Column(
                    say("Lost"), [link.lost_deliveries for link in shown], "bar", width=105, help=lost_help
                ),
                Column(say("Rate"), [link.rate for link in shown], "rate", width=58),
                Column(say("Peers"), [link.benchmark_rate for link in shown], "rate", width=58),
            ],
        )

        def open_dealer(row: int) -> None:
            st.session_state["dealer"] = shown[row].dealer_id

        tables.grid(table, key="weak_table", alt=title, max_height=TABLE_PIXELS, on_pick=open_dealer)
        note = say("Lost: deliveries against the peers' benchmark. Select a row to open the dealer.")
        if len(links) > TABLE_ROWS:
            note = f"{note} {say('The first {shown} of {all}.', shown=TABLE_ROWS, all=len(links))}"
        st.caption(note)


def peers(judged: Sequence[WeakLink], window: Window) -> None:
    """One dealer's steps against its peers."""
    text = (
        "Dot: rate. Pale bar: the range that chance explains. Line: 75th percentile of the peers. Grey: "
        "fewer than {least} leads, not judged."
    )
    title = say("Against its peers, {period}", period=say(WINDOW_NAMES[window]))
    with components.card(title, key="card_peers", help=say(text, least=MIN_CASES)):
        known = [link for link in judged if link.rate is not None]
        if not known:
            st.caption(say("Too few leads or too few peers to judge this dealer's steps."))
            return
        group, count = known[0].peer_group, known[0].peer_cnt
        peers_said = say("Peers: {n} dealers of group {group}.", n=count or "–", group=group or "–")  # noqa: RUF001
        components.figure(
            peer_chart.peer_chart(known, components.theme()),
            peer_numbers(known),
            height=peer_chart.height(known),
            key="peers",
            alt=say("Rates of the dealer's steps with their intervals and the peers' benchmark"),
            notes=[peers_said],
        )


def peer_numbers(links: Sequence[WeakLink]) -> Table:
    """Steps with their rate, its interval and what it is set against."""
    return Table(
        "against-peers",
        [
            Column(say("Stage"), [stage_pair(link) for link in links]),
            Column(say("Could take it"), [link.entered_cnt for link in links], "count"),
            Column(say("Rate"), [link.rate for link in links], "rate"),
            Column(say("From"), [link.interval_low for link in links], "rate"),
            Column(say("To"), [link.interval_high for link in links], "rate"),
            Column(say("Peers"), [link.benchmark_rate for link in links], "rate"),
            Column(say("Lost deliveries"), [link.lost_deliveries for link in links], "number"),
        ],
    )
