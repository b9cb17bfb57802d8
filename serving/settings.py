"""Where readers find the published snapshot. Nothing here knows the warehouse."""

from pathlib import Path

from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)


class SignIn(BaseModel):
    """How people sign in to the dashboards: one OpenID Connect provider.

    `metadata_url` is the provider's `.well-known/openid-configuration`; `address` the public address of the
    dashboards, to which the provider sends people back (`<address>/oauth2callback`); `cookie_secret` signs
    the cookie that says who somebody is.
    """

    client_id: str
    client_secret: SecretStr
    metadata_url: str
    address: str
    cookie_secret: SecretStr = Field(min_length=32)


class ReaderSettings(BaseSettings):
    """Settings of a process that only reads.

    Precedence: environment (`FORECOURT_DATA_DIR`, `FORECOURT_READER_THREADS`, `FORECOURT_READER_MEMORY`,
    `FORECOURT_IDENTITY_KEY`, `FORECOURT_SIGN_IN__CLIENT_ID` ...), then `forecourt.toml` in the working
    folder, of which readers take what is named here and leave the rest.
    """

    model_config = SettingsConfigDict(
        env_prefix="FORECOURT_",
        env_nested_delimiter="__",
        toml_file=Path("forecourt.toml"),
        extra="ignore",
        frozen=True,
    )

    data_dir: Path = Path("data")
    reader_threads: int = Field(default=2, ge=1)
    reader_memory: str = "1GB"
    identity_key: SecretStr | None = None
    identity_key_file: Path | None = None
    sign_in: SignIn | None = None

    @property
    def snapshots_dir(self) -> Path:
        """Folder of the snapshot files and their `CURRENT` pointer."""
        return self.data_dir / "snapshots"

    @property
    def state_file(self) -> Path:
        """The store that readers may write: see `serving.state`."""
        return self.data_dir / "state" / "state.sqlite"

    @property
    def docs_file(self) -> Path:
        """dbt's documentation as one page, written by `make docs`."""
        return self.data_dir / "docs" / "index.html"

    @property
    def identity_key_path(self) -> Path:
        """The file of the key for identifying values, unless the environment holds the key itself."""
        return self.identity_key_file or self.data_dir / "identity.key"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, environment, file; no ``.env`` and no secret folders: two places to look, not four."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
