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
from ingestion.contracts import Reason, encoding_refusal, event_contract

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
    """A request as log lines, in its order. All go into one lane, so that they are written together or not
    at all: the critical one where any of its events is critical.
    """

    lines: list[bytes] = field(default_factory=list)
    lane: Lane = "normal"
    refused: list[Refusal] = field(default_factory=list)
    count: int = 0

    @property
    def accepted(self) -> int:
        """Events that keep their contract."""
        return self.count - len(self.refused)


class Doorkeeper:
    """Checks events by their contracts. ``received_at`` is RFC 3339, UTC; ``key`` what tells a request from
    all others, of this client and of others. ``max_bytes`` bounds the lines of one request.
    """

    def __init__(self, critical: frozenset[str], max_events: int, max_bytes: int) -> None:
        self.critical = critical
        self.max_events, self.max_bytes = max_events, max_bytes

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

        Raises :class:`TooMuchError` where there are more than ``max_events``, or ``max_bytes`` of lines.
        """
        if len(events) > self.max_events:
            raise TooMuchError(
                f"a request has at most {self.max_events} events: send the rest in another one"
            )
        intake = Intake(count=len(events))
        size = 0
        dumps, critical, keep, option = orjson.dumps, self.critical, intake.lines.append, LINE
        for index, event in enumerate(events):  # a third of what an event costs: no call that can be spared
            reason: Reason | None = None
            if type(event) is dict:
                complete(event, received_at, key and f"{key}|{index}")
                contract = event_contract(event)
                if isinstance(contract, Reason):
                    reason = contract
                else:
                    if contract.name in critical:
                        intake.lane = "critical"
                    if not contract.accepts(event):
                        reason = contract.refusal(event)
            else:
                reason = _not_an_object("event", event)
            try:
                line = dumps(event, option=option)
            except TypeError:  # nested more deeply than orjson writes
                line = _deep_line(event)
                reason = reason or encoding_refusal(event)
            if reason:
                intake.refused.append(Refusal(index, reason))
            size += len(line)
            if size > self.max_bytes:
                raise TooMuchError(
                    f"with what they share, the events of a request have at most {self.max_bytes} bytes: "
                    "send them in several requests"
                )
            keep(line)
        return intake


class TooMuchError(ValueError):
    """More events than a request may have, or more bytes."""


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
    return Intake([line] if line.strip() else [], refused=[Refusal(0, problem)], count=1)


def _deep_line(event: Any) -> bytes:
    """An event as a line, however deeply it is nested; without recursion, which ends earlier than JSON."""
    parts: list[bytes] = []
    todo: list[Any] = [event]  # bytes are written as they are: decoded JSON holds none
    while todo:
        item = todo.pop()
        if isinstance(item, bytes):
            parts.append(item)
        elif isinstance(item, dict):
            inner = [part for key, value in item.items() for part in (b",", orjson.dumps(key), b":", value)]
            todo += [b"}", *reversed(inner[1:]), b"{"]
        elif isinstance(item, list):
            inner = [part for value in item for part in (b",", value)]
            todo += [b"]", *reversed(inner[1:]), b"["]
        else:
            parts.append(orjson.dumps(item))
    return b"".join(parts) + b"\n"


def _not_an_object(what: str, found: Any) -> Reason:
    return Reason("type", "", f"the {what} is not an object but {type(found).__name__}")
