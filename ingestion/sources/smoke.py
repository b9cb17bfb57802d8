"""Load one source into a throw-away warehouse and say what came: the quickest way to try an address."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from ingestion.config import SourceConfigs

FIELDS = {
    "crm": "crm_url",
    "service": "service_url",
    "app": "app_files",
    "marketing": "marketing_files",
    "market": "market_files",
}


def smoke(name: str, arguments: Sequence[str]) -> int:
    """Load source ``name`` from the address in ``arguments`` and print the counts; returns the exit code."""
    from ingestion.load import load_sources

    if not 1 <= len(arguments) <= 1 + (name == "market"):
        print(f"usage: python -m ingestion.sources.{name} ADDRESS{' [MAPPING]' if name == 'market' else ''}")
        return 2
    settings = {FIELDS[name]: arguments[0]}
    if len(arguments) == 2:
        settings["market_mapping"] = arguments[1]
    configs = SourceConfigs.model_validate(settings)
    with tempfile.TemporaryDirectory(prefix="forecourt-") as folder:
        [report] = load_sources(
            Path(folder) / "warehouse.duckdb", Path(folder) / "pipelines", configs, [name]
        )
    for row in report.entities:
        print(f"{row.entity:<20} read {row.read:>9} loaded {row.loaded:>9} rejected {row.rejected:>6}")
    print(f"{name}: {report.status} in {report.seconds:.1f} s. {report.message}".rstrip())
    return int(report.status == "failed")
