"""The cards of the funnel page, one function each: numbers in, Streamlit elements out."""

from collections.abc import Mapping, Sequence
from typing import Literal

import streamlit as st

from dashboards import components, formats
from dashboards.charts import funnel_chart, heat_map, trend_chart
from dashboards.funnel_rows import FunnelRow, note_of, previous_stage
from dashboards.help import help_for
from dashboards.labels import INDICATORS, stage
from dashboards.tables import Column, Table
from dashboards.words import say
from serving.course import Course
from serving.funnel import MIN_CASES, Funnel, TrendBin, coarser, leads
from serving.scope import Period

BINS = 12
BARS: dict[str, funnel_chart.Bars] = {
    "Share of the stage before": "previous", "Share of all leads": "leads", "Leads left": "count",
}  # fmt: skip
# The chart's name in the document, by what its bars show.
KEYS = {"previous": "rates", "leads": "shares", "count": "leads"}


def basis() -> str:
    """Cohort: the leads of the period, followed on. Activity: what happened in the period."""
    return str(
        st.segmented_control(
            say("Basis"), ["Cohort", "Activity"], default="Cohort", required=True, format_func=say,
            key="basis", bind="query-params", label_visibility="collapsed",
        )
    )  # fmt: skip


def kpis(rows: Sequence[FunnelRow], course: Course, period_name: str) -> None:
    """One card for each stage: leads that reached it, the change against the period before, the course."""
    leads_before, leads_year_ago = leads(course.before), leads(course.year_ago)
    with st.grid(len(rows), min_column_width=140, gap="small"):
        for number, row in enumerate(rows):
            if not row.has_data:
                st.metric(
                    row.label, say("no data"), border=True, height="stretch",
                    help=say("No source has this stage."),
                )  # fmt: skip
                continue
            if number == 0:
                delta = formats.change(row.reached, leads_before)
                year = formats.change(row.reached, leads_year_ago)
                help_ = say(
                    "Counted leads of the {period}: no test leads, no duplicates.", period=period_name
                )
            else:
                delta, year = _against(row, row.before_rate), _against(row, row.year_rate)
                text = (
                    "Leads that took this step within {days} days. The change is that of the rate from "
                    "{stage}, against the {period} before."
                )
                before = previous_stage(rows, number).lower()
                help_ = say(text, days=row.window_days, stage=before, period=period_name)
            meaning = help_for(INDICATORS["lead" if number == 0 else row.step])
            if year:
                help_ = f"{help_}  \n{say('{change} against a year ago', change=year)}."
            st.metric(
                row.label, formats.compact(row.reached), delta or row.note or None,
                delta_color="blue" if delta else "off", delta_arrow=_arrow(delta),
                border=True, height="stretch", help=f"{help_}\n\n{meaning}" if meaning else help_,
                chart_data=_course(course.bins, number), chart_type="area",
            )  # fmt: skip


def _against(row: FunnelRow, other: float | None) -> str | None:
    gap = row.gap(other)
    return None if gap is None else formats.points(gap)


def funnel(rows: Sequence[FunnelRow], scope_name: str, *, weak_pair: str | None) -> None:
    """The main chart, its switch, what the marks mean, and the numbers as a table."""
    help_ = say(
        "Rates count leads whose window for the step is over. Orange: the step at which weak links lose most "
        "deliveries. pp: percentage points."
    )
    with components.card(say("Where leads are lost"), key="card_funnel", help=help_):
        show = BARS[
            str(
                st.segmented_control(
                    say("Bars show"), list(BARS), default=next(iter(BARS)), required=True, key="bars",
                    format_func=say, bind="query-params", label_visibility="collapsed",
                )
            )
        ]  # fmt: skip
        alt = say("Funnel of {place}.", place=scope_name)
        if weak_pair:
            alt = f"{alt} {say('Weakest step {step}.', step=weak_pair)}"
        key = f"funnel_{KEYS[show]}"

        def open_step() -> None:
            for picked in st.session_state[key].selection.selected:
                index = picked["data_indices"][0] - 1  # the first line of the chart is its heading
                if 0 < index < len(rows) and rows[index].has_data:
                    st.session_state["step"] = rows[index].step

        components.figure(
            funnel_chart.funnel_chart(rows, components.theme(), show=show),
            _numbers(rows),
            height=funnel_chart.height(rows),
            key=key,
            alt=alt,
            on_select=open_step,
            notes=_legend(rows, show),
        )


