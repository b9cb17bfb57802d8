"""What an installation can set about its collector. Plain values: where they come from is the caller's
business.
"""

from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from ingestion.events import critical_events
from ingestion.tracing import Traces

# What the events of a batch share is written with each: the lines of a request may be so many times max_body.
LINES_FACTOR = 8
Scheme = Literal["calendly", "hubspot", "shopify", "stripe", "typeform"]


class HookSettings(BaseModel):
    """A product that calls us: how it signs (see `hooks.py`), and the secret that it was given."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scheme: Scheme
    secret: SecretStr


class CollectorSettings(BaseModel):
    """Sizes are bytes. ``write_keys`` maps a key to the name of the application that sends with it,
    ``clients`` an OAuth client's id to its secret.

    A collector without keys, clients and hooks would refuse everybody; ``is_open`` lets everybody in, on
    loopback only.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8090, ge=0, le=65535)
    workers: int = Field(default=1, ge=1, le=64)
    folder: Path = Path("data/landing/app")
    write_keys: dict[str, str] = {}
    clients: dict[str, SecretStr] = {}
    token_secret: SecretStr | None = None
    token_seconds: int = Field(default=3600, ge=60)
    hooks: dict[str, HookSettings] = {}
    is_open: bool = False
    traces: Traces = "off"
    public_url: str | None = None
    cors_origins: list[str] = []
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    max_body: int = Field(default=512 * 1024, ge=1024, le=1024 * 1024 - 4096)
    max_events: int = Field(default=1_000, ge=1)
    seal_seconds: float = Field(default=0.25, gt=0)
    seal_bytes: int = Field(default=64 * 1024 * 1024, ge=1024)
    queue_bytes: int = Field(default=64 * 1024 * 1024, ge=1024)
    waiting_bytes: int = Field(default=0, ge=0)  # sealed and not loaded; 0: no limit
    critical_events: frozenset[str] = Field(default_factory=critical_events)

    @model_validator(mode="after")
    def _usable(self) -> Self:
        if self.is_open and self.host not in ("127.0.0.1", "::1", "localhost"):
            raise ValueError(
                f"an open collector listens on loopback only, not on {self.host}: "
                "set write_keys, or host 127.0.0.1"
            )
        if not self.is_open and not (self.write_keys or self.clients or self.hooks):
            raise ValueError(
                "nobody may send: set write_keys, clients or hooks (or is_open, to try it on this machine)"
            )
        if self.clients and (self.token_secret is None or len(self.token_secret.get_secret_value()) < 32):
            raise ValueError(
                "clients need a token_secret of at least 32 characters, with which their tokens are signed"
            )
        if self.queue_bytes < LINES_FACTOR * self.max_body:
            raise ValueError(
                f"queue_bytes is {self.queue_bytes}: it must hold the largest request, {LINES_FACTOR} times "
                f"max_body = {LINES_FACTOR * self.max_body}"
            )
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("tls_certificate and tls_key are set together or not at all")
        return self
