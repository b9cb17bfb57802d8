"""Parts that every page has: cards, and a chart with its numbers as a table and a text for those who cannot
see it.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import streamlit as st

from dashboards import tables
from dashboards.charts.common import Option
from dashboards.tables import Table
from dashboards.theme import DARK, LIGHT, Theme
from dashboards.words import say


def theme() -> Theme:
    """The colours of the mode the viewer is in."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def card(title: str, *, key: str, help: str | None = None) -> AbstractContextManager[Any]:
    """A bordered box with a heading, to be used with `with`."""
    box = st.container(border=True, height="stretch", gap="xsmall", key=key)
    box.header(title, anchor=False, help=help)
    return box


def figure(
    option: Option,
    table: Table,
    *,
    height: int,
    key: str,
    alt: str,
    on_select: Callable[[], None] | None = None,
    notes: Sequence[str] = (),
) -> None:
    """A chart, what its marks mean (`notes`), and its numbers as a table that can be downloaded."""
    chart(option, height=height, key=key, alt=alt, on_select=on_select)
    said = [note for note in notes if note]
    if said:
        st.caption(" · ".join(said))
    with st.expander(say("The numbers behind this chart")):
        tables.plain(table, key=key)


def chart(
    option: Option, *, height: int, key: str, alt: str, on_select: Callable[[], None] | None = None
) -> None:
    """An ECharts chart as SVG: sharp on every screen, and its text is in the document. Use `figure` where
    the numbers do not stand beside it anyway.
    """
    st.echarts_chart(
        option,
        height=height,
        key=key,
        alt=alt,
        renderer="svg",
        on_select=on_select or "ignore",
        width="stretch",
    )


def style() -> None:
    """What the theme cannot say: less air above the first line, and no clipped badges on a phone."""
    st.html(
        "<style>.stMainBlockContainer{max-width:1880px}"
        "[data-testid=stHeading] h2{padding:0.1rem 0 0.9rem}"
        f".st-key-finding{{border-left:4px solid {theme().weak}}}</style>"
    )
