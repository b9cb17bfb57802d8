"""Search field and filters of the dictionary. Every one is bound to the URL: a link opens what was seen."""

from collections.abc import Sequence

import streamlit as st

from dashboards.dictionary_page.search import Filters
from serving.dictionary import Entry

STATUSES = ("certified", "draft", "deprecated")


def choose(entries: Sequence[Entry]) -> Filters:
    """Draw the controls and return what they say."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="filters"):
        words = st.text_input(
            "Search", key="q", bind="query-params", type="search", width=340, icon=":material/search:",
            placeholder="Name, 名称, code or id",
        )  # fmt: skip
        stage = _one_of("Stage", "stage", list(dict.fromkeys(entry.stage for entry in entries)))
        owner = _one_of("Owner", "owner", sorted({entry.owner for entry in entries}))
        status = _one_of("Status", "status", [one for one in STATUSES if _has(entries, one)])
        st.text_input(
            "Open a code", key="code", bind="query-params", width=260, placeholder="lead_cnt_30d_yoy",
            help="Any code, a generated one too: base, modifiers, period, comparison.",
        )  # fmt: skip
    return Filters(words or "", stage, owner, status)


def _has(entries: Sequence[Entry], status: str) -> bool:
    return any(entry.status == status for entry in entries)


def _one_of(label: str, key: str, options: Sequence[str]) -> str | None:
    return st.selectbox(
        label, options, index=None, key=key, bind="query-params", width=158, placeholder="All",
        format_func=lambda one: one.replace("_", " ").capitalize(),
    )  # fmt: skip
