"""The cubes by day: which days they hold, back-fills of any range, the nightly proof on parts of history."""

import warnings
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import dagster as dg
from pydantic import Field

from orchestration.assets.freshness import TIME_ZONE
from orchestration.assets.naming import CUBE_DAYS_KEY, INDICATORS_GROUP, WRITER_POOL
from orchestration.assets.writer import settings_and_lock
from orchestration.progress import PlainProgress
from orchestration.settings import Settings, load_settings

# The policy is what makes one run of a range; that Dagster may still change it is no news for users.
warnings.filterwarnings("ignore", message=".*backfill_policy.*", category=dg.BetaWarning)

MARKED = 100  # days of one build: more only at the first one, or after a changed definition
HISTORY = timedelta(days=3 * 365)  # what the nights prove

# Sources that are older than this have their cubes nevertheless; only the calendar starts here.
FIRST_DAY = date(2015, 1, 1)
DAYS = dg.DailyPartitionsDefinition(start_date=FIRST_DAY.isoformat(), timezone=TIME_ZONE, end_offset=1)


class BackFill(dg.Config):
    """Which cubes a back-fill rewrites: all of them, or those that are named (``ind_lead_1d``)."""

    cubes: list[str] = Field(default_factory=list)


def cube_days_asset(deps: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """One asset for all cubes, with a partition for each business day."""

    @dg.asset(
        key=CUBE_DAYS_KEY,
        deps=deps,
        group_name=INDICATORS_GROUP,
        kinds={"dbt", "duckdb"},
        owners=["team:analytics"],
        pool=WRITER_POOL,
        partitions_def=DAYS,
        backfill_policy=dg.BackfillPolicy.single_run(),
        check_specs=[
            dg.AssetCheckSpec(
                "increments_equal_rebuild",
                asset=CUBE_DAYS_KEY,
                description="Days that are rewritten from today's facts come out as they stood.",
            )
        ],
        description=(
            "The days of the cubes. A day is marked when a build writes it, the newest hundred of each. A "
            "back-fill of any range rewrites its days in all cubes (or in those that the launchpad names), "
            "says where they had been wrong, and publishes."
        ),
    )
    def cube_days(context: dg.AssetExecutionContext, config: BackFill) -> Iterator[Any]:
        from orchestration import pipeline
        from orchestration.history import rewrite_days

        days = context.partition_key_range
        first, last = date.fromisoformat(days.start), date.fromisoformat(days.end)
        progress = PlainProgress(context.log.info)
        with settings_and_lock(context) as settings:
            pipeline.build(settings, progress, exclude=["resource_type:test", "resource_type:unit_test"])
            done = rewrite_days(settings, first, last, config.cubes)
            published = pipeline.publish(settings, progress)
        wrong = {cube: ", ".join(map(str, days)) for cube, days in done.differing.items()}
        yield dg.MaterializeResult(
            metadata={
                "cubes": len(done.cubes),
                "days with rows": len(done.days),
                "seconds": round(done.seconds, 2),
                "snapshot": published.version,
            }
        )
        yield dg.AssetCheckResult(
            asset_key=CUBE_DAYS_KEY,
            check_name="increments_equal_rebuild",
            passed=not wrong,
            metadata={"cubes and days that had been wrong": wrong or "none", "days": f"{first} to {last}"},
        )

    return cube_days


def mark_days(context: dg.AssetExecutionContext, settings: Settings, since: datetime) -> None:
    """Tell Dagster which days a build wrote, the newest of them: each costs Dagster 7 ms of CPU."""
    from orchestration.history import days_written

    written = days_written(settings, since)
    past = [day for day in written if FIRST_DAY <= day <= datetime.now(UTC).date()]
    for day in past[-MARKED:]:
        context.instance.report_runless_asset_event(
            dg.AssetMaterialization(
                CUBE_DAYS_KEY, partition=day.isoformat(), metadata={"cubes written": written[day]}
            )
        )


back_fill = dg.define_asset_job(
    "back_fill",
    selection=dg.AssetSelection.assets(CUBE_DAYS_KEY),
    partitions_def=DAYS,
    description="Rewrite days of the cubes from today's facts, prove that they were right, publish.",
    tags={"dagster/max_retries": "1"},
)


@dg.schedule(
    name="nightly_history",
    job=back_fill,
    cron_schedule="30 3 * * *",
    execution_timezone=TIME_ZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every night the newest week and a 28th part of history, so that four weeks prove all of it.",
)
def nightly_history(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """A run for each range of days."""
    from orchestration.history import nightly_ranges

    tonight = context.scheduled_execution_time.date()
    last_day = _last_day()
    if last_day is None:
        yield dg.SkipReason("Nothing is published yet, or nothing that has a day.")
        return
    last_day = min(last_day, tonight)  # there is no partition of tomorrow
    days = [last_day - timedelta(days=back) for back in range(HISTORY.days)]
    for first, last in nightly_ranges(days, tonight):
        yield dg.RunRequest(
            run_key=f"{tonight} {first}",
            tags={
                "dagster/asset_partition_range_start": first.isoformat(),
                "dagster/asset_partition_range_end": last.isoformat(),
            },
        )


def _last_day() -> date | None:
    """The last day of the published data, of whichever source knows the latest."""
    from serving.errors import SnapshotError
    from serving.store import Store

    try:
        found = Store(load_settings().snapshots_dir).query("SELECT max(as_of_on) FROM serving.srv_as_of")
    except SnapshotError:
        return None
    last_day: date | None = found.column(0)[0].as_py()
    return last_day
