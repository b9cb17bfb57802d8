"""Who may send: write keys (Basic, as Segment's libraries do), and tokens for OAuth 2 clients (client
credentials).
"""

import base64
import binascii
import hmac
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

import jwt

from ingestion.collector.settings import CollectorSettings

ALGORITHM = "HS256"
AUDIENCE = "forecourt-collector"


class AccessDeniedError(Exception):
    """The sender may not; ``code`` is OAuth's word for the reason (RFC 6749 section 5.2, RFC 6750 section
    3.1).
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Access:
    """Knows keys and clients. Everything is compared in constant time."""

    def __init__(self, settings: CollectorSettings) -> None:
        self._settings = settings
        self._known: dict[bytes, str] = {}
        for key, app in settings.write_keys.items():
            for password in ("", key):  # the key stands as the user, with no password or with itself
                self._known[base64.b64encode(f"{key}:{password}".encode())] = app

    def sender(self, authorization: str | None, write_key: str | None = None) -> str:
        """The name of the application or client that sends. Raises :class:`AccessDeniedError`.

        ``write_key`` is one that stands in the query or the body, for senders that cannot set a header.
        """
        scheme, _, value = (authorization or "").partition(" ")
        match scheme.lower():
            case "basic":
                app = self._known.get(value.strip().encode())
                if app is None:
                    raise AccessDeniedError("invalid_client", "this write key is not known")
                return app
            case "bearer":
                return self._client_of(value.strip())
        if write_key is not None:
            app = self._settings.write_keys.get(write_key)
            if app is None:
                raise AccessDeniedError("invalid_client", "this write key is not known")
            return app
        if self._settings.is_open:
            return "anybody"
        raise AccessDeniedError(
            "invalid_request", "say who you are: a write key as the user of Basic, or a Bearer token"
        )

    def token(self, authorization: str | None, body: bytes) -> dict[str, Any]:
        """The answer to a token request of the client credentials grant (RFC 6749 section 4.4). Raises
        :class:`AccessDeniedError`.
        """
        form = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
        if form.get("grant_type") != "client_credentials":
            raise AccessDeniedError("unsupported_grant_type", "grant_type must be client_credentials")
        client, secret = _credentials(authorization, form)
        known = self._settings.clients.get(client)
        expected = known.get_secret_value() if known else ""
        if not hmac.compare_digest(expected.encode(), secret.encode()) or known is None:
            raise AccessDeniedError("invalid_client", "client id and secret do not fit")
        now = int(time.time())
        claims = {"sub": client, "aud": AUDIENCE, "iat": now, "exp": now + self._settings.token_seconds}
        signed = jwt.encode(claims, self._secret(), ALGORITHM)
        return {"access_token": signed, "token_type": "Bearer", "expires_in": self._settings.token_seconds}

    def _client_of(self, token: str) -> str:
        if self._settings.token_secret is None:
            raise AccessDeniedError("invalid_token", "this collector gives no tokens")
        try:
            claims = jwt.decode(
                token, self._secret(), [ALGORITHM], audience=AUDIENCE, options={"require": ["exp", "sub"]}
            )
        except jwt.ExpiredSignatureError as error:
            raise AccessDeniedError("invalid_token", "the token has expired: ask for a new one") from error
        except jwt.InvalidTokenError as error:
            raise AccessDeniedError("invalid_token", "the token is not one of this collector") from error
        if claims["sub"] not in self._settings.clients:  # a client that was removed is out at once
            raise AccessDeniedError("invalid_token", "the client of this token is not known any more")
        return str(claims["sub"])

    def _secret(self) -> str:
        secret = self._settings.token_secret
        return secret.get_secret_value() if secret else ""


def _credentials(authorization: str | None, form: Mapping[str, str]) -> tuple[str, str]:
    scheme, _, value = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        client, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise AccessDeniedError("invalid_client", "the Authorization header is not Basic") from error
    return client, secret
