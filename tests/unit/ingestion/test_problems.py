"""Messages of failed sources say what, where and what to do."""

import errno

import duckdb
import pytest
import sqlalchemy as sa

from ingestion.problems import KEPT, Kept, explain
from ingestion.readers.base import SourceError


def caused(problem: Exception) -> Exception:
    """The problem wrapped twice, as dlt wraps what a resource raises."""
    outer, middle = RuntimeError("pipeline failed"), RuntimeError("step extract failed")
    outer.__cause__, middle.__cause__ = middle, problem
    return outer


@pytest.mark.parametrize(
    ("problem", "says"),
    [
        (SourceError("the table lead does not exist; create it"), "the table lead does not exist"),
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full; make room"),
        (PermissionError(errno.EACCES, "denied", "/data/a.jsonl"), "no permission to read /data/a.jsonl"),
        (duckdb.IOException("IO Error: Could not write all bytes"), "the disk is full"),
        (sa.exc.OperationalError("", {}, Exception("file is not a database")), "damaged or cut off"),
        (sa.exc.OperationalError("", {}, Exception("permission denied for table")), "the right to select"),
        (sa.exc.OperationalError("", {}, Exception("connection refused")), "the server cannot be reached"),
        (ValueError("strange"), "ValueError: strange"),
    ],
)
def test_the_innermost_cause_is_told(problem: Exception, says: str) -> None:
    address = "postgresql+psycopg://user:secret@host/db?password=secret"
    message = explain("crm", address, caused(problem))
    assert "secret" not in message
    assert says in message
    assert message.startswith("crm (postgresql+psycopg://user:***@host/db): ")
    assert "cursor did not move" in message


@pytest.mark.parametrize("kept", KEPT)
def test_what_was_kept_is_told(kept: Kept) -> None:
    message = explain("crm", "sqlite:///crm.sqlite", ValueError("strange"), kept)
    assert message.endswith(f"strange. {KEPT[kept]}; run it again when this is mended.")
