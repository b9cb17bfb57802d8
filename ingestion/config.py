"""Where each source system is: one typed object, given by whoever starts a load.

Belongs here: the addresses of the sources, checked as far as can be without opening them.
Does not belong here: reading environment variables or files (orchestration does), and heavy imports.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

SOURCE_NAMES = ("crm", "service", "app", "marketing", "market")


class ApiConfig(BaseModel):
    """A REST API: its address, and who asks: an OAuth 2 client (``token_url``) or a fixed ``key``.

    ``retries`` is how often a request is made at most; ``backoff`` the first pause in seconds, doubled
    each time.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(pattern="^https?://")
    token_url: str | None = Field(default=None, pattern="^https?://")
    client_id: str | None = None
    client_secret: SecretStr | None = None
    key: SecretStr | None = None
    retries: int = Field(default=6, ge=1)
    backoff: float = Field(default=1.0, ge=0)


class DropConfig(BaseModel):
    """A drop of files on a server: an address that fsspec knows, and its options (user, key, ...).

    A file younger than ``settle_seconds`` may still be on its way up and waits.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(pattern="^[a-z0-9+]+://")
    options: dict[str, Any] = {}
    settle_seconds: float = Field(default=30, ge=0)


class SourceConfigs(BaseModel):
    """Addresses of the five sources; ``None`` means not configured: that source's tables exist, empty.

    ``crm_url`` and ``service_url`` are SQLAlchemy URLs (``sqlite:///crm.sqlite``,
    ``postgresql+psycopg://user@host/db``). ``app_files`` is a folder of JSONL files, ``marketing_files`` a
    folder with one folder of JSON pages for each entity, ``market_files`` a CSV or Parquet file or folder of
    them, ``market_mapping`` the name of the mapping in ``ingestion/sources/market/mappings`` that fits them.
    ``marketing_api`` is the marketing tool's REST API, in place of its files.
    ``drops`` are servers from which files are brought into ``drops_dir`` first, by source.
    ``commit_lag`` is how long a transaction in a database may take until its rows can be seen: loads read
    that much again. ``sweep_every`` is how often the keys of databases are compared, to find rows that were
    deleted there; ``accept_deletions`` believes that many of them are (see `ingestion.sweep`).
    ``app_segments`` is false where somebody else (`ingestion.live`) takes in what the collector seals.
    In text: seconds or ISO 8601 (``PT1H``).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    crm_url: str | None = None
    service_url: str | None = None
    app_files: Path | None = None
    marketing_files: Path | None = None
    marketing_api: ApiConfig | None = None
    market_files: Path | None = None
    market_mapping: str = "forecourt"
    drops: dict[Literal["app", "marketing", "market"], DropConfig] = {}
    drops_dir: Path | None = None
    commit_lag: timedelta = timedelta(hours=1)
    sweep_every: timedelta = timedelta(days=1)
    accept_deletions: bool = False
    app_segments: bool = True

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.marketing_files and self.marketing_api:
            raise ValueError("marketing has one address: set marketing_files or marketing_api, not both")
        for name in self.drops:
            if getattr(self, f"{name}_files") or (name == "marketing" and self.marketing_api):
                raise ValueError(f"{name} has one address: set {name}_files or drops.{name}, not both")
        if self.drops and self.drops_dir is None:
            raise ValueError("drops need drops_dir, the folder that their files are brought to")
        return self

    def address(self, source: str) -> str | Path | None:
        """The address of one source, or ``None`` where it is not configured."""
        for name, drop in self.drops.items():
            if name == source:
                return drop.url
        return {
            "crm": self.crm_url,
            "service": self.service_url,
            "app": self.app_files,
            "marketing": self.marketing_api.url if self.marketing_api else self.marketing_files,
            "market": self.market_files,
        }[source]
