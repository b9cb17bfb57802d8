"""Webhooks: is the caller who it says it is, by the signature that its product documents, and its call as
an event.

| scheme | header | signed text | encoding |
|---|---|---|---|
| calendly | Calendly-Webhook-Signature: t=..,v1=.. | t.body | hex |
| stripe | Stripe-Signature: t=..,v1=.. | t.body | hex |
| typeform | Typeform-Signature: sha256=.. | body | base64 |
| shopify | X-Shopify-Hmac-Sha256 | body | base64 |
| hubspot | X-HubSpot-Signature-v3, X-HubSpot-Request-Timestamp (ms) | method, URL, body, time | base64 |

All are HMAC-SHA256 over the bytes as they came. Where a scheme signs a time, one that is more than five
minutes away is refused: a recorded call cannot be played again.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from ingestion.collector.settings import HookSettings

TOLERANCE = 300  # seconds, as Stripe, Calendly and HubSpot advise


class SignatureError(Exception):
    """The call was not signed by the product whose name it bears; the message names the header, never a
    secret.
    """


@dataclass(frozen=True)
class Call:
    """One HTTP call: header names in lower case, ``now`` in seconds since 1970."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    now: float


def verify(hook: HookSettings, call: Call) -> None:
    """Raises :class:`SignatureError` unless the call was signed with the hook's secret."""
    secret = hook.secret.get_secret_value().encode()
    match hook.scheme:
        case "stripe" | "calendly":
            name = "stripe-signature" if hook.scheme == "stripe" else "calendly-webhook-signature"
            fields = [part.partition("=")[::2] for part in _header(call, name).split(",")]
            stamp = next((value for key, value in fields if key.strip() == "t"), "")
            given = [
                value for key, value in fields if key.strip() == "v1"
            ]  # several while a secret is changed
            _in_time(call, stamp, 1)
            _compare(name, given, _digest(secret, stamp.encode() + b"." + call.body).hex())
        case "typeform":
            given_text = _header(call, "typeform-signature").removeprefix("sha256=")
            _compare("typeform-signature", [given_text], _base64(_digest(secret, call.body)))
        case "shopify":
            name = "x-shopify-hmac-sha256"
            _compare(name, [_header(call, name)], _base64(_digest(secret, call.body)))
        case "hubspot":
            stamp = _header(call, "x-hubspot-request-timestamp")
            _in_time(call, stamp, 1000)
            signed = call.method.encode() + call.url.encode() + call.body + stamp.encode()
            name = "x-hubspot-signature-v3"
            _compare(name, [_header(call, name)], _base64(_digest(secret, signed)))


def event(name: str, body: bytes, received_at: str) -> dict[str, Any]:
    """A call as an event; the same body again has the same message id, so a repeated delivery counts once."""
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        content = body.decode("utf-8", "replace")
    return {
        "messageId": hashlib.sha256(name.encode() + b"|" + body).hexdigest(),
        "type": "hook",
        "event": "webhook_received",
        "anonymousId": f"hook:{name}",
        "timestamp": received_at,
        "properties": {"hook": name, "body": content},
    }


def _header(call: Call, name: str) -> str:
    value = call.headers.get(name)
    if not value:
        raise SignatureError(f"the header {name} is missing")
    return value.strip()


def _in_time(call: Call, stamp: str, per_second: int) -> None:
    if not stamp.isascii() or not stamp.isdigit() or abs(call.now - int(stamp) / per_second) > TOLERANCE:
        raise SignatureError(
            f"the call was not signed within the last {TOLERANCE // 60} minutes: check the clocks"
        )


def _compare(header: str, given: list[str], expected: str) -> None:
    if not any(hmac.compare_digest(value.encode(), expected.encode()) for value in given):
        raise SignatureError(f"the signature in {header} does not fit the secret of this hook")


def _digest(secret: bytes, text: bytes) -> bytes:
    return hmac.new(secret, text, hashlib.sha256).digest()


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()
