"""The cards of the funnel page, one function each: numbers in, Streamlit elements out."""

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from dashboards import components, formats
from dashboards.charts import funnel_chart, heat_map, peer_chart, trend_chart
from dashboards.findings import WINDOW_NAMES, stage_pair
from dashboards.funnel_rows import FunnelRow, previous_stage
from dashboards.help import help_for
from dashboards.labels import INDICATORS, stage
from serving.funnel import MIN_CASES, Funnel, TrendBin, coarser, leads
from serving.scope import Period
from serving.weak_links import WeakLink, Window

BINS = 12
TABLE_ROWS = 50
TABLE_PIXELS = 388


def kpis(rows: Sequence[FunnelRow], before: Funnel, trend: Sequence[TrendBin], period_name: str) -> None:
    """One card for each stage: leads that reached it, the change against the period before, the course."""
    earlier = {step.step: step for step in before}
    leads_before = leads(before)
    with st.grid(len(rows), min_column_width=140, gap="small"):
        for number, row in enumerate(rows):
            if not row.has_data:
                st.metric(
                    row.label, "no data", border=True, height="stretch", help="No source has this stage."
                )
                continue
            if number == 0:
                delta = formats.change(row.reached, leads_before)
                help_ = f"Counted leads of the {period_name}: no test leads, no duplicates."
            else:
                past = earlier[row.step]
                known = row.rate is not None and past.rate is not None and past.is_sure
                delta = formats.points(row.gap(past.rate)) if known else row.note or None
                help_ = (
                    f"Leads that took this step within {row.window_days} days. The change is that of the "
                    f"rate from {previous_stage(rows, number).lower()}, against the {period_name} before."
                )
            meaning = help_for(INDICATORS["lead" if number == 0 else row.step])
            help_ = f"{help_}\n\n{meaning}" if meaning else help_
            st.metric(
                row.label, formats.compact(row.reached), delta,
                delta_color="off" if delta == row.note else "blue", delta_arrow=_arrow(delta),
                border=True, height="stretch", help=help_,
                chart_data=_course(trend, number), chart_type="area",
            )  # fmt: skip


def funnel(rows: Sequence[FunnelRow], scope_name: str, *, weak_pair: str | None) -> None:
    """The main chart, its switch, what the marks mean, and the numbers as a table."""
    help_ = (
        "Rates count leads whose window for the step is over. Orange: the step at which weak links lose most "
        "deliveries. pp: percentage points."
    )
    with components.card("Where leads are lost", key="card_funnel", help=help_):
        of_leads = (
            st.segmented_control(
                "Bars show", ["Share of the stage before", "Leads left"], default="Share of the stage before",
                required=True, key="bars", bind="query-params", label_visibility="collapsed",
            )
            == "Leads left"
        )  # fmt: skip
        components.chart(
            funnel_chart.funnel_chart(rows, components.theme(), of_leads=of_leads),
            height=funnel_chart.height(rows),
            key=f"funnel_{'leads' if of_leads else 'rates'}",
            alt=f"Funnel of {scope_name}." + (f" Weakest step {weak_pair}." if weak_pair else ""),
        )
        st.caption(_legend(rows, of_leads))
        with st.expander("The numbers behind this chart"):
            st.table(_numbers(rows))


def weak_links(links: Sequence[WeakLink], window: Window) -> None:
    """Dealers' weak stages, the costliest first; a click on a row opens the dealer."""
    help_ = (
        "A dealer's step against the 75th percentile of its peers (same tier and market type). Listed when "
        f"at least {MIN_CASES} leads entered and chance does not explain the difference."
    )
    with components.card(f"Weak links, {WINDOW_NAMES[window]}", key="card_weak", help=help_):
        if not links:
            st.caption("None: no dealer's stage falls short of its peers by more than chance explains.")
            return
        shown = links[:TABLE_ROWS]
        most = max(link.lost_deliveries for link in shown)

        def open_dealer() -> None:
            picked = st.session_state["weak_table"].selection.rows
            if picked:
                st.session_state["dealer"] = shown[picked[0]].dealer_id

        st.dataframe(
            {
                "Dealer": [link.dealer_name for link in shown],
                "Stage": [stage_pair(link) for link in shown],
                "Lost": [link.lost_deliveries for link in shown],
                "Rate": [formats.rate(link.rate) for link in shown],
                "Peers": [formats.rate(link.benchmark_rate) for link in shown],
            },
            hide_index=True, key="weak_table", height=min(TABLE_PIXELS, 36 * len(shown) + 40),
            on_select=open_dealer, selection_mode="single-row",
            alt="Weak links, the costliest first", column_config={
                "Dealer": st.column_config.TextColumn(width=200),
                "Lost": st.column_config.ProgressColumn(
                    format="%.1f", min_value=0, max_value=most, width=105, color="orange",
                    help="Deliveries lost against the benchmark",
                ),
                "Stage": st.column_config.TextColumn(width=146),
                "Rate": st.column_config.TextColumn(width=58, alignment="right"),
                "Peers": st.column_config.TextColumn(width=58, alignment="right"),
            },
        )  # fmt: skip
        more = f" The first {TABLE_ROWS} of {len(links)}." if len(links) > TABLE_ROWS else ""
        st.caption(f"Lost: deliveries against the peers' benchmark. Select a row to open the dealer.{more}")


