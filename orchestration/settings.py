"""The one typed place where the environment and ``forecourt.toml`` are read.

Order of precedence: environment (``FORECOURT_DATA_DIR``, ``FORECOURT_SOURCES__CRM_URL`` ...), then
``forecourt.toml`` in the working folder, then the defaults below. ``forecourt.example.toml`` in the
repository describes every setting.
"""

import os
import re
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import SettingsConfigDict

from ingestion.config import SourceConfigs
from ingestion.tracing import Traces
from orchestration.errors import ForecourtError
from serving.layout import KEEP
from serving.settings import ReaderSettings

if TYPE_CHECKING:
    from ingestion.collector.settings import CollectorSettings

REPOSITORY = Path(__file__).resolve().parent.parent
SETTINGS_FILE = Path("forecourt.toml")
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class SourceSettings(BaseModel):
    """Addresses of the source systems as they were written; ``${NAME}`` stands for an environment
    variable.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    crm_url: str | None = None
    service_url: str | None = None
    app_files: Path | None = None
    marketing_files: Path | None = None
    marketing_api: dict[str, Any] | None = None
    market_files: Path | None = None
    market_mapping: str = "forecourt"
    drops: dict[str, dict[str, Any]] = Field(default_factory=dict)
    commit_lag: timedelta = timedelta(hours=1)
    sweep_every: timedelta = timedelta(days=1)

    @property
    def is_empty(self) -> bool:
        """True where no source at all is configured."""
        return not any(
            (
                *(self.crm_url, self.service_url, self.app_files),
                *(self.marketing_files, self.marketing_api, self.market_files, self.drops),
            )
        )


class DemoSettings(BaseModel):
    """The demo world that is used when no source is configured."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scale: Literal["tiny", "demo", "bench"] = "demo"
    seed: int = Field(default=20260101, ge=0)
    # A fixed day, not today: the same command gives the same world, and the figures in the README stay true.
    as_of: date = date(2026, 9, 30)


class RefreshSettings(BaseModel):
    """The resident refresher (`forecourt refresh --watch`); seconds and bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    poll_seconds: float = Field(default=0.02, gt=0)  # how often it looks for sealed segments
    pass_bytes: int = Field(default=16 * 1024 * 1024, ge=1024)  # what a live pass takes at most
    steady_seconds: float = Field(default=10.0, ge=0)  # small tables of the live lane that are made anew
    full_seconds: float = Field(default=600.0, gt=0)  # a full pass at least so often, if events came
    slice_seconds: float = Field(default=1.0, gt=0)  # how long events may wait for a part of a full pass
    source_seconds: float = Field(default=60.0, gt=0)  # how often batch sources are asked for what is new
    describe_seconds: float = Field(default=3600.0, gt=0)  # how often the dictionary's values are measured
    archive_seconds: float = Field(default=60.0, ge=0)  # loaded segments become Parquet


class Settings(ReaderSettings):
    """Everything an installation can set, for readers too. Paths are relative to the working folder."""

    model_config = SettingsConfigDict(
        env_prefix="FORECOURT_",
        env_nested_delimiter="__",
        toml_file=SETTINGS_FILE,
        extra="forbid",
        frozen=True,
    )

    dbt_project_dir: Path = REPOSITORY / "dbt_project"
    dbt_threads: int = Field(default_factory=lambda: min(4, os.cpu_count() or 1), ge=1, le=64)
    keep_snapshots: int = Field(default=KEEP, ge=1)
    alert_webhook: SecretStr | None = None
    dashboards_url: str = "http://localhost:8501"
    reject_bar: float = Field(default=0.05, gt=0, le=1)
    traces: Traces = "off"
    sources: SourceSettings = SourceSettings()
    demo: DemoSettings = DemoSettings()
    refresh: RefreshSettings = RefreshSettings()
    collector: dict[str, Any] = Field(default_factory=dict)  # see collector_settings

    @field_validator("data_dir", "dbt_project_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that one writer at a time may open."""
        return self.data_dir / "warehouse.duckdb"

    @property
    def pipelines_dir(self) -> Path:
        """dlt's own state: cursors and load packages in flight."""
        return self.data_dir / "pipelines"

    @property
    def dbt_target_dir(self) -> Path:
        """dbt's artifacts. Under the data folder, so that builds of two data folders never meet."""
        return self.data_dir / "dbt" / "target"

    @property
    def dbt_log_dir(self) -> Path:
        """dbt's log files."""
        return self.data_dir / "dbt" / "logs"

    def demo_dir(self, scale: str) -> Path:
        """Folder of the demo world of one scale."""
        return self.data_dir / "demo" / scale

    def source_configs(self) -> SourceConfigs:
        """Addresses of the sources with the secrets in them filled in now.

        Raises ``ForecourtError`` where a variable that an address names is not set.
        """
        values = self.sources.model_dump()
        for name in ("crm_url", "service_url"):
            if values[name]:
                values[name] = fill_variables(values[name], f"sources.{name}")
        if values["marketing_api"]:
            values["marketing_api"] = _filled(values["marketing_api"], "sources.marketing_api")
        values["drops"] = _filled(values["drops"], "sources.drops")
        try:
            return SourceConfigs(**values, drops_dir=self.data_dir / "landing" / "drops")
        except ValidationError as error:
            raise _setting_error("sources", error) from error

    @property
    def outbox_dir(self) -> Path:
        """What leaves this installation: alerts, later reports."""
        return self.data_dir / "outbox"

    @property
    def landing_dir(self) -> Path:
        """Where the collector writes unless it is told otherwise."""
        return self.data_dir / "landing" / "app"

    @property
    def segments_dir(self) -> Path:
        """Where the collector's sealed segments are."""
        return Path(self.collector.get("folder", self.landing_dir))

    def collector_settings(self, **overrides: object) -> "CollectorSettings":
        """The collector's settings with their secrets filled in now; ``overrides`` that are not ``None`` win.

        Raises ``ForecourtError`` with one sentence where a setting is wrong or nobody could send.
        """
        from ingestion.collector.settings import CollectorSettings

        given = {name: value for name, value in overrides.items() if value is not None}
        values = (
            {"folder": self.landing_dir, "traces": self.traces} | _filled(self.collector, "collector") | given
        )
        try:
            return CollectorSettings.model_validate(values)
        except ValidationError as error:
            raise _setting_error("collector", error) from error


