"""What an event looks like at the door: bodies in, log lines out, with the reason for each event that
breaks its contract.

Every event becomes a line of the log, also a refused one: the loader refuses it by the same contract and
keeps its bytes in the rejected store. The answer to the sender says so at once.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from ingestion.collector.log import Lane
from ingestion.contracts import Reason, event_contract

CALLS = ("track", "identify", "page", "screen", "group", "alias")
LINE = orjson.OPT_APPEND_NEWLINE
SECRET_FIELDS = ("writeKey",)  # a credential has no place in the data


@dataclass(frozen=True, slots=True)
class Refusal:
    """An event that breaks its contract: its place in the request, counted from 0, and why."""

    index: int
    reason: Reason


@dataclass(slots=True)
class Intake:
    """A request as log lines by lane, in the order of the request."""

    lines: dict[Lane, list[bytes]] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    count: int = 0

    @property
    def accepted(self) -> int:
        """Events that keep their contract."""
        return self.count - len(self.refused)


class Doorkeeper:
    """Checks events by their contracts. ``received_at`` is RFC 3339, UTC; ``key`` a client's idempotency
    key.
    """

    def __init__(self, critical: frozenset[str], max_events: int) -> None:
        self.critical = critical
        self.max_events = max_events

    def call(self, kind: str, body: bytes, received_at: str, key: str | None = None) -> Intake:
        """One event, posted to ``/v1/<kind>``."""
        event = _decode(body)
        if not isinstance(event, dict):
            return _unreadable(body, event)
        return self.take([event | {"type": kind}], received_at, key)

    def batch(self, body: bytes, received_at: str, key: str | None = None) -> Intake:
        """Many events: ``{"batch": [...]}``, with a ``context`` and ``sentAt`` that hold for all of them."""
        request = _decode(body)
        if not isinstance(request, dict) or not isinstance(request.get("batch"), list):
            problem = (
                request
                if isinstance(request, Reason)
                else Reason("type", "/batch", "/batch: must be a list of events")
            )
            return _unreadable(body, problem)
        shared = {name: request[name] for name in ("context", "sentAt") if request.get(name) is not None}
        events = request["batch"]
        if shared:
            events = [shared | event if isinstance(event, dict) else event for event in events]
        return self.take(events, received_at, key)

    def take(self, events: Sequence[Any], received_at: str, key: str | None = None) -> Intake:
        """Events that are decoded already, each as a log line.

        Raises ``TooManyEventsError`` where there are more than ``max_events``.
        """
        if len(events) > self.max_events:
            raise TooManyEventsError(self.max_events)
        intake = Intake(count=len(events))
        normal: list[bytes] = []
        urgent: list[bytes] = []
        dumps, critical, refuse, option = orjson.dumps, self.critical, intake.refused.append, LINE
        for index, event in enumerate(events):  # a third of what an event costs: no call that can be spared
            if type(event) is not dict:
                refuse(Refusal(index, _not_an_object("event", event)))
                normal.append(dumps(event, option=option))
                continue
            complete(event, received_at, key and f"{key}:{index}")
            contract = event_contract(event)
            if isinstance(contract, Reason):
                refuse(Refusal(index, contract))
            elif not contract.accepts(event) and (reason := contract.refusal(event)):
                refuse(Refusal(index, reason))
            lane = urgent if event.get("event") in critical else normal
            lane.append(dumps(event, option=option))
        if normal:
            intake.lines["normal"] = normal
        if urgent:
            intake.lines["critical"] = urgent
        return intake


class TooManyEventsError(ValueError):
    """A batch with more events than a request may have."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"a request has at most {limit} events: send the rest in another one")


def complete(event: dict[str, Any], received_at: str, key: str | None) -> None:
    """Add what a sender may leave out, as Segment's tracking API does.

    A message id is made from the idempotency key where there is one, so that the same request again gives
    the same ids.
    """
    for name in SECRET_FIELDS:
        event.pop(name, None)
    if not event.get("messageId"):
        event["messageId"] = str(uuid.uuid5(uuid.NAMESPACE_OID, key) if key else uuid.uuid4())
    if event.get("type") != "track" and event.get("event") is None:
        event["event"] = event.get("type")  # identify, page ...: each is an event with a contract of its own
    if event.get("timestamp") is None:
        event["timestamp"] = event.get("originalTimestamp") or received_at
    if event.get("properties") is None:
        event["properties"] = {}
    event["receivedAt"] = received_at


def _decode(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as problem:
        return Reason("json", "", f"the body is not valid JSON: {problem}")


def _unreadable(body: bytes, problem: Any) -> Intake:
    """A body that holds no events is kept as one line; a newline in it would make two of it."""
    if not isinstance(problem, Reason):
        problem = _not_an_object("body", problem)
    line = body.replace(b"\r", b" ").replace(b"\n", b" ") + b"\n"
    return Intake({"normal": [line]} if line.strip() else {}, [Refusal(0, problem)], 1)


def _not_an_object(what: str, found: Any) -> Reason:
    return Reason("type", "", f"the {what} is not an object but {type(found).__name__}")
