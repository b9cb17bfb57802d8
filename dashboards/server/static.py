"""Streamlit's scripts and styles, compressed once for each process instead of not at all."""

import gzip
import mimetypes
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboards.server.headers import STATIC

PREFIX = "/static/"
KINDS = (".js", ".css", ".svg")
# The names of these files carry a hash of their contents.
FOR_EVER = "public, max-age=31536000, immutable"


class PrecompressedStatic:
    """Answers for `/static/…` from memory where the browser takes gzip; everything else goes on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._packed: dict[str, bytes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the packed file, or pass the request on."""
        if (
            scope["type"] == "http"
            and scope["method"] in ("GET", "HEAD")
            and scope["path"].startswith(PREFIX)
        ):
            packed = self._file(scope["path"]) if _takes_gzip(Headers(scope=scope)) else None
            if packed is not None:
                kind = mimetypes.guess_type(scope["path"])[0] or "text/javascript"
                headers = {"content-encoding": "gzip", "vary": "accept-encoding", "cache-control": FOR_EVER}
                await Response(packed, media_type=kind, headers=headers)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _file(self, path: str) -> bytes | None:
        """The packed bytes; None for what is not a file of a kind that shrinks, or not below the folder."""
        if path not in self._packed:
            file = Path(STATIC, path.lstrip("/")).resolve()
            if file.suffix not in KINDS or not file.is_relative_to(STATIC) or not file.is_file():
                return None
            self._packed[path] = gzip.compress(file.read_bytes(), 9, mtime=0)
        return self._packed[path]


def _takes_gzip(headers: Headers) -> bool:
    return "gzip" in headers.get("accept-encoding", "")
