"""What a load brings: the configured sources, a demo world, or the public data sets; never two of them in one
warehouse (``orchestration.origin``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration import origin, real_data
from orchestration.errors import ForecourtError
from orchestration.settings import Settings

if TYPE_CHECKING:
    from ingestion.config import SourceConfigs


@dataclass(frozen=True)
class LoadTarget:
    """What is loaded: the addresses, and the name of their world for ``orchestration.origin``."""

    configs: "SourceConfigs"
    origin: dict[str, object]


def known_world(settings: Settings) -> Path | None:
    """Folder of the demo world that the warehouse was made from, where that is still on disk."""
    made_from = origin.read(settings)
    if made_from is None or made_from["kind"] != "demo":
        return None
    folder = settings.demo_dir(str(made_from["scale"]))
    return folder if origin.of_world(folder) == made_from else None


def load_target(settings: Settings, world: Path | None) -> LoadTarget:
    """What to load: the demo world in the folder ``world``, or the configured sources where it is None."""
    if world is not None:
        from ingestion.demo import source_configs

        made_from = origin.of_world(world)
        if made_from is None:
            raise ForecourtError(f"There is no whole demo world in {world}: run `forecourt demo`.")
        return LoadTarget(source_configs(world), made_from)
    if settings.sources.is_empty:
        raise ForecourtError(
            "No source is configured: name one in forecourt.toml (see forecourt.example.toml), "
            "or use `forecourt run`, which writes a demo world first."
        )
    return LoadTarget(settings.source_configs(), {"kind": "sources"})


def known_target(settings: Settings) -> LoadTarget:
    """What the next load of this data folder brings: configured sources, else what it was made from."""
    made_from = origin.read(settings) or {}
    if settings.sources.is_empty and made_from.get("kind") == "public":
        return public_target(settings, Path(str(made_from["folder"])))
    return load_target(settings, known_world(settings) if settings.sources.is_empty else None)


def public_target(
    settings: Settings, folder: Path, say: Callable[[str], None] = lambda _line: None
) -> LoadTarget:
    """The public data sets under ``folder``, turned into source systems.

    Raises ``ForecourtError`` where none of them is there.
    """
    folder = folder.expanduser().absolute()
    return LoadTarget(real_data.prepare(settings, folder, say), {"kind": "public", "folder": str(folder)})
