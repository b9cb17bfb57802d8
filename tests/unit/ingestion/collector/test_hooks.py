"""Signatures made here by the products' documented schemes, independently of the code that checks them."""

import base64
import hashlib
import hmac
import json

import pytest

from ingestion.collector import hooks
from ingestion.collector.hooks import Call, SignatureError
from ingestion.collector.settings import HookSettings

SECRET = "whsec_of_this_test"
BODY = b'{"event":"invitee.created","payload":{"email":"a@example.com"}}'
URL = "https://events.example.com/hook/bookings"
NOW = 1_760_000_000.0


def sign(text: bytes) -> bytes:
    return hmac.new(SECRET.encode(), text, hashlib.sha256).digest()


def headers(scheme, body=BODY, at=NOW):
    stamp = str(int(at))
    b64 = base64.b64encode
    match scheme:
        case "stripe":
            return {"stripe-signature": f"t={stamp},v1={sign(stamp.encode() + b'.' + body).hex()},v0=old"}
        case "calendly":
            return {"calendly-webhook-signature": f"t={stamp},v1={sign(stamp.encode() + b'.' + body).hex()}"}
        case "typeform":
            return {"typeform-signature": "sha256=" + b64(sign(body)).decode()}
        case "shopify":
            return {"x-shopify-hmac-sha256": b64(sign(body)).decode()}
        case "hubspot":
            ms = stamp + "000"
            signed = sign(b"POST" + URL.encode() + body + ms.encode())
            return {"x-hubspot-signature-v3": b64(signed).decode(), "x-hubspot-request-timestamp": ms}
    raise AssertionError(scheme)


SCHEMES = ["stripe", "calendly", "typeform", "shopify", "hubspot"]
TIMED = ["stripe", "calendly", "hubspot"]


def verify(scheme, body=BODY, given=None, secret=SECRET, now=NOW):
    hook = HookSettings(scheme=scheme, secret=secret)
    hooks.verify(hook, Call("POST", URL, headers(scheme) if given is None else given, body, now))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_signed_call_is_taken(scheme):
    verify(scheme)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_changed_body_a_wrong_secret_and_no_signature_are_refused(scheme):
    with pytest.raises(SignatureError):
        verify(scheme, body=BODY + b" ")
    with pytest.raises(SignatureError):
        verify(scheme, secret="another")
    with pytest.raises(SignatureError, match="is missing"):
        verify(scheme, given={})


@pytest.mark.parametrize("scheme", TIMED)
def test_an_old_call_cannot_be_played_again(scheme):
    verify(scheme, now=NOW + 290)
    with pytest.raises(SignatureError, match="5 minutes"):
        verify(scheme, now=NOW + 310)
    with pytest.raises(SignatureError, match="5 minutes"):
        verify(scheme, now=NOW - 310)


def test_while_a_secret_is_changed_either_signature_will_do():
    good = headers("stripe")["stripe-signature"]
    stamp, _, rest = good.partition(",")
    verify("stripe", given={"stripe-signature": f"{stamp},v1=00ff,{rest}"})


def test_a_delivery_that_is_repeated_has_the_same_id_and_another_body_another():
    first, again, other = (hooks.event("bookings", body, "now") for body in (BODY, BODY, b"{}"))
    assert first["messageId"] == again["messageId"] != other["messageId"]
    assert first["properties"] == {"hook": "bookings", "body": json.loads(BODY)}
    assert hooks.event("bookings", b"plain", "now")["properties"]["body"] == "plain"
