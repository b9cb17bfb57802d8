"""The questions that pages may ask, each cached for its reader's scope as long as its snapshot is current.

A page takes one snapshot, as its reader may see it, at the start of a rerun and passes it to every loader:
all its numbers are of one version, and nobody's answer can become another's. Scope and version are the first
part of each cache key; a new version therefore needs no invalidation.
"""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st

from indicators.registry import Registry, load_registry
from serving import course as _course
from serving import dictionary as _dictionary
from serving import freshness as _freshness
from serving import funnel as _funnel
from serving import identity_quality as _identity_quality
from serving import identity_review as _identity_review
from serving import insights as _insights
from serving import month as _month
from serving import network as _network
from serving import peers as _peers
from serving import query as _query
from serving import queues as _queues
from serving import reading as _reading
from serving import weak_links as _weak_links
from serving.access import AccessScope
from serving.audit import PageAudit
from serving.settings import ReaderSettings
from serving.store import Snapshot, Store

P = ParamSpec("P")
T = TypeVar("T")
# A cached answer is kept for so many different questions of each kind.
MOST_ANSWERS = 500


def current_snapshot(scope: AccessScope) -> Snapshot:
    """The version this rerun reads, as `scope` may see it. Raises NoSnapshot or SnapshotBroken."""
    settings = ReaderSettings()
    store = _store(str(settings.snapshots_dir), settings.reader_threads, settings.reader_memory)
    return store.snapshot().seen_by(scope)


@st.cache_resource(show_spinner=False)
def _store(folder: str, threads: int, memory: str) -> Store:
    return Store(Path(folder), threads=threads, memory=memory)


@st.cache_resource(show_spinner=False)
def registry() -> Registry:
    """The indicators as they are written: names, formulas, what a code is made of."""
    return load_registry()


def page_audit() -> PageAudit:
    """Where it is kept who opened which page."""
    return _audit(str(ReaderSettings().state_file))


@st.cache_resource(show_spinner=False)
def _audit(file: str) -> PageAudit:
    return PageAudit(Path(file))


def _cached(
    question: Callable[Concatenate[Snapshot, P], T], ttl: int | None = None
) -> Callable[Concatenate[Snapshot, P], T]:
    """The question, asked once for each scope and version; `ttl` (seconds) where the clock has a say too."""

    def load(scope: AccessScope, snapshot: Snapshot, *args: Any, **more: Any) -> Any:
        return question(snapshot.seen_by(scope), *args, **more)

    # Streamlit tells cached functions apart by their names, and all of these are `load`.
    load.__qualname__ = f"{question.__module__}.{question.__qualname__}"
    by_version: dict[str | type[Any], Callable[[Any], Any]] = {
        Snapshot: lambda snapshot: str(snapshot.ref.path),
        Registry: id,
    }
    kept = st.cache_data(hash_funcs=by_version, max_entries=MOST_ANSWERS, show_spinner=False, ttl=ttl)(load)

    @wraps(question)
    def asked(snapshot: Snapshot, *args: P.args, **more: P.kwargs) -> T:
        answer: T = kept(snapshot.scope, snapshot, *args, **more)
        return answer

    asked.clear = kept.clear  # type: ignore[attr-defined]
    return asked


freshness = _cached(_freshness.freshness)
due_loads = _cached(_freshness.due_loads)
entity_loads = _cached(_freshness.entity_loads)
rejected_reasons = _cached(_freshness.rejected_reasons)
identity_builds = _cached(_identity_quality.identity_builds)
review_pairs = _cached(_identity_review.review_pairs)
comparisons = _cached(_identity_review.comparisons)
regions = _cached(_network.regions)
dealers = _cached(_network.dealers)
funnel = _cached(_funnel.funnel)
funnel_by = _cached(_funnel.funnel_by)
course = _cached(_course.course)
targets = _cached(_funnel.targets)
weak_links = _cached(_weak_links.weak_links)
judged_steps = _cached(_weak_links.judged_steps)
judged_dealers = _cached(_weak_links.judged_dealers)
insights = _cached(_insights.insights)
worst_parts = _cached(_insights.worst_parts)
peer_steps = _cached(_peers.peer_steps)
indicator = _cached(_query.ask, ttl=600)
people_behind = _cached(_query.people_behind)
rows_behind = _cached(_query.rows_behind)
month_so_far = _cached(_month.month_so_far, ttl=600)
queues = _cached(_queues.queues)
month_targets = _cached(_month.month_targets)
indicator_entries = _cached(_dictionary.entries)
indicator_gates = _cached(_dictionary.gates)
dbt_tests = _cached(_dictionary.test_results)
indicator_statuses = _cached(_dictionary.statuses)
indicator_reading = _cached(_reading.reading, ttl=60)
