"""Names of assets: one function for the loader's tables and for dbt's, so that neither invents an asset of
its own.
"""

from dagster import AssetKey

SOURCES_GROUP = "sources"
RAW_GROUP = "raw"
INDICATORS_GROUP = "indicators"
PUBLISHED_GROUP = "published"
WRITER_POOL = "warehouse_writer"
REFRESHER_POOL = "refresher"


def asset_key(schema: str, table: str) -> AssetKey:
    """The asset of a table of the warehouse."""
    return AssetKey([schema, table])


def source_system_key(source: str) -> AssetKey:
    """The asset of a source system, outside the warehouse."""
    return AssetKey(["source", source])


SNAPSHOT_KEY = AssetKey(["published", "snapshot"])
LIVE_PASS_KEY = AssetKey(["published", "live_pass"])
CUBE_DAYS_KEY = AssetKey(["indicators", "cube_days"])
