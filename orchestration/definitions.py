"""Dagster's view of the whole flow: sources -> raw -> staging -> identity -> core -> indicators -> serving
-> snapshot.
"""

import dagster as dg

from orchestration.assets.alerting import job_failed, job_recovered
from orchestration.assets.by_day import back_fill, cube_days_asset, nightly_history
from orchestration.assets.dbt_models import BuildConfig, dbt_definitions
from orchestration.assets.freshness import TIME_ZONE, with_promise
from orchestration.assets.live import keep_refresher, live_pass, refresh_passes, resident_refresher
from orchestration.assets.naming import CUBE_DAYS_KEY, LIVE_PASS_KEY
from orchestration.assets.published import PUBLISHED_SCHEMAS, snapshot_asset
from orchestration.assets.sources import loaders, source_systems
from orchestration.settings import load_settings

_settings = load_settings()
_dbt_build, _dbt = dbt_definitions(_settings)
_published = [key for key in _dbt_build.keys if key.path[0] in PUBLISHED_SCHEMAS]
_cubes = [key for key in _published if key.path[0] == "indicators"]
_flow = [source_systems, *loaders, _dbt_build, snapshot_asset(_published, _settings.dashboards_url)]
_assets = [*_flow, cube_days_asset(_cubes)]
# What a build brings about by itself; days and passes have their own jobs.
_whole_flow = dg.AssetSelection.all() - dg.AssetSelection.assets(CUBE_DAYS_KEY, LIVE_PASS_KEY)

nightly = dg.define_asset_job(
    "nightly",
    selection=_whole_flow,
    description=(
        "Everything that is new, from the source systems to the published snapshot; people are worked out "
        "anew and compared with what the increments had made of them (`identity.id_reconciliation`)."
    ),
    config=dg.RunConfig(ops={"dbt_build": BuildConfig(rebuild_people=True)}),
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
    selection=_whole_flow,
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

defs = dg.Definitions(
    assets=[*(assets.map_asset_specs(with_promise) for assets in _assets), with_promise(live_pass)],
    jobs=[nightly, hourly, back_fill, resident_refresher],
    schedules=[nightly_schedule, hourly_schedule, nightly_history],
    sensors=[job_failed, job_recovered, refresh_passes, keep_refresher],
    resources={"dbt": _dbt},
    # One process for the chain: a process for each step costs its imports again, and one writer gains
    # nothing by them.
    executor=dg.in_process_executor,
)
