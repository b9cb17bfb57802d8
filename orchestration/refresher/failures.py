"""What may fail in a resident process, and what does not matter to a pass."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from ingestion.warehouse import WarehouseError
from orchestration.errors import ForecourtError
from orchestration.progress import Progress
from serving.errors import SnapshotError

# What ends a pass and not the process: the next one may find the disk, the warehouse or the model mended.
PASS_ERRORS = (ForecourtError, SnapshotError, WarehouseError, duckdb.Error, OSError)


@contextmanager
def not_worth_a_pass(what: str, progress: Progress) -> Iterator[None]:
    """For what may fail without any harm to what is published, and comes again: it is said, no more."""
    try:
        yield
    except PASS_ERRORS as failed:
        progress.say(f"Could not {what}: {failed}")
