"""How old data may become before somebody is told: for each source, and for what follows from them."""

from datetime import timedelta

import dagster as dg

from orchestration.assets.naming import SNAPSHOT_KEY

TIME_ZONE = "Europe/Berlin"

# Loaded by the hour from seven to nine in the evening, so that a night and one missed load are no fault.
# Market figures come by the month.
_SOURCES = {
    "crm": timedelta(hours=12),
    "service": timedelta(hours=12),
    "app": timedelta(hours=12),
    "marketing": timedelta(hours=26),
    "market": timedelta(days=35),
}
_OTHERS = timedelta(hours=36)


def promise(key: dg.AssetKey) -> dg.FreshnessPolicy:
    """The policy of an asset: a raw table's is its source's, the snapshot's is a deadline in the morning."""
    if key == SNAPSHOT_KEY:
        return dg.FreshnessPolicy.cron(
            deadline_cron="0 6 * * *", lower_bound_delta=timedelta(hours=6), timezone=TIME_ZONE
        )
    source = source_of(key)
    window = _SOURCES.get(source, _OTHERS) if source else _OTHERS
    return dg.FreshnessPolicy.time_window(fail_window=window, warn_window=window * 3 / 4)


def source_of(key: dg.AssetKey) -> str | None:
    """The source of a source system or raw table; None for what is made of several."""
    schema, table = key.path[0], key.path[-1]
    if schema == "source":
        return table
    return schema.removeprefix("raw_") if schema.startswith("raw_") else None


def with_promise(spec: dg.AssetSpec) -> dg.AssetSpec:
    """The spec with its freshness policy."""
    return spec.replace_attributes(freshness_policy=promise(spec.key))
