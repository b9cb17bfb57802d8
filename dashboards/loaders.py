"""The questions that pages may ask, each cached for as long as its snapshot is current.

A page takes one snapshot at the start of a rerun and passes it to every loader, so all its numbers are of
one version. The snapshot is part of each cache key; a new version therefore needs no invalidation.
"""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import streamlit as st

from indicators.registry import Registry, load_registry
from serving import dictionary as _dictionary
from serving import freshness as _freshness
from serving import funnel as _funnel
from serving import identity_quality as _identity_quality
from serving import identity_review as _identity_review
from serving import network as _network
from serving import reading as _reading
from serving import weak_links as _weak_links
from serving.settings import ReaderSettings
from serving.store import Snapshot, Store

P = ParamSpec("P")
T = TypeVar("T")


def current_snapshot() -> Snapshot:
    """The version this rerun reads. Raises NoSnapshot or SnapshotBroken."""
    settings = ReaderSettings()
    return _store(str(settings.snapshots_dir), settings.reader_threads, settings.reader_memory).snapshot()


@st.cache_resource(show_spinner=False)
def _store(folder: str, threads: int, memory: str) -> Store:
    from pathlib import Path

    return Store(Path(folder), threads=threads, memory=memory)


@st.cache_resource(show_spinner=False)
def registry() -> Registry:
    """The indicators as they are written: names, formulas, what a code is made of."""
    return load_registry()


def _cached(question: Callable[P, T], ttl: int | None = None) -> Callable[P, T]:
    """The question, asked once for each snapshot; `ttl` (seconds) where the clock has a say as well."""
    by_version: dict[str | type[Any], Callable[[Any], Any]] = {
        Snapshot: lambda snapshot: str(snapshot.ref.path),
        Registry: id,
    }
    return st.cache_data(hash_funcs=by_version, max_entries=500, show_spinner=False, ttl=ttl)(question)


freshness = _cached(_freshness.freshness)
entity_loads = _cached(_freshness.entity_loads)
rejected_reasons = _cached(_freshness.rejected_reasons)
identity_builds = _cached(_identity_quality.identity_builds)
review_pairs = _cached(_identity_review.review_pairs)
comparisons = _cached(_identity_review.comparisons)
regions = _cached(_network.regions)
dealers = _cached(_network.dealers)
funnel = _cached(_funnel.funnel)
funnel_by = _cached(_funnel.funnel_by)
trend = _cached(_funnel.trend)
targets = _cached(_funnel.targets)
weak_links = _cached(_weak_links.weak_links)
judged_steps = _cached(_weak_links.judged_steps)
indicator_entries = _cached(_dictionary.entries)
indicator_gates = _cached(_dictionary.gates)
dbt_tests = _cached(_dictionary.test_results)
indicator_statuses = _cached(_dictionary.statuses)
indicator_reading = _cached(_reading.reading, ttl=60)
