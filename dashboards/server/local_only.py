"""Without configured sign-in the app answers this machine only, and only under its local names."""

import ipaddress

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

# A page elsewhere could otherwise point a name of its own at 127.0.0.1 and read what its visitor may see.
NAMES = ("localhost", "127.0.0.1", "[::1]")
SAID = (
    "Forecourt answers this machine only while sign-in is not configured: set sign_in in forecourt.toml "
    "(see forecourt.example.toml).\n"
)


class LocalOnly:
    """Refuses requests from other machines or under other names."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes from here; 403 for the rest (a refused WebSocket is closed)."""
        if scope["type"] not in ("http", "websocket") or _is_local(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "not from this machine"})
        else:
            await PlainTextResponse(SAID, 403)(scope, receive, send)


def _is_local(scope: Scope) -> bool:
    host = Headers(scope=scope).get("host", "")
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    client = scope.get("client")
    return name in NAMES and (client is None or _is_loopback(client[0]))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:  # a test client or a Unix socket has a name and no address
        return True
