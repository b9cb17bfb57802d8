"""Where readers find the published snapshot. Nothing here knows the warehouse."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)


class ReaderSettings(BaseSettings):
    """Settings of a process that only reads.

    Precedence: environment (`FORECOURT_DATA_DIR`, `FORECOURT_READER_THREADS`, `FORECOURT_READER_MEMORY`),
    then `forecourt.toml` in the working folder, of which readers take `data_dir` and leave the rest.
    """

    model_config = SettingsConfigDict(
        env_prefix="FORECOURT_", toml_file=Path("forecourt.toml"), extra="ignore", frozen=True
    )

    data_dir: Path = Path("data")
    reader_threads: int = Field(default=2, ge=1)
    reader_memory: str = "1GB"

    @property
    def snapshots_dir(self) -> Path:
        """Folder of the snapshot files and their `CURRENT` pointer."""
        return self.data_dir / "snapshots"

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
