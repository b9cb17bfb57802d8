"""The collector as an ASGI application.

::

    POST /v1/track identify page screen group alias   one event, Segment's shape
    POST /v1/batch  /v1/import                        many
    POST /com.snowplowanalytics.snowplow/tp2, GET /i  Snowplow's trackers; their app id is their key
    POST /hook/<name>                                 a product's webhook, by its signature
    POST /oauth/token                                 client credentials -> Bearer token
    GET  /health /ready /metrics

200 means that every event of the request is on disk, also those that were refused (the answer names them).
Errors have the shape ``{"success": false, "code": ..., "message": ...}``. 429 and 503 carry Retry-After:
the sender still has the events.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import orjson

from ingestion.collector import hooks, snowplow
from ingestion.collector.access import Access, AccessDeniedError
from ingestion.collector.events import CALLS, Doorkeeper, Intake, TooMuchError
from ingestion.collector.http import (
    Answer,
    BadRequestError,
    DisconnectedError,
    Receive,
    Scope,
    Send,
    header,
    read_body,
)
from ingestion.collector.log import EventLog, LogFullError, LogLimits
from ingestion.collector.monitor import Metrics, trouble
from ingestion.collector.settings import LINES_FACTOR, CollectorSettings

if TYPE_CHECKING:
    from ingestion.collector.traces import CollectorTraces

Handler = Callable[[Scope, bytes], Awaitable[Answer]]
TP2 = "/com.snowplowanalytics.snowplow/tp2"
CORS_HEADERS = "authorization, content-type, content-encoding, idempotency-key"
OPENMETRICS = {"content-type": "text/plain; version=0.0.4; charset=utf-8"}


class Collector:
    """One process's application. The log opens with the ASGI lifespan and is sealed at its end."""

    def __init__(self, settings: CollectorSettings) -> None:
        self.settings = settings
        self.metrics = Metrics()
        limits = LogLimits(
            settings.seal_seconds,
            settings.seal_bytes,
            settings.queue_bytes,
            waiting_bytes=settings.waiting_bytes,
        )
        self.traces = _traces(settings)
        watchers = [self.metrics, self.traces] if self.traces else [self.metrics]
        self.log = EventLog(settings.folder, limits, watchers)
        self.doorkeeper = Doorkeeper(
            settings.critical_events, settings.max_events, LINES_FACTOR * settings.max_body
        )
        self.access = Access(settings)
        self._posts: dict[str, tuple[str, Handler]] = {
            **{f"/v1/{kind}": (kind, self._call) for kind in CALLS},
            "/v1/batch": ("batch", self._batch),
            "/v1/import": ("batch", self._batch),
            TP2: ("snowplow", self._snowplow),
            "/oauth/token": ("token", self._token),
            **{f"/hook/{name}": ("hook", self._hook) for name in settings.hooks},
        }
        self._gets: dict[str, tuple[str, Handler]] = {
            "/i": ("snowplow", self._pixel),
            "/health": ("health", self._health),
            "/ready": ("ready", self._ready),
            "/metrics": ("metrics", self._metrics),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or the lifespan."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http" and self.traces:
            kind, _ = self._handler(scope)
            await self.traces.request(self._request, kind, scope, receive, send)
        elif scope["type"] == "http":
            await self._request(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            self.log.start()
        except OSError as error:
            where = f"the event log in {self.settings.folder} cannot be opened"
            await send({"type": "lifespan.startup.failed", "message": f"{where}: {error.strerror}"})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.log.stop()
        if self.traces:
            self.traces.close()
        await send({"type": "lifespan.shutdown.complete"})

    def _handler(self, scope: Scope) -> tuple[str, Handler | None]:
        """What kind of request this is, and who answers it."""
        method = scope["method"]
        table = self._posts if method == "POST" else self._gets if method in ("GET", "HEAD") else {}
        return table.get(scope["path"], ("other", None))

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        method, path = scope["method"], scope["path"]
        kind, handler = self._handler(scope)
        if method == "OPTIONS" and (path in self._posts or path in self._gets):
            await self._preflight(scope).send(send)
            return
        try:
            if handler is None:
                answer = self._unknown(path)
            else:
                body = await read_body(scope, receive, self.settings.max_body) if method == "POST" else b""
                answer = await handler(scope, body)
        except DisconnectedError:
            return
        except Exception as problem:
            answer = _refusal(problem)
        self.metrics.answered(kind, answer.status).inc()
        await answer.send(send, self._cors(scope))

    async def _call(self, scope: Scope, body: bytes) -> Answer:
        app = self._sender(scope, body)
        kind = scope["path"].rpartition("/")[2]
        return await self._keep(app, self.doorkeeper.call(kind, body, _now(), _request_key(app, scope)))

    async def _batch(self, scope: Scope, body: bytes) -> Answer:
        app = self._sender(scope, body)
        return await self._keep(app, self.doorkeeper.batch(body, _now(), _request_key(app, scope)))

    async def _snowplow(self, scope: Scope, body: bytes) -> Answer:
        events = snowplow.events(body)
        if events is None:
            raise BadRequestError(400, "json", "the body is not a payload of Snowplow's tracker protocol")
        return await self._tracked(scope, events)

    async def _pixel(self, scope: Scope, body: bytes) -> Answer:
        payload = {
            name: values[0] for name, values in parse_qs(scope["query_string"].decode("latin-1")).items()
        }
        return await self._tracked(scope, [snowplow.event(payload)])

    async def _tracked(self, scope: Scope, events: list[Any]) -> Answer:
        """Events of a Snowplow tracker: it knows no keys, so its application id stands for one."""
        first = events[0] if events and isinstance(events[0], dict) else {}
        app_id = str(first.get("context", {}).get("snowplow", {}).get("aid", ""))
        app = self.access.sender(header(scope, b"authorization"), app_id or None)
        return await self._keep(app, self.doorkeeper.take(events, _now()))

    async def _hook(self, scope: Scope, body: bytes) -> Answer:
        name = scope["path"].rpartition("/")[2]
        headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
        query = "?" + scope["query_string"].decode("latin-1") if scope["query_string"] else ""
        base = self.settings.public_url or f"{scope['scheme']}://{headers.get('host', '')}"
        call = hooks.Call("POST", base.rstrip("/") + scope["path"] + query, headers, body, time.time())
        hooks.verify(self.settings.hooks[name], call)
        return await self._keep(
            f"hook:{name}", self.doorkeeper.take([hooks.event(name, body, _now())], _now())
        )

    async def _token(self, scope: Scope, body: bytes) -> Answer:
        return Answer(200, self.access.token(header(scope, b"authorization"), body))

    async def _health(self, scope: Scope, body: bytes) -> Answer:
        return Answer(200, {"status": "up"})

    async def _ready(self, scope: Scope, body: bytes) -> Answer:
        problem = await asyncio.to_thread(trouble, self.log)
        return (
            Answer(503, {"status": "not ready", "message": problem})
            if problem
            else Answer(200, {"status": "ready"})
        )

    async def _metrics(self, scope: Scope, body: bytes) -> Answer:
        return Answer(200, await asyncio.to_thread(self.metrics.page, self.log), OPENMETRICS)

    def _sender(self, scope: Scope, body: bytes) -> str:
        """Who sends; a browser that cannot set headers has its key in the body."""
        authorization = header(scope, b"authorization")
        write_key = None
        if authorization is None and b'"writeKey"' in body:
            try:
                request = orjson.loads(body)
            except orjson.JSONDecodeError:
                request = None
            write_key = str(request.get("writeKey")) if isinstance(request, dict) else None
        return self.access.sender(authorization, write_key)

    async def _keep(self, app: str, intake: Intake) -> Answer:
        """Put the lines on disk, all at once, and answer."""
        if intake.lines:
            segment = await self.log.append(intake.lines, intake.lane)
            if self.traces:
                self.traces.kept(segment, intake.lane, len(intake.lines))
        self.metrics.taken(app, "accepted").inc(intake.accepted)
        if not intake.refused:
            return Answer(200, {"success": True, "accepted": intake.accepted, "rejected": []})
        self.metrics.taken(app, "rejected").inc(len(intake.refused))
        rejected = [
            {
                "index": item.index,
                "code": item.reason.code,
                "path": item.reason.path,
                "message": item.reason.sentence,
            }
            for item in intake.refused
        ]
        if intake.accepted == 0 and rejected[0]["code"] == "json":
            return Answer(400, {"success": False, "code": "json", "message": rejected[0]["message"]})
        return Answer(200, {"success": True, "accepted": intake.accepted, "rejected": rejected})

    def _unknown(self, path: str) -> Answer:
        if path in self._posts or path in self._gets:
            allowed = "POST, OPTIONS" if path in self._posts else "GET, OPTIONS"
            return _error(405, "method", f"this address takes {allowed}", {"allow": allowed})
        return _error(404, "address", "there is nothing at this address")

    def _cors(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        """What lets pages of the configured origins read the answer."""
        if not self.settings.cors_origins:
            return []
        origin = header(scope, b"origin")
        if origin is None or not {origin, "*"} & set(self.settings.cors_origins):
            return []
        return [(b"access-control-allow-origin", origin.encode("latin-1")), (b"vary", b"origin")]

    def _preflight(self, scope: Scope) -> Answer:
        allowed = dict(self._cors(scope))
        if not allowed:
            return Answer(204, b"")
        return Answer(
            204,
            b"",
            {
                "access-control-allow-origin": allowed[b"access-control-allow-origin"].decode("latin-1"),
                "access-control-allow-methods": "POST, GET, OPTIONS",
                "access-control-allow-headers": CORS_HEADERS,
                "access-control-max-age": "86400",
                "vary": "origin",
            },
        )


def _request_key(app: str, scope: Scope) -> str | None:
    """What tells a request with an idempotency key from all others: two senders may use the same key."""
    key = header(scope, b"idempotency-key")
    return f"{app}|{scope['path']}|{key}" if key else None


def _traces(settings: CollectorSettings) -> "CollectorTraces | None":
    if settings.traces == "off":
        return None
    from ingestion.collector.traces import CollectorTraces

    return CollectorTraces(settings.traces)


def _refusal(problem: Exception) -> Answer:
    match problem:
        case BadRequestError():
            return _error(problem.status, problem.code, str(problem))
        case TooMuchError():
            return _error(413, "too_large", str(problem))
        case AccessDeniedError():
            return _error(
                401, problem.code, str(problem), {"www-authenticate": 'Basic realm="collector", Bearer'}
            )
        case hooks.SignatureError():
            return _error(401, "signature", str(problem))
        case LogFullError():
            status = 429 if problem.is_busy else 503
            return _error(status, "busy", str(problem), {"retry-after": str(problem.retry_after)})
    raise problem


def _error(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, {"success": False, "code": code, "message": message}, headers or {})


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
