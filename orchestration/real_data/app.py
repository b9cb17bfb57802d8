"""Deskdrop's interactions as app events ``content_engaged``, one JSONL file for each month.

    timestamp (s, UTC) -> timestamp   eventType -> properties.action   contentId -> properties.content_id
    personId -> userId                sessionId -> properties.session_id

The rows have no id of their own: the row's position in the file is the event's id.
"""

import csv
import gzip
import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

EVENTS = "app/deskdrop_interactions.csv.gz"
_ACTIONS = {
    "VIEW": "view",
    "LIKE": "like",
    "BOOKMARK": "bookmark",
    "COMMENT CREATED": "comment",
    "FOLLOW": "follow",
}


def write(data: Path, folder: Path) -> Path:
    """Write the JSONL files into ``folder`` and return it. ``data`` is the folder of the public data sets.

    The same input gives the same bytes, so that a second load finds nothing new.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        files: dict[str, Any] = {}
        for event in _events(data / EVENTS):
            month = event["timestamp"][:7]
            if month not in files:
                files[month] = stack.enter_context(
                    (folder / f"events-{month}.jsonl").open("w", encoding="utf-8")
                )
            files[month].write(json.dumps(event, separators=(",", ":")) + "\n")
    return folder


def _events(file: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(file, mode="rt", encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=1):
            at = datetime.fromtimestamp(int(row["timestamp"]), UTC).isoformat().replace("+00:00", "Z")
            yield {
                "messageId": f"deskdrop-{number:08d}",
                "type": "track",
                "event": "content_engaged",
                "userId": row["personId"],
                "timestamp": at,
                "properties": {
                    "content_id": row["contentId"],
                    "action": _ACTIONS[row["eventType"]],
                    "session_id": row["sessionId"],
                },
            }
