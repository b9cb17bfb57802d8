"""How the comparison is put together: what is compared, the ranking at one step, and all steps at once."""

from collections.abc import Sequence

import streamlit as st

from dashboards import components, filters, loaders
from dashboards.charts import dealer_matrix, ranked_dots
from dashboards.findings import WINDOW_NAMES
from dashboards.help import help_for
from dashboards.labels import INDICATORS, stage
from dashboards.tables import Column, Table
from dashboards.words import say
from serving.funnel import MIN_CASES
from serving.scope import Scope
from serving.store import Snapshot
from serving.weak_links import WeakLink, Window

# A ranking is read at its ends; the table below it has everybody.
MOST_DEALERS = 24
ORDERS = ("Weakest first", "Best first")


def body(snapshot: Snapshot) -> None:
    """Draw the page on one version of the data."""
    regions = loaders.regions(snapshot)
    with st.container(horizontal=True, vertical_alignment="top", gap="medium", key="filters"):
        window = _window()
        region = filters.choose_region(regions)
        links = loaders.judged_dealers(snapshot, window, Scope(region.region_code if region else None))
        steps = list(dict.fromkeys((link.step, say(stage(link.step, link.step_name))) for link in links))
        if not steps:
            st.info(say("No dealer has a lead whose window is over."), icon=":material/inbox:")
            return
        step = _step(steps)
        order = st.segmented_control(
            say("Order"), ORDERS, default=ORDERS[0], required=True, format_func=say, key="order",
            bind="query-params",
        )  # fmt: skip
    ranked = _ranked(links, step, is_best_first=order == ORDERS[1])
    peers = {one.step: one for one in loaders.peer_steps(snapshot, window, "network")}
    band = (peers[step].rate_p25, peers[step].rate_p75) if step in peers else None
    left, right = st.columns(2, gap="small")
    with left:
        _ranking(ranked, dict(steps)[step], step, band)
    with right:
        _matrix(ranked, links, steps)
    if dealer := st.session_state.pop("open_dealer", None):
        st.switch_page("app_pages/dealer_scorecard.py", query_params={"dealer": dealer})


def _window() -> Window:
    picked = st.segmented_control(
        say("Leads of the last"), list(WINDOW_NAMES), default="365d", required=True, key="window",
        format_func=lambda one: say(WINDOW_NAMES[one]), bind="query-params",
    )  # fmt: skip
    return next(one for one in WINDOW_NAMES if one == picked)


def _step(steps: Sequence[tuple[str, str]]) -> str:
    labels = dict(steps)
    picked = st.selectbox(
        say("Step"), list(labels), key="step", bind="query-params", width=200,
        format_func=lambda one: labels.get(one, one),
    )  # fmt: skip
    return picked or next(iter(labels))


def _ranked(links: Sequence[WeakLink], step: str, *, is_best_first: bool) -> list[WeakLink]:
    """The dealers at one step, those with enough leads by their rate, the others behind them."""
    sign = -1 if is_best_first else 1
    found = [link for link in links if link.step == step and link.rate is not None]
    return sorted(
        found, key=lambda link: (link.entered_cnt < MIN_CASES, sign * (link.rate or 0), link.dealer_id)
    )


def _ranking(ranked: Sequence[WeakLink], label: str, step: str, band: tuple[float, float] | None) -> None:
    text = (
        "Dot: rate. Pale bar: its Wilson interval at 99 %. Line: benchmark of the dealer's own peers. "
        "Shaded: the middle half of all dealers. Orange: weak. Grey: fewer than {least} leads, not judged."
    )
    title = say("Ranked at {step}", step=label)
    help_ = f"{say(text, least=MIN_CASES)}\n\n{help_for(INDICATORS[step])}"
    with components.card(title, key="card_ranked", help=help_):
        shown = ranked[:MOST_DEALERS]

        def open_dealer() -> None:
            for picked in st.session_state["ranked"].selection.selected:
                st.session_state["open_dealer"] = shown[picked["data_indices"][0]].dealer_name

        components.figure(
            ranked_dots.ranked_dots(shown, band, components.theme()),
            _numbers(ranked),
            height=ranked_dots.height(shown),
            key="ranked",
            alt=title,
            on_select=open_dealer,
            notes=[say("{shown} of {all} dealers; the table has all.", shown=len(shown), all=len(ranked))],
        )


def _matrix(ranked: Sequence[WeakLink], links: Sequence[WeakLink], steps: Sequence[tuple[str, str]]) -> None:
    title = say("Every step against its peers, pp")
    text = "Percentage points above or below the benchmark of each dealer's own peers; orange is weak."
    with components.card(title, key="card_matrix", help=say(text)):
        shown = ranked[:MOST_DEALERS]
        of_dealer: dict[str, dict[str, WeakLink]] = {}
        for link in links:
            of_dealer.setdefault(link.dealer_id, {})[link.step] = link
        lines = [(one.dealer_name, of_dealer[one.dealer_id]) for one in shown]
        columns = [Column(say("Dealer"), [name for name, _ in lines])]
        for step, label in steps:
            found = [known.get(step) for _, known in lines]
            columns.append(Column(label, [one.rate if one else None for one in found], "rate"))
        components.figure(
            dealer_matrix.dealer_matrix(lines, steps, components.theme()),
            Table("dealers-by-steps", columns),
            height=dealer_matrix.height(len(lines)),
            key="matrix",
            alt=title,
        )


def _numbers(ranked: Sequence[WeakLink]) -> Table:
    return Table(
        "ranked-dealers",
        [
            Column(say("Dealer"), [link.dealer_name for link in ranked]),
            Column(say("Region"), [link.region_name or "" for link in ranked]),
            Column(say("Could take it"), [link.entered_cnt for link in ranked], "count"),
            Column(say("Rate"), [link.rate for link in ranked], "rate"),
            Column(say("From"), [link.interval_low for link in ranked], "rate"),
            Column(say("To"), [link.interval_high for link in ranked], "rate"),
            Column(say("Peers"), [link.benchmark_rate for link in ranked], "rate"),
            Column(say("Lost deliveries"), [link.lost_deliveries for link in ranked], "number"),
        ],
    )
