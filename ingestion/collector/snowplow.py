"""Snowplow's tracker protocol (``tp2``): its payloads as events of the same shape as everybody's.

Fields by Snowplow's documentation of the tracker protocol: ``e`` event type, ``eid`` event id,
``dtm``/``ttm`` device and true time in milliseconds, ``uid`` user, ``duid``/``nuid`` device,
``ue_pr``/``ue_px`` a self-describing event as JSON or base64url, ``cx``/``co`` contexts likewise. What the
mapping does not name stays in ``context.snowplow``.
"""

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

PAYLOAD_SCHEMA = "iglu:com.snowplowanalytics.snowplow/payload_data/"
# What the event types that describe themselves by fields are called here, and the fields that become
# properties.
FIELD_EVENTS: dict[str, tuple[str, str, dict[str, str]]] = {
    "pv": ("page", "page", {"url": "url", "page": "title", "refr": "referrer"}),
    "pp": ("page", "page", {"url": "url", "page": "title", "refr": "referrer"}),
    "se": (
        "track",
        "structured_event",
        {"se_ca": "category", "se_ac": "action", "se_la": "label", "se_pr": "property", "se_va": "value"},
    ),
}
MAPPED = {"e", "eid", "uid", "duid", "nuid", "dtm", "ttm", "ue_pr", "ue_px", "co", "cx"}


def events(body: bytes) -> list[Any] | None:
    """The events of a ``tp2`` request; ``None`` where it is none."""
    try:
        request = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(request, dict) or not str(request.get("schema", "")).startswith(PAYLOAD_SCHEMA):
        return None
    data = request.get("data")
    return [event(item) for item in data] if isinstance(data, list) else None


def event(payload: Any) -> Any:
    """One payload as an event; what is no payload comes back as it is, to be refused."""
    if not isinstance(payload, Mapping):
        return payload
    kind, name, version, properties = _described(payload)
    rest = {key: value for key, value in payload.items() if key not in MAPPED}
    contexts = _json_of(payload, "co", "cx")
    stated = {"schemaVersion": version} if version else {}
    mapped = {
        "type": kind,
        "event": name,
        "messageId": payload.get("eid"),
        "userId": payload.get("uid"),
        "anonymousId": payload.get("duid") or payload.get("nuid"),
        "timestamp": _instant(payload.get("ttm") or payload.get("dtm")),
        "context": stated | {"snowplow": rest | ({"contexts": contexts} if contexts is not None else {})},
        "properties": properties,
    }
    return {key: value for key, value in mapped.items() if value is not None}


def _described(payload: Mapping[str, Any]) -> tuple[str, str, str | None, dict[str, Any]]:
    """Call, event name, version of its schema, and properties."""
    kind = str(payload.get("e"))
    if kind in FIELD_EVENTS:
        call, name, fields = FIELD_EVENTS[kind]
        return (
            call,
            name,
            None,
            {ours: payload[theirs] for theirs, ours in fields.items() if theirs in payload},
        )
    outer = _json_of(payload, "ue_pr", "ue_px")
    inner = outer.get("data") if isinstance(outer, dict) else None
    if isinstance(inner, dict) and isinstance(inner.get("data"), dict):
        # iglu:<vendor>/<name>/jsonschema/<version>
        parts = str(inner.get("schema", "")).split("/")
        name, version = (parts[1], parts[3]) if len(parts) == 4 else (parts[0], None)
        return "track", name, version, inner["data"]
    return "track", f"snowplow_{kind}", None, {}


def _json_of(payload: Mapping[str, Any], plain: str, encoded: str) -> Any:
    try:
        if plain in payload:
            return orjson.loads(payload[plain])
        if encoded in payload:
            text = str(payload[encoded])
            return orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (orjson.JSONDecodeError, binascii.Error, ValueError, TypeError):
        return None
    return None


def _instant(milliseconds: Any) -> str | None:
    try:
        moment = datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
