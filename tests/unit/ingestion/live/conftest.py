"""Raw tables of the app as a load makes them, empty, and segments to load into them."""

import json
import uuid

import duckdb
import pytest

from ingestion.collector.segments import Segment
from ingestion.config import SourceConfigs
from ingestion.live.load import LiveLoader
from ingestion.load import load_sources


@pytest.fixture(scope="session")
def empty_warehouse(tmp_path_factory):
    """A warehouse file with the app's raw tables and nothing in them."""
    folder = tmp_path_factory.mktemp("live")
    [report] = load_sources(folder / "warehouse.duckdb", folder / "pipelines", SourceConfigs(), ["app"])
    assert report.status == "not_configured", report.message
    return folder / "warehouse.duckdb"


@pytest.fixture
def loader(empty_warehouse, tmp_path):
    """A loader on a warehouse of its own; ``loader.connection`` asks it."""
    file = tmp_path / "warehouse.duckdb"
    file.write_bytes(empty_warehouse.read_bytes())
    with duckdb.connect(str(file)) as connection:
        connection.execute("set timezone = 'UTC'")
        yield LiveLoader(connection)


@pytest.fixture
def landing(tmp_path):
    """Where the collector seals."""
    return tmp_path / "landing"


def event(message_id=None, **more):
    """An event as the collector writes it."""
    return {
        "messageId": f"message-{message_id or uuid.uuid4().hex}",
        "type": "track",
        "event": "screen_viewed",
        "userId": "u1",
        "timestamp": "2026-09-30T10:00:00Z",
        "receivedAt": "2026-09-30T10:00:01Z",
        "properties": {"screen": "home", "session_id": "s1"},
        **more,
    }


def seal(landing, events, lane="normal"):
    """A sealed segment of these events (or lines); returns its path."""
    segment = Segment(landing / lane)
    lines = [one if isinstance(one, bytes) else json.dumps(one).encode() + b"\n" for one in events]
    segment.append(lines)
    return segment.seal()