def peers(judged: Sequence[WeakLink], window: Window) -> None:
    """One dealer's steps against its peers."""
    help_ = (
        "Dot: rate. Pale bar: the range that chance explains. Line: 75th percentile of the peers. "
        f"Grey: fewer than {MIN_CASES} leads, not judged."
    )
    with components.card(f"Against its peers, {WINDOW_NAMES[window]}", key="card_peers", help=help_):
        known = [link for link in judged if link.rate is not None]
        if not known:
            st.caption("Too few leads or too few peers to judge this dealer's steps.")
            return
        components.chart(
            peer_chart.peer_chart(known, components.theme()),
            height=peer_chart.height(known),
            key="peers",
            alt="Rates of the dealer's steps with their intervals and the peers' benchmark",
        )
        group, count = known[0].peer_group, known[0].peer_cnt
        st.caption(
            f"Peers: {count if count is not None else 'too few'} dealers of group {group or 'unknown'}."
        )


def heat(
    rows: Sequence[tuple[str, str, Funnel]], network: Funnel, *, own: str | None, of_regions: bool
) -> None:
    """Regions, or the dealers of one, against the network. Rows are (key, name, funnel); `own` is marked."""
    what, widget = ("Regions", "region") if of_regions else ("Dealers", "dealer")
    help_ = f"Percentage points above or below the network's rate. Fewer than {MIN_CASES} leads: no number."
    with components.card(f"{what} against the network, pp", key="card_heat", help=help_):
        if not rows:
            st.caption(f"No {what.lower()} in these data.")
            return
        named = [(f"▸ {name}" if row == own else name, funnel) for row, name, funnel in rows]
        reference = {step.step: step.rate for step in network if step.rate is not None}
        key = f"heat_{widget}"

        def open_row() -> None:
            for picked in st.session_state[key].selection.selected:
                line = heat_map.row_of_cell(picked["data_indices"][0], named)
                st.session_state[widget] = rows[line][0]

        components.chart(
            heat_map.heat_map(named, reference, components.theme()),
            height=heat_map.height(len(rows), of_regions=of_regions),
            key=key,
            alt=f"{what} by step against the network's rate",
            on_select=open_row,
        )


def course(
    rows: Sequence[FunnelRow],
    ours: tuple[str, Sequence[TrendBin]],
    network: Sequence[TrendBin] | None,
    period: Period,
    weak_step: str | None,
    height: int,
) -> None:
    """One step's rate over the period: since when it is as it is."""
    steps = [row.step for row in rows[1:] if row.has_data]
    with components.card(
        "Since when", key="card_course", help="The rate of one step in equal parts of the period."
    ):
        if not steps:
            st.caption("No step has data.")
            return
        numbers = {row.step: number for number, row in enumerate(rows)}
        default = weak_step if weak_step in steps else steps[0]
        step = st.selectbox(
            "Step", steps, index=steps.index(default), key="step", bind="query-params", width=240,
            format_func=lambda one: f"{previous_stage(rows, numbers[one])} → {stage(one)}",
            label_visibility="collapsed",
        )  # fmt: skip
        number = numbers[step]
        name, found = ours
        factor = trend_chart.grain(found, number, BINS)
        bins = BINS // factor
        values = trend_chart.rates(coarser(found, factor), number, bins)
        if not any(value is not None for value in values):
            st.caption(
                f"Too early or too few: no part of the period has {MIN_CASES} leads whose window is over."
            )
            return
        components.chart(
            trend_chart.trend_chart(
                trend_chart.bin_labels(period, bins),
                (name, values),
                None if network is None else trend_chart.rates(coarser(network, factor), number, bins),
                rows[number].target,
                components.theme(),
                is_weak=step == weak_step,
            ),
            height=height,
            key="course",
            alt=f"Rate of {stage(step)} over the period",
        )


def _course(trend: Sequence[TrendBin], step_no: int) -> list[int] | None:
    """Counts for the small line of a card: leads for 0, else those who took the step; only mature
    parts. None where they make no line.
    """
    if step_no == 0:
        first = min((one.step_no for one in trend), default=0)
        counts = [one.entered for one in trend if one.step_no == first]
    else:
        counts = [one.passed for one in trend if one.step_no == step_no and one.is_mature]
    return counts if len(counts) > 1 else None


def _arrow(delta: str | None) -> Literal["up", "down", "off"]:
    if delta and delta.startswith("+"):
        return "up"
    return "down" if delta and delta.startswith(formats.MINUS) else "off"


def _legend(rows: Sequence[FunnelRow], of_leads: bool) -> str:
    marks = []
    if any(row.target is not None for row in rows):
        marks.append("┃ target")
    if not of_leads:
        marks += ["◆ network"] if any(row.network_rate is not None for row in rows) else []
        marks += ["▲ region"] if any(row.region_rate is not None for row in rows) else []
    elif any(row.still_open for row in rows):
        marks.append("pale: window still open")
    mature = [row for row in rows[1:] if row.has_data and row.mature_share is not None]
    young = [row for row in mature if (row.mature_share or 0) < 0.995]
    if young:
        shares = ", ".join(f"{row.label.lower()} {formats.rate(row.mature_share)}" for row in young)
        marks.append(f"rates count leads whose window is over ({shares})")
    return " · ".join(marks)


def _numbers(rows: Sequence[FunnelRow]) -> dict[str, list[str]]:
    def column(key: str) -> list[str]:
        return [formats.rate(getattr(row, key)) for row in rows]

    return {
        "Stage": [row.label for row in rows],
        "Could take it": [formats.count(row.entered) if row.has_data else "no data" for row in rows],
        "Took it": [formats.count(row.reached) if row.has_data else "no data" for row in rows],
        "Still open": [formats.count(row.still_open) for row in rows],
        "Rate": [row.note or formats.rate(row.rate) for row in rows],
        "Region": column("region_rate"),
        "Network": column("network_rate"),
        "Target": column("target"),
        "Window over": column("mature_share"),
    }
