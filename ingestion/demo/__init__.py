"""The demo world: a seeded simulation of people, dealers and cars, seen through five dirty source systems.

`write_world` writes the systems' files and, apart from them, the truth; `source_configs` says where the
loader
finds them. Simulation, the systems' views and file formats are three packages that do not mix.
"""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingestion.config import SourceConfigs
    from ingestion.demo.world import WorldReport


def write_world(folder: Path, scale: str, seed: int, as_of: date, on_progress: Any = None) -> "WorldReport":
    """Write the demo world into `folder` (see `ingestion.demo.world.write_world`)."""
    from ingestion.demo.world import write_world as write

    return write(folder, scale, seed, as_of, on_progress)


def source_configs(folder: Path) -> "SourceConfigs":
    """Return where the loader finds the five sources of a world."""
    from ingestion.config import SourceConfigs

    return SourceConfigs(
        crm_url=f"sqlite:///{folder / 'crm.sqlite'}",
        service_url=f"sqlite:///{folder / 'service.sqlite'}",
        app_files=folder / "app",
        marketing_files=folder / "marketing",
        market_files=folder / "market",
    )
