"""A load generator that costs less than what it loads: prepared requests over keep-alive sockets.

HTTP libraries for Python spend more on a request than the collector does, so a benchmark with them would
measure them.
"""

import base64
import itertools
import multiprocessing
import os
import re
import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import orjson

_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
PREPARED = 64  # different requests that are sent in turn


@dataclass
class Sent:
    """What one run of senders was answered. ``seconds`` is wall-clock time, ``latencies`` one figure for each
    request in seconds; ``refused`` counts answers that were not 200.
    """

    requests: int = 0
    refused: int = 0
    seconds: float = 0.0
    latencies: np.ndarray = field(default_factory=lambda: np.empty(0))

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the requests was answered."""
        return round(float(np.quantile(self.latencies, share)) * 1000, 1)


def event(number: int) -> dict[str, object]:
    """A track call of about 700 bytes with what Segment's library adds for a browser."""
    return {
        "messageId": f"bench-{os.getpid():08d}-{number:012d}",
        "type": "track",
        "event": "screen_viewed",
        "userId": f"u{number % 50_000:08d}",
        "anonymousId": f"edaf9b9f-d862-49ca-a{number % 1000:03d}-000000000000",
        "timestamp": "2026-11-20T10:00:00.000Z",
        "context": {
            "library": {"name": "analytics.js", "version": "4.1.2"},
            "page": {
                "path": "/models/suv",
                "referrer": "https://www.example.com/",
                "title": "SUV",
                "search": "",
            },
            "userAgent": "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/141.0 Safari/537.36",
            "locale": "de-DE",
            "timezone": "Europe/Berlin",
            "campaign": {"name": "spring", "source": "newsletter", "medium": "email"},
        },
        "integrations": {},
        "properties": {"screen": "configurator", "session_id": f"s-{number % 9973:016x}"},
    }


def request(path: str, body: bytes, key: str = "wk") -> bytes:
    """One HTTP request as bytes, authorised as Segment's libraries do it."""
    token = base64.b64encode(f"{key}:".encode()).decode()
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
        f"authorization: Basic {token}\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def singles() -> list[bytes]:
    """Prepared single posts."""
    return [request("/v1/track", orjson.dumps(event(number))) for number in range(PREPARED)]


def batches(size: int) -> list[bytes]:
    """Prepared batches of ``size`` events."""
    return [
        request("/v1/batch", orjson.dumps({"batch": [event(n * size + i) for i in range(size)]}))
        for n in range(PREPARED)
    ]


def send(port: int, requests: Sequence[bytes], connections: int, seconds: float, cores: set[int]) -> Sent:
    """Send from a process of its own, on ``cores``, for so long, each connection one request at a time."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(sender, port, list(requests), connections, seconds, cores))
    process.start()
    sent: Sent = receiver.recv()
    process.join()
    return sent


def _run(pipe, port: int, requests: list[bytes], connections: int, seconds: float, cores: set[int]) -> None:
    os.sched_setaffinity(0, cores)
    pipe.send(_load(port, requests, connections, seconds))


def _load(port: int, requests: list[bytes], connections: int, seconds: float) -> Sent:
    turn = itertools.cycle(requests)
    selector = selectors.DefaultSelector()
    begun: dict[int, float] = {}
    for _ in range(connections):
        one = socket.create_connection(("127.0.0.1", port))
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(one, selectors.EVENT_READ)
    latencies: list[float] = []
    refused, clock = 0, time.perf_counter
    started = clock()
    for key in list(selector.get_map().values()):
        begun[key.fd] = clock()
        key.fileobj.sendall(next(turn))
    while begun:
        for key, _ in selector.select():
            answer = _answer(key.fileobj)
            now = clock()
            latencies.append(now - begun.pop(key.fd))
            refused += not answer.startswith(b"HTTP/1.1 200")
            if now - started < seconds:
                begun[key.fd] = now
                key.fileobj.sendall(next(turn))
    took = clock() - started
    for key in list(selector.get_map().values()):
        key.fileobj.close()
    return Sent(len(latencies), refused, took, np.array(latencies))


def _answer(connection: socket.socket) -> bytes:
    """One whole response."""
    answer = connection.recv(65536)
    while answer:
        head = answer.find(b"\r\n\r\n")
        length = _LENGTH.search(answer[: max(head, 0)])
        if length and len(answer) >= head + 4 + int(length[1]):
            return answer
        more = connection.recv(65536)
        if not more:
            break
        answer += more
    raise ConnectionError("the server closed the connection in the middle of an answer")
