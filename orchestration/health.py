"""What ``forecourt doctor`` looks at: each check gives one finding in plain words."""

import importlib.metadata
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from orchestration.settings import Settings

State = Literal["ok", "warning", "broken"]
# A run at demo scale writes about 1 GB between warehouse, dlt's packages and snapshots.
_FREE_BYTES = 2 << 30
_OLD = timedelta(hours=36)
_EXACT = {"duckdb": "2.0.0", "dagster": "1.13.27"}
_SHOWN = ("dbt-core", "dbt-duckdb", "dlt", "streamlit")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. ``broken`` makes the installation unhealthy; ``warning`` does not."""

    check: str
    state: State
    message: str


def examine(settings: Settings) -> list[Finding]:
    """Every finding about this installation, in the order of the flow. Opens nothing for writing."""
    checks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        _versions, _disk, _sources, _writer, _warehouse, _snapshot, _freshness, _programs,
    )  # fmt: skip
    return [finding for check in checks for finding in check(settings)]


def _versions(_settings: Settings) -> Iterator[Finding]:
    if sys.version_info[:2] != (3, 11):
        yield Finding("python", "broken", f"{sys.version.split()[0]} runs here and 3.11 is needed.")
    for package, wanted in _EXACT.items():
        found = importlib.metadata.version(package)
        if found != wanted:
            yield Finding(
                package, "broken", f"{found} is installed and {wanted} is needed: run make install."
            )
    shown = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in (*_EXACT, *_SHOWN))
    yield Finding("versions", "ok", f"python {sys.version.split()[0]}, {shown}")


def _disk(settings: Settings) -> Iterator[Finding]:
    existing = next(folder for folder in (settings.data_dir, *settings.data_dir.parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    state: State = "ok" if free >= _FREE_BYTES else "warning"
    yield Finding("disk", state, f"{free / 1e9:.1f} GB free for {settings.data_dir}")


def _sources(settings: Settings) -> Iterator[Finding]:
    from ingestion.config import SOURCE_NAMES

    if settings.sources.is_empty:
        yield Finding("sources", "ok", "none is configured: the demo world is used")
        return
    configs = settings.source_configs()  # raises where a secret is missing
    named = [name for name in SOURCE_NAMES if configs.address(name)]
    for name in named:
        path = configs.address(name)
        if isinstance(path, Path) and not path.exists():
            yield Finding("sources", "broken", f"{name} is {path}, which does not exist")
    yield Finding("sources", "ok", f"configured: {', '.join(named)}")


def _writer(settings: Settings) -> Iterator[Finding]:
    from orchestration.lock import current_writer

    writer = current_writer(settings.data_dir)
    yield Finding("writer", "ok", f"{writer} is writing now" if writer else "nobody is writing")


def _warehouse(settings: Settings) -> Iterator[Finding]:
    if not settings.warehouse.exists():
        yield Finding("warehouse", "warning", "there is none yet: run make run")
        return
    size = settings.warehouse.stat().st_size
    yield Finding("warehouse", "ok", f"{settings.warehouse} has {size / 1e6:,.0f} MB")


def _snapshot(settings: Settings) -> Iterator[Finding]:
    from serving.errors import SnapshotError
    from serving.snapshot import current
    from serving.store import Store

    try:
        if current(settings.snapshots_dir) is None:
            yield Finding("snapshot", "warning", "nothing is published yet: run make run")
            return
        meta = Store(settings.snapshots_dir).snapshot().meta
    except SnapshotError as error:
        yield Finding("snapshot", "broken", str(error))
        return
    yield Finding(
        "snapshot", "ok", f"version {meta.version}, published {meta.published_at:%Y-%m-%d %H:%M %Z}"
    )


def _freshness(settings: Settings) -> Iterator[Finding]:
    from serving.errors import SnapshotError
    from serving.freshness import entity_loads, freshness
    from serving.store import Store

    try:
        snapshot = Store(settings.snapshots_dir).snapshot()
        state, loads = freshness(snapshot), entity_loads(snapshot)
    except SnapshotError:
        return  # said by the check of the snapshot
    if state.loaded_at is not None and datetime.now(UTC) - state.loaded_at > _OLD:
        yield Finding("freshness", "warning", f"the last load was at {state.loaded_at:%Y-%m-%d %H:%M %Z}")
    unbalanced = [f"{one.source}.{one.entity}" for one in loads if one.is_balanced is False]
    if unbalanced:
        yield Finding("balance", "broken", f"rows read are not rows kept in {', '.join(unbalanced)}")
    yield Finding("rejected", "ok", f"{state.rejected:,} rows wait in the rejected store")


def _programs(_settings: Settings) -> Iterator[Finding]:
    """Debian packages that only tests need: absent is worth saying and nothing worse."""
    postgres = shutil.which("pg_ctl") or next(
        iter(sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))), None
    )
    for name, path in (("chromium", shutil.which("chromium")), ("postgresql", postgres)):
        if path:
            yield Finding(name, "ok", str(path))
        else:
            yield Finding(name, "warning", "not installed: the tests that need it are skipped")
