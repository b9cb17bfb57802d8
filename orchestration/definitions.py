"""Dagster's view of the whole flow: sources -> raw -> staging -> identity -> core -> indicators -> serving
-> snapshot.
"""

from datetime import timedelta

import dagster as dg

from orchestration.assets.alerting import job_failed, job_recovered
from orchestration.assets.dbt_models import dbt_definitions
from orchestration.assets.naming import SNAPSHOT_KEY
from orchestration.assets.published import PUBLISHED_SCHEMAS, snapshot_asset
from orchestration.assets.sources import loaders, source_systems
from orchestration.settings import load_settings

TIME_ZONE = "Europe/Berlin"

_dbt_build, _dbt = dbt_definitions(load_settings())
_published = [key for key in _dbt_build.keys if key.path[0] in PUBLISHED_SCHEMAS]
_assets = [source_systems, *loaders, _dbt_build, snapshot_asset(_published)]

nightly = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.all(),
    description="Everything that is new, from the source systems to the published snapshot.",
    tags={"dagster/max_retries": "1"},
)
nightly_schedule = dg.ScheduleDefinition(
    name="nightly",
    job=nightly,
    cron_schedule="0 2 * * *",
    execution_timezone=TIME_ZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every night at two, when dealers and workshops are closed.",
)
# By day the same chain, for what dealers, workshops and campaigns changed since; a pass with nothing new
# rewrites no cube.
hourly = dg.define_asset_job(
    "hourly",
    selection=dg.AssetSelection.all(),
    description="What changed in the last hour, from the source systems to the published snapshot.",
    tags={"dagster/max_retries": "1"},
)
hourly_schedule = dg.ScheduleDefinition(
    name="hourly",
    job=hourly,
    cron_schedule="20 7-21 * * *",
    execution_timezone=TIME_ZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Each hour of the working day, at twenty past.",
)


def _with_freshness(spec: dg.AssetSpec) -> dg.AssetSpec:
    """The snapshot has a deadline; everything before it may be missed for one night before somebody is
    told.
    """
    policy: dg.FreshnessPolicy
    if spec.key == SNAPSHOT_KEY:
        policy = dg.FreshnessPolicy.cron(
            deadline_cron="0 6 * * *", lower_bound_delta=timedelta(hours=6), timezone=TIME_ZONE
        )
    else:
        policy = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=36))
    return spec.replace_attributes(freshness_policy=policy)


defs = dg.Definitions(
    assets=[assets.map_asset_specs(_with_freshness) for assets in _assets],
    jobs=[nightly, hourly],
    schedules=[nightly_schedule, hourly_schedule],
    sensors=[job_failed, job_recovered],
    resources={"dbt": _dbt},
    # One process for the chain: a process for each step costs its imports again, and one writer gains
    # nothing by them.
    executor=dg.in_process_executor,
)
