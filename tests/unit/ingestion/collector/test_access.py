import base64

import jwt
import pytest
from pydantic import ValidationError

from ingestion.collector.access import Access, AccessDeniedError
from ingestion.collector.settings import CollectorSettings

TOKEN_SECRET = "a secret of thirty-two characters and more"
SETTINGS = CollectorSettings(
    write_keys={"wk_app": "mycar"}, clients={"portal": "s3cret"}, token_secret=TOKEN_SECRET
)


def basic(user, password=""):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.fixture
def access():
    return Access(SETTINGS)


def token_of(access, now=None):
    form = b"grant_type=client_credentials&client_id=portal&client_secret=s3cret"
    return access.token(None, form)["access_token"]


def test_a_write_key_is_known_by_header_or_by_itself(access):
    assert access.sender(basic("wk_app")) == "mycar"
    assert access.sender(None, "wk_app") == "mycar"
    for authorization, key in (
        (basic("wk_other"), None),
        (None, "wk_other"),
        (None, None),
        ("Digest x", None),
    ):
        with pytest.raises(AccessDeniedError):
            access.sender(authorization, key)


def test_a_client_gets_a_token_and_sends_with_it(access):
    answer = access.token(basic("portal", "s3cret"), b"grant_type=client_credentials")
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 3600)
    assert access.sender("Bearer " + answer["access_token"]) == "portal"
    assert access.sender("Bearer " + token_of(access)) == "portal"


@pytest.mark.parametrize(
    ("authorization", "body", "code"),
    [
        (basic("portal", "wrong"), b"grant_type=client_credentials", "invalid_client"),
        (basic("nobody", ""), b"grant_type=client_credentials", "invalid_client"),
        (None, b"grant_type=client_credentials", "invalid_client"),
        (basic("portal", "s3cret"), b"grant_type=password", "unsupported_grant_type"),
        ("Basic ???", b"grant_type=client_credentials", "invalid_client"),
    ],
)
def test_no_token_without_the_secret(access, authorization, body, code):
    with pytest.raises(AccessDeniedError) as denied:
        access.token(authorization, body)
    assert denied.value.code == code


def test_tokens_that_are_old_foreign_unsigned_or_of_a_removed_client_are_refused(access):
    claims = jwt.decode(token_of(access), options={"verify_signature": False})
    without = Access(SETTINGS.model_copy(update={"clients": {}}))
    with pytest.raises(AccessDeniedError, match="not known any more"):
        without.sender("Bearer " + token_of(access))
    for bad in (
        jwt.encode(claims | {"exp": 1}, TOKEN_SECRET, "HS256"),
        jwt.encode(claims, "another secret of thirty-two characters", "HS256"),
        jwt.encode(claims | {"aud": "elsewhere"}, TOKEN_SECRET, "HS256"),
        jwt.encode(claims, None, "none"),
        "nonsense",
    ):
        with pytest.raises(AccessDeniedError) as denied:
            access.sender("Bearer " + bad)
        assert denied.value.code == "invalid_token"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "nobody may send"),
        ({"is_open": True, "host": "0.0.0.0"}, "loopback only"),
        ({"clients": {"a": "b"}}, "token_secret of at least 32"),
        ({"write_keys": {"k": "a"}, "tls_key": "x"}, "set together"),
    ],
)
def test_settings_that_would_leave_the_door_open_or_shut_are_refused(values, said):
    with pytest.raises(ValidationError, match=said):
        CollectorSettings(**values)


def test_the_queue_must_hold_the_largest_request():
    with pytest.raises(ValueError, match="queue_bytes is 4000000: it must hold the largest request"):
        CollectorSettings(is_open=True, queue_bytes=4_000_000)
