"""The first line of a page: title and subtitle; how fresh the data are, who reads, and the language."""

import streamlit as st

from dashboards import formats, viewer
from dashboards.pages import PageSpec
from dashboards.reader_language import language_switch
from dashboards.viewer import Viewer
from dashboards.words import say
from serving.freshness import Freshness


def draw(spec: PageSpec, fresh: Freshness | None, reader: Viewer | None) -> None:
    """Title on the left, badges on the right; a bare page (a screen on the wall) has its own."""
    if spec.bare and fresh is not None:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        with st.container(width="content", gap="xxsmall"):
            st.title(say(spec.title), anchor=False)
            if spec.subtitle:
                st.caption(say(spec.subtitle))
        with st.container(
            horizontal=True, width="content", gap="xsmall", key="badges", vertical_alignment="center"
        ):
            if fresh is not None:
                freshness_badges(fresh)
            if reader is not None:
                viewer.badge(reader)
            language_switch()


def freshness_badges(fresh: Freshness) -> None:
    """Which day the data reach, and how many rows wait for a fix."""
    st.badge(
        say("Data to {day}", day=formats.day(fresh.as_of)),
        icon=":material/schedule:",
        color="gray",
        help=say(
            "Last load {loaded}; published {published} as version {version}.",
            loaded=formats.moment(fresh.loaded_at),
            published=formats.moment(fresh.published_at),
            version=fresh.version,
        ),
    )
    if fresh.rejected:
        rows = "1 row rejected" if fresh.rejected == 1 else "{rows} rows rejected"
        st.badge(
            say(rows, rows=formats.count(fresh.rejected)),
            icon=":material/report:",
            color="gray",
            help=say("Rows that broke their contract. They are kept and can be replayed: see Data health"),
        )
