"""The cards of the overview: findings, the month's indicators, the parts of the network that lose most."""

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from dashboards import components, formats, tables
from dashboards.help import help_for
from dashboards.overview_page.sentences import sentence, steps
from dashboards.tables import Column, Table
from dashboards.words import language, say
from indicators.registry import Registry
from serving.insights import Insight
from serving.month import MonthSoFar

MOST_FINDINGS = 4
# Larger numbers are shortened on a card.
MOST_IN_FULL = 100_000


def findings(found: Sequence[Insight], period: str, place: str) -> None:
    """The sentences, the costliest first."""
    with st.container(border=True, key="finding"):
        if not found:
            st.markdown(say("Nothing stands out in {place}: no weak link, and no rate changed.", place=place))
            return
        for insight in found[:MOST_FINDINGS]:
            st.markdown(sentence(insight, period))


def month(registry: Registry, months: Sequence[MonthSoFar]) -> None:
    """One card for each indicator: so far, against the month before, its course, target and pace."""
    with st.grid(len(months), min_column_width=170, gap="small"):
        for one in months:
            _month_card(registry, one)


def _month_card(registry: Registry, one: MonthSoFar) -> None:
    label = _name(registry, one.code)
    if one.value is None:
        st.metric(
            label, say("no data"), border=True, height="stretch", help=one.problem or help_for(one.code)
        )
        return
    delta = formats.change(one.value, one.previous)
    with st.container(border=True, height="stretch", gap="xsmall", key=f"month_{one.code}"):
        st.metric(
            label,
            formats.count(one.value) if one.value < MOST_IN_FULL else formats.measured(one.value, one.unit),
            delta,
            delta_color="blue",
            delta_arrow=_arrow(delta),
            delta_description=say("vs last month"),
            help=help_for(one.code),
            chart_data=[sum(one.daily[day : day + 7]) for day in range(0, len(one.daily), 7)],
            chart_type="area",
        )
        st.caption("  \n".join(_pace(one)))


def _pace(one: MonthSoFar) -> list[str]:
    """Target, expected end and last year in a line each, as far as they are known."""
    said = []
    if one.target:
        share = formats.rate((one.expected or 0) / one.target)
        mark = "▲" if (one.expected or 0) >= one.target else "▼"
        text = "{mark} {share} of the target of {target} at this pace"
        said.append(say(text, mark=mark, share=share, target=formats.measured(one.target, one.unit)))
    elif one.expected is not None and one.expected != one.value:
        said.append(
            say("Expected at its end: {value}", value=formats.measured(round(one.expected), one.unit))
        )
    year = formats.change(one.value, one.year_ago)
    if year:
        said.append(say("{change} against a year ago", change=year))
    return said


def worst(found: Sequence[Insight], title: str, key: Literal["region", "dealer"]) -> None:
    """Regions or dealers that lose most, with their weakest step; a click on a row opens it on this page."""
    with components.card(title, key=f"card_worst_{key}"):
        if not found:
            st.caption(say("None: no dealer's step falls short of its peers by more than chance explains."))
            return
        table = Table(
            f"worst-{key}s",
            [
                Column(say("Region" if key == "region" else "Dealer"), [one.subject_name for one in found]),
                Column(say("Weakest step"), [steps(one) for one in found]),
                Column(say("Lost deliveries"), [one.lost_deliveries for one in found], "bar", width=120),
                Column(say("Rate"), [one.rate for one in found], "rate", width=64),
                Column(say("Peers"), [one.reference_rate for one in found], "rate", width=64),
            ],
        )

        def open_part(row: int) -> None:
            st.session_state[key] = found[row].subject_id

        tables.grid(table, key=f"worst_{key}", alt=title, on_pick=open_part)


def _name(registry: Registry, code: str) -> str:
    item = registry.indicator(code)
    if item is None:
        return code
    return item.name.zh if language() == "zh" else item.name.en


def _arrow(delta: str | None) -> Literal["up", "down", "off"]:
    if delta and delta.startswith("+"):
        return "up"
    return "down" if delta and delta.startswith(formats.MINUS) else "off"
