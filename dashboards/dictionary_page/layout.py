"""How the dictionary is put together: search, results, and the indicator that is open."""

from collections.abc import Sequence

import streamlit as st

from dashboards import formats, loaders
from dashboards.dictionary_page import cards
from dashboards.dictionary_page.controls import choose
from dashboards.dictionary_page.search import base_of, matching
from indicators.dictionary import explain
from indicators.lookup import near_codes
from serving.dictionary import Entry, life_warnings
from serving.store import Snapshot

LIST_PIXELS = 330
MARKS = {"published": "", "warning": "⚠ warning", "withheld": "⊘ withheld"}


def body(snapshot: Snapshot) -> None:
    """Draw the page on one version of the data."""
    entries = loaders.indicator_entries(snapshot)
    if not entries:
        st.info("No indicator is described in this snapshot yet: run `make run`.", icon=":material/inbox:")
        return
    found = matching(entries, choose(entries))
    _results(found, len(entries))
    code = str(st.session_state.get("code") or "").strip()
    if code:
        _open(snapshot, entries, code)
    elif found:
        st.caption("Select a row, or open a code, to see everything that is known about it.")


def _results(found: Sequence[Entry], total: int) -> None:
    if not found:
        st.info(
            "No indicator has these words. Try part of a code, a Chinese or English name, or fewer filters.",
            icon=":material/search_off:",
        )
        return

    def open_row() -> None:
        picked = st.session_state["results"].selection.rows
        if picked:
            st.session_state["code"] = found[picked[0]].code

    st.dataframe(
        {
            "Name": [entry.name_en for entry in found],
            "名称": [entry.name_zh for entry in found],
            "Code": [entry.code for entry in found],
            "Last value": [formats.measured(entry.last_value, entry.unit) for entry in found],
            "13 weeks": [[one or 0 for one in entry.course_values or ()] for entry in found],
            "Definition": [entry.definition for entry in found],
            "State": [MARKS[entry.state] or entry.status for entry in found],
            "Owner": [entry.owner.replace("_", " ") for entry in found],
        },
        hide_index=True, key="results", on_select=open_row, selection_mode="single-row",
        height=min(LIST_PIXELS, 36 * len(found) + 40), alt="Indicators that match",
        column_config={
            "Name": st.column_config.TextColumn(width=230),
            "名称": st.column_config.TextColumn(width=150),
            "Code": st.column_config.TextColumn(width=170),
            "Last value": st.column_config.TextColumn(width=90, alignment="right"),
            "13 weeks": st.column_config.LineChartColumn(width=110),
            "Definition": st.column_config.TextColumn(width=330),
            "State": st.column_config.TextColumn(width=95),
        },
    )  # fmt: skip
    st.caption(f"{formats.count(len(found))} of {formats.count(total)} indicators.")


def _open(snapshot: Snapshot, entries: Sequence[Entry], code: str) -> None:
    registry = loaders.registry()
    base = base_of(registry, code)
    entry = next((one for one in entries if one.code == base), None)
    if base is None or entry is None:
        near = ", ".join(f"[`{one}`](?code={one})" for one in near_codes(registry, code))
        meant = f" Did you mean {near}?" if near else ""
        st.info(f"No indicator has the code `{code}`.{meant}", icon=":material/search_off:")
        return
    explanation = explain(registry, code)
    reading = loaders.indicator_reading(snapshot, registry, code)
    cards.heading(entry, explanation)
    cards.warnings(reading, life_warnings(registry, code))
    left, right = st.columns([3, 2], gap="small")
    with left:
        cards.meaning(explanation)
    with right:
        cards.value(reading, entry)
    cards.origin(entry)
    left, right = st.columns(2, gap="small")
    with left:
        cards.trust(
            entry,
            loaders.indicator_gates(snapshot, base),
            loaders.dbt_tests(snapshot, tuple(entry.test_names or ())),
        )
    with right:
        cards.users(entry)
    cards.query(entry)
