"""The card of OneID's quality on the Data health page: each figure with its course over the last builds."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from dashboards import components, formats
from serving.identity_quality import IdentityBuild

_FIGURES: tuple[tuple[str, str, Callable[[Any], str], str], ...] = (
    (
        "Unification rate",
        "unified_rate",
        formats.rate,
        "Records whose person is known in two or more systems",
    ),
    ("People", "person_cnt", formats.count, "People behind the records; devices and test leads are left out"),
    ("Doubles", "duplicate_cnt", formats.count, "Records beyond the first of their kind and person"),
    ("Contradictions", "conflict_cnt", formats.count, "Evidence dropped because it would join two people"),
    ("Stopped by guards", "guarded_cnt", formats.count, "Evidence on values that strangers share"),
    ("Wait for a reviewer", "review_cnt", formats.count, "Pairs whose judgement would teach most"),
    ("Largest person", "largest_person_cnt", formats.count, "Records of the person who has most"),
)


def identity_card(builds: Sequence[IdentityBuild]) -> None:
    """Draw the card; a sentence where OneID has not been built since it keeps its figures."""
    with components.card("Who is who: OneID", key="identity"):
        if not builds:
            st.caption("No build has kept its figures yet.")
            return
        last = builds[-1]
        if last.jump:
            st.warning(f"Jumped against the build before: {last.jump}.", icon=":material/trending_up:")
        with st.grid(4, min_column_width=158, gap="small"):
            for label, name, shown, meaning in _FIGURES:
                course = [getattr(build, name) for build in builds]
                st.metric(
                    label,
                    "no data" if course[-1] is None else shown(course[-1]),
                    help=meaning,
                    chart_data=course if len(course) > 1 else None,
                )
        st.caption(
            f"{len(builds)} builds, the last at {formats.moment(last.built_at)}. "
            "`forecourt identity explain` says why records are one person."
        )
