"""Where readers find the published snapshot. Nothing here knows the warehouse."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class ReaderSettings(BaseSettings):
    """Settings of a process that only reads, from `FORECOURT_*` environment variables.

    `data_dir` is the folder that holds all state on disk; the other places follow from it.
    """

    model_config = SettingsConfigDict(env_prefix="FORECOURT_", extra="ignore")

    data_dir: Path = Path("data")
    reader_threads: int = 2
    reader_memory: str = "1GB"

    @property
    def snapshots_dir(self) -> Path:
        """Folder of the snapshot files and their `CURRENT` pointer."""
        return self.data_dir / "snapshots"

    @property
    def state_file(self) -> Path:
        """SQLite file that readers may write: audit, labels, acknowledgements."""
        return self.data_dir / "state" / "state.sqlite"
