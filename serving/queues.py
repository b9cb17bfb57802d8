"""What waits at a dealer and should not: the rows of `srv_dealer_queue`."""

from dataclasses import dataclass
from datetime import date

from serving.rows import rows
from serving.store import Snapshot

QUEUES = ("lead_unanswered", "quote_unanswered", "delivery_late", "complaint_open")


@dataclass(frozen=True)
class Queue:
    """One queue of one dealer: how many wait, and since which day the oldest does; 0 and None when empty."""

    queue: str
    waiting_cnt: int
    oldest_on: date | None


def queues(snapshot: Snapshot, dealer_id: str) -> list[Queue]:
    """Every queue of a dealer in a fixed order, the empty ones too."""
    found = {
        row.queue: row
        for row in rows(
            snapshot,
            Queue,
            "SELECT queue, waiting_cnt, oldest_on FROM serving.srv_dealer_queue WHERE dealer_id = $dealer",
            {"dealer": dealer_id},
        )
    }
    return [found.get(queue, Queue(queue, 0, None)) for queue in QUEUES]
