"""The writer's lock for Dagster's steps: the same one that the command line takes."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from orchestration.lock import writer_lock
from orchestration.settings import Settings, load_settings

# The pool keeps Dagster's own steps apart; a run from the command line may take minutes before the lock is
# free.
_WAIT_SECONDS = 3600


@contextmanager
def settings_and_lock(context: dg.AssetExecutionContext) -> Iterator[Settings]:
    """The installation's settings, with the writer's lock held for the block."""
    settings = load_settings()
    with writer_lock(settings.data_dir, f"dagster run {context.run_id[:8]}", _WAIT_SECONDS):
        yield settings
