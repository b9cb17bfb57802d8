"""Data health: what was loaded when, whether it adds up, and what was rejected."""

import streamlit as st

from dashboards import components, formats, loaders
from dashboards.health_page.identity_card import identity_card
from serving.store import Snapshot


def body(snapshot: Snapshot) -> None:
    """Totals, the loads and the rejected rows."""
    loads = loaders.entity_loads(snapshot)
    read = sum(load.read_cnt or 0 for load in loads)
    loaded = sum(load.loaded_cnt or 0 for load in loads)
    rejected = sum(load.rejected_cnt or 0 for load in loads)
    repeated = sum(load.repeated_cnt or 0 for load in loads)
    with st.grid(4, min_column_width=158, gap="small"):
        for label, value in (
            ("Read", read),
            ("Loaded", loaded),
            ("Rejected", rejected),
            ("Repeated", repeated),
        ):
            st.metric(label, formats.count(value), border=True)
    off = [load for load in loads if load.is_balanced is False]
    if off:
        names = ", ".join(f"{load.source}.{load.entity}" for load in off)
        st.warning(f"Read is not loaded + rejected + repeated for {names}.", icon=":material/balance:")
    identity_card(loaders.identity_builds(snapshot))
    with components.card("Last load of each entity", key="loads"):
        st.dataframe(
            {
                "Source": [load.source for load in loads],
                "Entity": [load.entity for load in loads],
                "Loaded at": [load.last_loaded_at for load in loads],
                "Read": [load.read_cnt for load in loads],
                "Loaded": [load.loaded_cnt for load in loads],
                "Rejected": [load.rejected_cnt for load in loads],
                "Repeated": [load.repeated_cnt for load in loads],
                "Adds up": [load.is_balanced for load in loads],
            },
            hide_index=True,
            key="loads_table",
            height="content",
            column_config={
                "Loaded at": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm"),
                **dict.fromkeys(
                    ("Read", "Loaded", "Rejected", "Repeated"),
                    st.column_config.NumberColumn(format="localized"),
                ),
            },
            alt="Last load of each entity with its counts",
        )
    with components.card("Rejected rows that wait for a fix", key="rejected"):
        reasons = loaders.rejected_reasons(snapshot)
        if not reasons:
            st.caption("No row is rejected.")
            return
        st.dataframe(
            {
                "Rows": [reason.rejected for reason in reasons],
                "Source": [reason.source for reason in reasons],
                "Entity": [reason.entity for reason in reasons],
                "Rule": [reason.reason_code for reason in reasons],
                "For example": [reason.example for reason in reasons],
                "Last seen": [reason.last_rejected_at for reason in reasons],
            },
            hide_index=True,
            key="rejected_table",
            column_config={"Last seen": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm")},
            alt="Rejected rows by source, entity and rule",
        )
        st.caption(
            "`forecourt rejected list` shows each row; `forecourt rejected replay` loads them after a fix."
        )