def _setting_error(section: str, error: ValidationError) -> ForecourtError:
    """What is wrong in a section that is checked when it is used."""
    first = error.errors()[0]
    name = ".".join([section, *(str(part) for part in first["loc"])])
    message = first["msg"].removeprefix("Value error, ")
    return ForecourtError(_wrong_setting(name, first["type"], message, error.error_count()))


def _filled(value: Any, setting: str) -> Any:
    """Every text in nested settings, names too (a write key is one), with its variables filled in."""
    if isinstance(value, dict):
        return {
            fill_variables(key, setting): _filled(inner, f"{setting}.{key}") for key, inner in value.items()
        }
    return fill_variables(value, setting) if isinstance(value, str) else value


def fill_variables(text: str, setting: str) -> str:
    """``text`` with each ``${NAME}`` replaced by that environment variable."""

    def value(match: re.Match[str]) -> str:
        found = os.environ.get(match[1])
        if found is None:
            raise ForecourtError(
                f"The setting {setting} uses ${{{match[1]}}}, but the environment variable {match[1]} "
                "is not set: set it, or write the address without it."
            )
        return found

    return _VARIABLE.sub(value, text)


def load_settings(**overrides: object) -> Settings:
    """The settings of this working folder; ``overrides`` win. Raises ``ForecourtError`` with one sentence
    for a wrong one.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise ForecourtError(
            _wrong_setting(name, first["type"], first["msg"], error.error_count())
        ) from error
    except ValueError as error:  # a file that is not TOML, or a nested variable that is not JSON
        raise ForecourtError(
            f"The settings could not be read from {SETTINGS_FILE} or the environment: {error}."
        ) from error


def _wrong_setting(name: str, kind: str, message: str, count: int) -> str:
    """One sentence about the first wrong setting: which, why, and where to put it right."""
    more = f" ({count - 1} more settings are wrong.)" if count > 1 else ""
    variable = "FORECOURT_" + name.upper().replace(".", "__")
    if kind == "extra_forbidden":
        return (
            f"There is no setting {name}: remove it from {SETTINGS_FILE}, "
            f"or see forecourt.example.toml for the names.{more}"
        )
    reason = message[0].lower() + message[1:]
    return (
        f"The setting {name} is wrong: {reason}. "
        f"Put it right in {SETTINGS_FILE} or in the variable {variable}.{more}"
    )
