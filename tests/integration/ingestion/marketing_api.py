"""A marketing API on loopback, with real HTTP and the manners of real ones: it pages, throttles, fails,
cuts off, forgets tokens.
"""

import json
import threading
from collections.abc import Callable
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

Fault = Callable[["Handler"], bool]
"""Called before an answer; True where it has answered (or broken off) itself."""


class MarketingApi:
    """Objects by entity; ``faults`` happen one after the other, one for each request, before requests are
    answered.
    """

    def __init__(self):
        self.objects: dict[str, list] = {}
        self.faults: list[Fault] = []
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.tokens: set[str] = set()
        self.token_requests = 0
        self.page_size = 3
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.api = self
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def config(self, **more):
        return {
            "url": self.url + "/v1",
            "token_url": self.url + "/token",
            "client_id": "forecourt",
            "client_secret": "s3cret",
            "retries": 4,
            "backoff": 0,
        } | more


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    @property
    def api(self) -> MarketingApi:
        return self.server.api

    def do_POST(self):
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if form["client_secret"] != ["s3cret"]:
            return self.answer(401, {"error": "invalid_client"})
        with self.api.lock:
            self.api.token_requests += 1
            token = f"token-{self.api.token_requests}"
            self.api.tokens.add(token)
        return self.answer(200, {"access_token": token, "token_type": "Bearer", "expires_in": 3600})

    def do_GET(self):
        address = urlparse(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        entity = address.path.removeprefix("/v1/")
        with self.api.lock:
            self.api.requests.append((entity, query))
            fault = self.api.faults.pop(0) if self.api.faults else None
        if fault is not None and fault(self):
            return None
        if self.headers.get("Authorization", "").removeprefix("Bearer ") not in self.api.tokens:
            return self.answer(401, {"error": "invalid_token"})
        return self.answer(200, self.page(entity, query))

    def page(self, entity, query):
        since = query.get("updated_since", "")
        objects = [
            item
            for item in self.api.objects.get(entity, [])
            if not isinstance(item, dict) or item["updated_at"] >= since
        ]
        start = int(query.get("cursor", 0))
        end = start + self.api.page_size
        more = end < len(objects)
        return {
            "object": "list",
            "data": objects[start:end],
            "has_more": more,
            "next_cursor": str(end) if more else None,
        }

    def answer(self, status, body, **headers):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)
        return True


def throttled(handler):
    return handler.answer(429, {"error": "slow down"}, Retry_After="0")


def broken(handler):
    return handler.answer(502, b"<html>Bad gateway</html>")


def cut_off(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"data": [{"campaign_id"')
    handler.close_connection = True
    return True


def no_json(handler):
    return handler.answer(200, b"<html>Please sign in</html>")


def forgotten(handler):
    """Every token that was given is taken back."""
    handler.api.tokens.clear()
    return False


@contextmanager
def marketing_api():
    """A running API."""
    api = MarketingApi()
    thread = threading.Thread(target=api.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield api
    finally:
        api.server.shutdown()
        api.server.server_close()
        thread.join()
