"""The little of HTTP that the hot path needs, over plain ASGI: reading a bounded body, answering.

Starlette's routing and request objects cost more than half of what a small post costs in all (measured;
see DECISIONS.md), so the collector speaks ASGI itself.
"""

import zlib
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

import orjson

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

JSON = (b"content-type", b"application/json")
NO_STORE = (b"cache-control", b"no-store")
GZIP = 16 + zlib.MAX_WBITS


class BadRequestError(Exception):
    """The request cannot be answered as it is. ``code`` is a word for programs, the message a sentence for
    people.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class DisconnectedError(Exception):
    """The client went away before its request was complete: there is nobody to answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response with a JSON body (or ``body`` as it is, with its own content type in ``headers``)."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)

    async def send(self, send: Send, extra: Iterable[tuple[bytes, bytes]] = ()) -> None:
        """Send it; ``extra`` headers come first."""
        body = self.body if isinstance(self.body, bytes) else orjson.dumps(self.body)
        raw = [*extra, (b"content-length", b"%d" % len(body)), NO_STORE]
        if "content-type" not in self.headers:
            raw.append(JSON)
        if self.headers:
            raw += [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": raw})
        await send({"type": "http.response.body", "body": body})


def header(scope: Scope, name: bytes) -> str | None:
    """The first header of this (lower-case) name."""
    for key, value in scope["headers"]:
        if key == name:
            return str(value.decode("latin-1"))
    return None


async def read_body(scope: Scope, receive: Receive, limit: int) -> bytes:
    """The whole body, unpacked where it is gzip. Raises :class:`BadRequestError` (413, 400, 415) and
    :class:`DisconnectedError`.

    ``limit`` (bytes) holds for the body as sent and as unpacked: a small bomb unpacks to a refusal, not to
    memory.
    """
    message = await receive()
    chunks, size = [message.get("body", b"")], len(message.get("body", b""))
    while message.get("more_body"):
        message = await receive()
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > limit:
            break
    if message["type"] == "http.disconnect":
        raise DisconnectedError
    if size > limit:
        raise _too_large(limit)
    body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
    match header(scope, b"content-encoding"):
        case None | "identity":
            return body
        case "gzip":
            return _unpacked(body, limit)
        case other:
            raise BadRequestError(
                415, "encoding", f"the content encoding {other[:20]} is not known: send gzip or none"
            )


def _unpacked(body: bytes, limit: int) -> bytes:
    unpack = zlib.decompressobj(GZIP)
    try:
        text = unpack.decompress(body, limit + 1)
    except zlib.error as error:
        raise BadRequestError(400, "encoding", "the body says it is gzip and is not") from error
    if len(text) > limit:
        raise _too_large(limit)
    if not unpack.eof:
        raise BadRequestError(400, "encoding", "the gzip body is cut off")
    return text


def _too_large(limit: int) -> BadRequestError:
    return BadRequestError(
        413, "too_large", f"a request has at most {limit} bytes: send the events in several requests"
    )
