"""Which language a reader wants: what the link says, else what was chosen before, else the browser's."""

import streamlit as st

from dashboards.words import LANGUAGES, language, say, speak

KEY = "lang"
# Widgets forget their value when the page changes; this does not.
_KEPT = "language"


def choose_language() -> None:
    """Speak the reader's language for the rest of this run."""
    if KEY not in st.session_state:
        # A link without a language was written in English: its filters are named by their English labels.
        wanted = st.query_params.get(KEY) or st.session_state.get(_KEPT)
        if wanted is None and not st.query_params and (st.context.locale or "").lower().startswith("zh"):
            wanted = "zh"
        if wanted in LANGUAGES and wanted != "en":
            st.session_state[KEY] = wanted
    speak(st.session_state.get(KEY) or "en")
    st.session_state[_KEPT] = language()


def language_switch() -> None:
    """The switch in the title line, bound to the link."""
    st.segmented_control(
        say("Language"), list(LANGUAGES), default="en", required=True, format_func=LANGUAGES.__getitem__,
        key=KEY, bind="query-params", label_visibility="collapsed",
    )  # fmt: skip
