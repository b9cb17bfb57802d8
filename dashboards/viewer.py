"""Who reads, and what they may see. Scope comes from the grants in `data/state`, never from a claim."""

from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st

from dashboards.words import say
from serving.access import EVERYTHING, AccessScope, scope_of
from serving.settings import ReaderSettings

DEMO = "demo headquarters"


@dataclass(frozen=True)
class Viewer:
    """The reader of this run. `name` is the e-mail that the provider vouches for; without one, `is_demo`."""

    name: str
    scope: AccessScope
    is_demo: bool = False


def viewer() -> Viewer | None:
    """Who reads; None while nobody has signed in, where signing in is configured.

    Raises StateUnavailable where the grants cannot be read.
    """
    settings = ReaderSettings()
    if settings.sign_in is None:
        return Viewer(DEMO, EVERYTHING, is_demo=True)
    if not st.user.is_logged_in:
        return None
    email = str(st.user.get("email") or "")
    return Viewer(email, scope_of(settings.state_file, email, datetime.now(UTC).date()))


def sign_in_page() -> None:
    """What a reader sees who has not signed in."""
    st.title("Forecourt", anchor=False)
    st.markdown(say("Forecourt shows dealers' numbers to those who may see them."))
    st.button(say("Sign in"), type="primary", icon=":material/login:", key="sign_in", on_click=st.login)


def badge(reader: Viewer) -> None:
    """What the reader sees, in the title line; the way out where there is one."""
    if reader.is_demo:
        st.badge(
            say("Demo: all dealers"), icon=":material/visibility:", color="gray",
            help=say("Sign-in is not configured: everybody on this machine sees everything."),
        )  # fmt: skip
        return
    st.badge(words(reader.scope), icon=":material/visibility:", color="gray", help=reader.name)
    st.button(say("Sign out"), type="tertiary", icon=":material/logout:", key="sign_out", on_click=st.logout)


def words(scope: AccessScope) -> str:
    """A scope in a few words."""
    if scope.kind == "all":
        return say("All dealers")
    names = scope.ids[0] if scope.ids else ""
    if len(scope.ids) > 1:
        names = say("{name} and {more} more", name=names, more=len(scope.ids) - 1)
    if scope.kind == "region":
        return say("Region {names}", names=names)
    return say("Dealer {names}", names=names)
