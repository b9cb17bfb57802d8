"""The entry of the app: settings that hold on every page, and the navigation."""

from pathlib import Path

import streamlit as st

from dashboards.pages import PAGES
from dashboards.reader_language import choose_language
from dashboards.words import say

ASSETS = Path(__file__).with_name("assets")

st.set_page_config(
    page_title="Forecourt",
    page_icon=str(ASSETS / "favicon.svg"),
    layout="wide",
    initial_sidebar_state="collapsed",
)
choose_language()
st.navigation(
    [
        st.Page(
            spec.file,
            title=say(spec.title),
            icon=f":material/{spec.icon}:",
            url_path=spec.url_path,
            default=number == 0,
            visibility="hidden" if spec.hidden else "visible",
        )
        for number, spec in enumerate(PAGES)
    ],
    position="top",
).run()
