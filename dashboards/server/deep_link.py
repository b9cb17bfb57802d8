"""Links that survive signing in: Streamlit sends people back without the filters, and sometimes to `/`.

A page that is asked for without the cookie of a signed-in reader is remembered in a cookie; the first `/`
(or the page without its filters) with that reader goes there. Only paths of this host are followed.
"""

from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "forecourt_next"
USER_COOKIE = "_streamlit_user"
SECONDS = 600
MOST_CHARACTERS = 2000
_NO_PAGES = (
    "/_stcore",
    "/static",
    "/media",
    "/component",
    "/auth",
    "/oauth2callback",
    "/app/",
    "/api/",
    "/docs",
)


class DeepLink:
    """Remembers the page before signing in and goes there afterwards."""

    def __init__(self, app: ASGIApp, *, is_https: bool = False) -> None:
        self._app = app
        self._secure = is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Redirect to what was remembered, remember, or pass the request on."""
        if scope["type"] != "http" or scope["method"] != "GET" or not is_page(scope["path"]):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        has_user = USER_COOKIE in request.cookies
        wanted = unquote(request.cookies.get(COOKIE, ""))
        # Streamlit comes back to the page or to `/`, without the filters.
        is_back = asked in ("/", wanted.partition("?")[0]) and asked != wanted
        if has_user and is_back and is_ours(wanted):
            answer = RedirectResponse(wanted, 302)
            answer.delete_cookie(COOKIE, path="/")
            await answer(scope, receive, send)
        elif not has_user and asked != "/" and is_ours(asked):
            await self._app(scope, receive, self._remembering(send, asked))
        else:
            await self._app(scope, receive, send)

    def _remembering(self, send: Send, asked: str) -> Send:
        cookie = SimpleCookie({COOKIE: quote(asked, safe="")})
        more: dict[str, Any] = {"path": "/", "max-age": SECONDS, "httponly": True, "samesite": "Lax"}
        if self._secure:
            more["secure"] = True
        cookie[COOKIE].update(more)
        header = (b"set-cookie", cookie[COOKIE].OutputString().encode())

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", []), header]}
            await send(message)

        return send_with_cookie


def is_page(path: str) -> bool:
    """Whether a path is one of the app's pages, and not a file or a part of the machinery."""
    # Below a page Streamlit's frontend first looks for the machinery where it is not: /page/_stcore/...
    return not path.startswith(_NO_PAGES) and "/_stcore/" not in path and "." not in path.rsplit("/", 1)[-1]


def is_ours(target: str) -> bool:
    """Whether a redirect stays on this host: a path that no browser takes for another host."""
    return (
        target.startswith("/")
        and not target.startswith(("//", "/\\"))
        and len(target) < MOST_CHARACTERS
        and target.isprintable()
        and is_page(target.partition("?")[0])
    )
