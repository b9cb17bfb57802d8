"""Parts that every page has: the title line with its badges, cards, and the states in which there is
nothing to show.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from dashboards import formats, loaders
from dashboards.charts.common import Option
from dashboards.findings import escape
from dashboards.loaders import current_snapshot
from dashboards.theme import DARK, LIGHT, Theme
from serving.dictionary import last_good
from serving.errors import NoSnapshot, SnapshotBroken
from serving.freshness import Freshness
from serving.store import Snapshot


def theme() -> Theme:
    """The colours of the mode the viewer is in."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def page(title: str, body: Callable[[Snapshot], None]) -> None:
    """Draw a page, or the reason why it cannot be drawn."""
    try:
        snapshot = current_snapshot()
    except NoSnapshot:
        st.title(title, anchor=False)
        st.info(
            "**Nothing is published yet.** Run `make run`: it loads the sources, builds the indicators and "
            "publishes them. This page needs no restart afterwards.",
            icon=":material/hourglass_empty:",
        )
        return
    except SnapshotBroken as error:
        _broken(title, error)
        return
    try:
        _style()
        body(snapshot)
    except SnapshotBroken as error:
        _broken(title, error)


def title_line(title: str, subtitle: str, fresh: Freshness) -> None:
    """Title on the left; how fresh the data are and what was rejected on the right."""
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        with st.container(width="content", gap="xxsmall"):
            st.title(title, anchor=False)
            st.caption(subtitle)
        with st.container(horizontal=True, width="content", gap="xsmall", key="badges"):
            st.badge(
                f"Data to {formats.day(fresh.as_of)}",
                icon=":material/schedule:",
                color="gray",
                help=f"Last load {formats.moment(fresh.loaded_at)}; published "
                f"{formats.moment(fresh.published_at)} as version {fresh.version}.",
            )
            if fresh.rejected:
                rows = "row" if fresh.rejected == 1 else "rows"
                st.badge(
                    f"{formats.count(fresh.rejected)} {rows} rejected",
                    icon=":material/report:",
                    color="gray",
                    help="Rows that broke their contract. They are kept and can be replayed: see Data health",
                )


def may_show(snapshot: Snapshot, codes: Sequence[str]) -> bool:
    """Say what the quality gates say of a page's indicators; False where their numbers are withheld."""
    moment = datetime.now(UTC)
    judged = [(one, *one.now(moment)) for one in loaders.indicator_statuses(snapshot, tuple(codes))]
    held = [(one, reason) for one, state, reason in judged if state == "withheld"]
    warned = sorted({str(reason) for _, state, reason in judged if state == "warning"})
    if held:
        values = "\n".join(
            f"- [{one.code}](indicator-dictionary?code={one.code}): {last_good(one)}" for one, _ in held
        )
        reasons = "; ".join(sorted({str(reason) for _, reason in held}))
        st.error(
            f"**The numbers of this page are withheld:** {escape(reasons)}.\n\n{values}",
            icon=":material/block:",
        )
    elif warned:
        st.warning(f"Read with care: {escape('; '.join(warned))}.", icon=":material/warning:")
    return not held


def card(title: str, *, key: str, help: str | None = None) -> AbstractContextManager[Any]:
    """A bordered box with a heading, to be used with `with`."""
    box = st.container(border=True, height="stretch", gap="xsmall", key=key)
    box.header(title, anchor=False, help=help)
    return box


def chart(
    option: Option, *, height: int, key: str, alt: str, on_select: Callable[[], None] | None = None
) -> None:
    """An ECharts chart as SVG: sharp on every screen, and its text is in the document."""
    st.echarts_chart(
        option,
        height=height,
        key=key,
        alt=alt,
        renderer="svg",
        on_select=on_select or "ignore",
        width="stretch",
    )


def _broken(title: str, error: SnapshotBroken) -> None:
    st.title(title, anchor=False)
    st.error(
        f"**The published snapshot cannot be read.** {error}\n\nRun `forecourt publish`; the warehouse is "
        "not affected.",
        icon=":material/broken_image:",
    )


def _style() -> None:
    """What the theme cannot say: less air above the first line, and no clipped badges on a phone."""
    st.html(
        "<style>.stMainBlockContainer{max-width:1880px}"
        "[data-testid=stHeading] h2{padding:0.1rem 0 0.9rem}"
        f".st-key-finding{{border-left:4px solid {theme().weak}}}</style>"
    )
