"""The entry of the app: settings that hold on every page, and the pages themselves."""

from pathlib import Path

import streamlit as st

ASSETS = Path(__file__).with_name("assets")


st.set_page_config(
    page_title="Forecourt",
    page_icon=str(ASSETS / "favicon.svg"),
    layout="wide",
    initial_sidebar_state="collapsed",
)
st.navigation(
    [
        st.Page(
            "app_pages/dealer_funnel.py",
            title="Dealer funnel",
            icon=":material/filter_alt:",
            default=True,
        ),
        st.Page(
            "app_pages/indicator_dictionary.py",
            title="Indicators",
            icon=":material/menu_book:",
            url_path="indicator-dictionary",
        ),
        st.Page(
            "app_pages/data_health.py",
            title="Data health",
            icon=":material/monitor_heart:",
            url_path="data-health",
        ),
        st.Page(
            "app_pages/identity_review.py",
            title="Identity review",
            icon=":material/group:",
            url_path="identity-review",
        ),
    ],
    position="top",
).run()
