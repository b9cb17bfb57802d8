"""Published registration figures: CSV or Parquet files, brought into one shape by a mapping.

::

    registration(country, region_code, period, measure, brand, model, energy) ─> units

``period`` is a month (2026-06) or a quarter (2026-Q2). When a file is new or changed, all are read again in
order of their names: where two lines have the same key the later one stays. ``market_mapping`` names a file
``mappings/<name>.yml``.
Contract: ``ingestion/schemas/market``.
"""

from pathlib import Path

from dlt.sources import DltSource

from ingestion.batch import entity
from ingestion.config import SourceConfigs
from ingestion.readers.base import Parse, Reader
from ingestion.readers.tabular import TableReader, read_mapping
from ingestion.resources import Package, package_source

NAME = "market"
MAPPINGS = Path(__file__).parent / "mappings"


def readers(configs: SourceConfigs) -> dict[str, Reader]:
    """A reader for the figures; none where the source is not configured."""
    if configs.market_files is None:
        return {}
    mapping = read_mapping(MAPPINGS, configs.market_mapping)
    return {"registration": TableReader(configs.market_files, entity(NAME, "registration"), mapping)}


def source(configs: SourceConfigs, package: Package) -> DltSource:
    """The dlt source of one load package."""
    return package_source(readers(configs), package)


def build_source(configs: SourceConfigs, run_id: str = "try") -> DltSource:
    """The source by itself, outside a load: nothing is looked up in a warehouse."""
    return source(configs, Package(NAME, run_id))


def parser(configs: SourceConfigs, entity_name: str) -> Parse:
    """How a refused row is read again: through the mapping that is configured now."""
    mapping = read_mapping(MAPPINGS, configs.market_mapping)
    return TableReader(configs.market_files or Path(), entity(NAME, entity_name), mapping).parse
