"""The frame of every page: who reads, which snapshot, and each state in which there is nothing to show.

    from dashboards.overview_page.layout import body
    show("overview", body)

`body` gets the snapshot as its reader may see it and hands it to every loader.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from dashboards import components, formats, loaders, title_line, viewer
from dashboards.findings import escape
from dashboards.pages import PageSpec, page_named
from dashboards.viewer import Viewer
from dashboards.words import say
from serving.dictionary import last_good
from serving.errors import NoSnapshot, SnapshotBroken, StateUnavailable
from serving.store import Snapshot

Body = Callable[[Snapshot], None]


def show(name: str, body: Body) -> None:
    """Draw the page `name` (a name of `pages.PAGES`), or the reason why it cannot be drawn."""
    spec, started = page_named(name), time.perf_counter()
    components.style()
    try:
        reader = viewer.viewer()
    except StateUnavailable as error:
        title_line.draw(spec, None, None)
        st.error(say("**Who may see what cannot be read.** {error}", error=error), icon=":material/lock:")
        return
    if reader is None:
        viewer.sign_in_page()
        return
    outcome = _drawn(spec, body, reader)
    loaders.page_audit().note(
        reader.name, spec.name, st.query_params.to_dict(), 1000 * (time.perf_counter() - started), outcome
    )


def _drawn(spec: PageSpec, body: Body, reader: Viewer) -> str:
    """Draw the page; give what became of it, for the audit."""
    if not _is_allowed(spec, reader):
        return "out of scope"
    try:
        snapshot = loaders.current_snapshot(reader.scope)
    except NoSnapshot:
        title_line.draw(spec, None, reader)
        text = (
            "**Nothing is published yet.** Run `make run`: it loads the sources, builds the indicators and "
            "publishes them. This page needs no restart afterwards."
        )
        st.info(say(text), icon=":material/hourglass_empty:")
        return "nothing published"
    except SnapshotBroken as error:
        title_line.draw(spec, None, reader)
        return _broken(error)
    try:
        title_line.draw(spec, loaders.freshness(snapshot), reader)
        _late_banner(snapshot, spec)
        if not _may_show(snapshot, spec):
            return "withheld"
        body(snapshot)
    except SnapshotBroken as error:
        return _broken(error)
    return "shown"


def _is_allowed(spec: PageSpec, reader: Viewer) -> bool:
    """Whether the reader may see anything of the page; says why where not."""
    if reader.scope.kind == "none":
        text = (
            "**You see no part of the network yet.** Signed in as {name}. Ask whoever looks after Forecourt "
            "to grant you a dealer or a region."
        )
    elif spec.everything and reader.scope.kind != "all":
        text = "**This page is for readers of all dealers.** It shows what is not counted by dealer."
    else:
        return True
    title_line.draw(spec, None, reader)
    st.info(say(text, name=escape(reader.name)), icon=":material/lock:")
    return False


def _broken(error: SnapshotBroken) -> str:
    text = (
        "**The published snapshot cannot be read.** {error}\n\nRun `forecourt publish`; the warehouse is not "
        "affected."
    )
    st.error(say(text, error=error), icon=":material/broken_image:")
    return "broken snapshot"


def _late_banner(snapshot: Snapshot, spec: PageSpec) -> None:
    """Name the sources of the page that were not loaded for longer than they should be."""
    moment = datetime.now(UTC)
    late = [
        say(
            "{source} was last loaded {moment}, due every {hours} h",
            source=due.source, moment=formats.moment(due.last_loaded_at), hours=f"{due.hours:g}",
        )
        for due in loaders.due_loads(snapshot)
        if due.source in spec.sources and due.is_late(moment)
    ]  # fmt: skip
    if late:
        text = "**Late data:** {sources}. The numbers of this page may lack what happened since."
        st.warning(say(text, sources="; ".join(late)), icon=":material/schedule:")


def _may_show(snapshot: Snapshot, spec: PageSpec) -> bool:
    """Say what the quality gates say of the page's indicators; False where their numbers are withheld."""
    if not spec.codes:
        return True
    moment = datetime.now(UTC)
    judged = [(one, *one.now(moment)) for one in loaders.indicator_statuses(snapshot, spec.codes)]
    held = [(one, reason) for one, state, reason in judged if state == "withheld"]
    warned = sorted({str(reason) for _, state, reason in judged if state == "warning"})
    if held:
        values = "\n".join(
            f"- [{one.code}](indicator-dictionary?code={one.code}): {last_good(one)}" for one, _ in held
        )
        reasons = "; ".join(sorted({str(reason) for _, reason in held}))
        text = say("**The numbers of this page are withheld:** {reasons}.", reasons=escape(reasons))
        st.error(f"{text}\n\n{values}", icon=":material/block:")
    elif warned:
        text = say("Read with care: {reasons}.", reasons=escape("; ".join(warned)))
        st.warning(text, icon=":material/warning:")
    return not held