def heat(
    rows: Sequence[tuple[str, str, Funnel]],
    network: Mapping[str, float],
    *,
    own: str | None,
    of_regions: bool,
) -> None:
    """Regions, or the dealers of one, against the network. Rows are (key, name, funnel); `own` is marked."""
    widget = "region" if of_regions else "dealer"
    title = say("Regions against the network, pp" if of_regions else "Dealers against the network, pp")
    text = "Percentage points above or below the network's rate. Fewer than {least} leads: no number."
    with components.card(title, key="card_heat", help=say(text, least=MIN_CASES)):
        if not rows:
            st.caption(say("No regions in these data" if of_regions else "No dealers in these data"))
            return
        named = [(f"▸ {name}" if row == own else name, funnel) for row, name, funnel in rows]
        key = f"heat_{widget}"

        def open_row() -> None:
            for picked in st.session_state[key].selection.selected:
                line = heat_map.row_of_cell(picked["data_indices"][0], named)
                st.session_state[widget] = rows[line][0]

        components.figure(
            heat_map.heat_map(named, network, components.theme()),
            _heat_numbers(named, title),
            height=heat_map.height(len(rows), of_regions=of_regions),
            key=key,
            alt=title,
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
    help_ = say("The rate of one step in equal parts of the period.")
    with components.card(say("Since when"), key="card_course", help=help_):
        if not steps:
            st.caption(say("No step has data."))
            return
        numbers = {row.step: number for number, row in enumerate(rows)}
        default = weak_step if weak_step in steps else steps[0]
        step = st.selectbox(
            say("Step"), steps, index=steps.index(default), key="step", bind="query-params", width=240,
            format_func=lambda one: f"{previous_stage(rows, numbers[one])} → {rows[numbers[one]].label}",
            label_visibility="collapsed",
        )  # fmt: skip
        number = numbers[step]
        name, found = ours
        factor = trend_chart.grain(found, number, BINS)
        bins = BINS // factor
        values = trend_chart.rates(coarser(found, factor), number, bins)
        if not any(value is not None for value in values):
            text = "Too early or too few: no part of the period has {least} leads whose window is over."
            st.caption(say(text, least=MIN_CASES))
            return
        labels = trend_chart.bin_labels(period, bins)
        theirs = None if network is None else trend_chart.rates(coarser(network, factor), number, bins)
        columns = [Column(say("From"), labels), Column(name, values, "rate")]
        if theirs is not None:
            columns.append(Column(say("Network"), theirs, "rate"))
        components.figure(
            trend_chart.trend_chart(
                labels,
                (name, values),
                theirs,
                rows[number].target,
                components.theme(),
                is_weak=step == weak_step,
            ),
            Table("course", columns),
            height=height,
            key="course",
            alt=say("Rate of {step} over the period", step=rows[number].label),
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


def _legend(rows: Sequence[FunnelRow], show: funnel_chart.Bars) -> list[str]:
    marks = []
    if show != "leads" and any(row.target is not None for row in rows):
        marks.append(say("┃ target"))
    if show == "previous":
        marks += [say("◆ network")] if any(row.network_rate is not None for row in rows) else []
        marks += [say("▲ region")] if any(row.region_rate is not None for row in rows) else []
    elif show == "count" and any(row.still_open for row in rows):
        marks.append(say("pale: window still open"))
    elif show == "leads":
        marks.append(say("share of all leads: the product of the steps' rates"))
    mature = [row for row in rows[1:] if row.has_data and row.mature_share is not None]
    young = [row for row in mature if (row.mature_share or 0) < 0.995]
    if young:
        shares = ", ".join(f"{row.label.lower()} {formats.rate(row.mature_share)}" for row in young)
        marks.append(say("rates count leads whose window is over ({shares})", shares=shares))
    return marks


def _numbers(rows: Sequence[FunnelRow]) -> Table:
    missing = ["" if row.has_data else say("no data") for row in rows]

    def rates(title: str, key: str) -> Column:
        return Column(say(title), [getattr(row, key) for row in rows], "rate")

    return Table(
        "funnel",
        [
            Column(say("Stage"), [row.label for row in rows]),
            Column(say("Could take it"), [row.entered for row in rows], "count", unsure=missing),
            Column(say("Took it"), [row.reached for row in rows], "count", unsure=missing),
            Column(say("Still open"), [row.still_open for row in rows], "count"),
            Column(say("Rate"), [row.rate for row in rows], "rate", unsure=[row.note for row in rows]),
            rates("Of all leads", "of_leads"),
            rates("Period before", "before_rate"),
            rates("A year ago", "year_rate"),
            rates("Region", "region_rate"),
            rates("Network", "network_rate"),
            rates("Target", "target"),
            rates("Window over", "mature_share"),
        ],
    )


def _heat_numbers(named: Sequence[tuple[str, Funnel]], title: str) -> Table:
    """Rates by row and step, and why one is missing."""
    steps = [step for step in named[0][1] if step.has_data] if named else []
    columns = [Column(title, [name for name, _ in named])]
    for step in steps:
        found = [funnel[step.step_no - 1] for _, funnel in named]
        notes = [note_of(one) for one in found]
        columns.append(Column(say(stage(step.step)), [one.rate for one in found], "rate", unsure=notes))
    return Table("heat", columns)
