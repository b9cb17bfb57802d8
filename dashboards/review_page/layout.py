"""Identity review: two records side by side, masked, and one judgement at a time."""

from pathlib import Path

import streamlit as st

from dashboards import components, formats, loaders
from serving.errors import QueryFailed, StateUnavailable
from serving.identity_review import FieldComparison, ReviewPair, Said, answer, judged_count, waiting
from serving.settings import ReaderSettings
from serving.store import Snapshot

# From as many judged pairs the match model learns (identity/matching).
ENOUGH = 200
CAUSES = {
    "near_the_cut": "Score close to even",
    "contradiction": "Evidence for and against",
    "only_tie": "One weak tie",
}
AGREEMENTS = {"same": "= same", "similar": "≈ similar", "different": "≠ different", "missing": "missing"}


def body(snapshot: Snapshot) -> None:
    """Progress, the pair at the head of the queue, and the buttons."""
    file = ReaderSettings().state_file
    try:
        pairs, fields = loaders.review_pairs(snapshot), loaders.comparisons(snapshot)
    except QueryFailed:
        st.info("This snapshot has no review queue: build and publish again.", icon=":material/rule:")
        return
    try:
        queue, judged = waiting(pairs, file), judged_count(file)
    except StateUnavailable as error:
        st.error(f"**Answers cannot be kept.** {error}", icon=":material/save:")
        return
    _totals(len(queue), judged)
    skipped = st.session_state.setdefault("review_skipped", [])
    order = [pair for pair in queue if pair.key not in skipped] or queue
    if not order:
        st.success("No pair waits for a judgement.", icon=":material/done_all:")
    else:
        _pair(order[0], fields.get(order[0].pair_no, []))
    _buttons(order[0] if order else None, file)
    st.caption(
        "Answers are kept at once and count as a steward's decision at the next refresh. "
        "`forecourt identity review` asks the same in a terminal."
    )


def _totals(left: int, judged: int) -> None:
    with st.grid(2, min_column_width=158, gap="small"):
        st.metric("Wait for a judgement", formats.count(left), border=True)
        st.metric("Judged in all", formats.count(judged), border=True)
    if judged < ENOUGH:
        st.progress(
            judged / ENOUGH, text=f"{judged} of the {ENOUGH} judged pairs from which the score learns"
        )


def _pair(pair: ReviewPair, fields: list[FieldComparison]) -> None:
    with components.card("One person or two?", key="pair"):
        with st.container(horizontal=True, gap="xsmall"):
            st.badge(CAUSES.get(pair.cause, pair.cause), icon=":material/help:", color="gray")
            if pair.match_weight is not None:
                st.badge(
                    f"{pair.match_weight:+.1f} bits",
                    color="gray",
                    help="Evidence of the comparison: 0 is even, +1 doubles the odds of one person.",
                )
            today = "one person" if pair.is_one_person else "two persons"
            st.badge(f"Now {today}, {formats.count(pair.record_cnt)} records", color="gray")
            if pair.rules:
                st.badge(f"Tied by {pair.rules.replace('_', ' ')}", color="gray")
        st.caption(f"A is `{pair.record_key_a}`, B is `{pair.record_key_b}`.")
        st.table(
            {
                "Field": [one.field.replace("_", " ").capitalize() for one in fields],
                "A": [one.masked_a or "" for one in fields],
                "Compared": [AGREEMENTS[one.agreement] for one in fields],
                "B": [one.masked_b or "" for one in fields],
            },
            hide_index=True,
            border="horizontal",
            alt=f"{pair.record_key_a} and {pair.record_key_b} compared field by field",
        )


def _buttons(pair: ReviewPair | None, file: Path) -> None:
    """The reviewer's name and the answers; keys y, n, s and u press them."""
    name = st.text_input("Your name", key="review_by", placeholder="Kept with each answer", max_chars=80)
    name = name.strip()
    done = st.session_state.setdefault("review_done", [])
    shut = pair is None or not name
    with st.container(horizontal=True, gap="small", key="answers"):
        for label, said, key in (("One person", "same", "y"), ("Two persons", "different", "n")):
            given = (pair, said, name, file)
            st.button(label, key=f"say_{said}", shortcut=key, disabled=shut, on_click=_keep, args=given)
        st.button("Skip", key="skip", shortcut="s", disabled=pair is None, on_click=_skip, args=(pair,))
        st.button("Undo", key="undo", shortcut="u", disabled=not done, on_click=_undo, args=(name, file))
    if not name:
        st.caption("Say who you are: an answer is kept with a name.")


def _keep(pair: ReviewPair, said: Said, name: str, file: Path) -> None:
    if _written(pair.key, said, name, file):
        st.session_state["review_done"].append(pair.key)


def _skip(pair: ReviewPair) -> None:
    st.session_state["review_skipped"].append(pair.key)


def _undo(name: str, file: Path) -> None:
    if _written(st.session_state["review_done"][-1], "unsure", name, file):
        st.session_state["review_done"].pop()


def _written(key: tuple[str, str], said: Said, name: str, file: Path) -> bool:
    """Keep an answer; where that fails, leave the page as it was and say so."""
    try:
        answer(file, key, said, by=name, where="dashboards")
    except StateUnavailable as error:
        st.toast(f"Not kept: {error}", icon=":material/save:")
        return False
    return True
