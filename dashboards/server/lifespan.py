"""The life of a process: caches are warm when it starts, and the garbage collector is out of the way."""

import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio

from serving.access import EVERYTHING
from serving.errors import SnapshotError

# Python collects young objects by itself; cycles that grew old wait for so long.
SWEEP_SECONDS = 30
_log = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Warm up, freeze what lives for ever, sweep now and then; the audit is on disk at the end."""
    await anyio.to_thread.run_sync(warm)
    gc.collect()
    gc.freeze()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_sweep)
        yield
        tasks.cancel_scope.cancel()
    from dashboards.loaders import page_audit

    page_audit().flush()


def warm() -> None:
    """Import what the first page would import, read the registry, and ask what every page asks."""
    import pandas  # noqa: F401  Streamlit's tables need it at their first use: 0.4 s

    from dashboards import loaders  # caches want a running Streamlit

    loaders.registry()
    try:
        snapshot = loaders.current_snapshot(EVERYTHING)
        for question in (loaders.freshness, loaders.due_loads, loaders.regions, loaders.dealers):
            question(snapshot)
    except SnapshotError as error:
        _log.warning("Nothing to warm up with: %s", error)


async def _sweep() -> None:
    while True:
        await anyio.sleep(SWEEP_SECONDS)
        await anyio.to_thread.run_sync(gc.collect)
