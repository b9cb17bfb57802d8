"""The resident refresher in Dagster: every pass a materialization, an alert when it is silent, and a job that
keeps it running where nothing else does (systemd, see ``orchestration/production``).
"""

import threading
from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from orchestration.assets.naming import LIVE_PASS_KEY, PUBLISHED_GROUP, REFRESHER_POOL, SNAPSHOT_KEY
from orchestration.settings import load_settings

MAX_PASSES = 500  # of one tick of the sensor; the next one follows at once

live_pass = dg.AssetSpec(
    LIVE_PASS_KEY,
    deps=[SNAPSHOT_KEY],
    group_name=PUBLISHED_GROUP,
    kinds={"python", "duckdb"},
    owners=["team:data_platform"],
    description=(
        "A pass of the resident refresher (`forecourt refresh --watch`): rows, rejects, lag and seconds of "
        "every micro-batch. Written by the refresher, told here by the sensor refresh_passes."
    ),
)


@dg.sensor(
    name="refresh_passes",
    description="Every pass of the resident refresher as a materialization; an alert when it is silent.",
    minimum_interval_seconds=5,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def refresh_passes(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """What the journal has that was not told yet. The cursor is the number of the last pass."""
    from orchestration.refresher.journal import read_passes, read_state
    from orchestration.supervision import judge_heartbeat

    settings = load_settings()
    state = read_state(settings)
    if state is None:
        return dg.SkipReason("No refresher ever ran on this data folder.")
    judge_heartbeat(settings, state)
    told = int(context.cursor or 0)
    if state["pass_no"] < told:  # another data folder, or one that was made anew
        told = 0
    events = []
    for done in read_passes(settings, told):
        events.append(told_as(done))
        told = done["pass_no"]
        if len(events) == MAX_PASSES:
            break
    return dg.SensorResult(asset_events=events, cursor=str(told))


def told_as(done: Mapping[str, Any]) -> dg.AssetMaterialization | dg.AssetObservation:
    """One pass of the journal as Dagster shows it; numbers become plots. One that failed, or that held back
    what it built, has made nothing that anybody sees: it is only observed.
    """
    lag = done["lag_seconds"] or {}
    sums = {
        what: sum(source[what] for source in done["sources"])
        for what in ("read", "loaded", "rejected", "repeated")
    }
    metadata: dict[str, Any] = {
        "pass": done["pass_no"],
        "lane": done["lane"],
        "seconds": round(done["seconds"], 3),
        "CPU seconds": round(done["cpu_seconds"], 3),
        **sums,
        **{f"{stage['name']} seconds": round(stage["seconds"], 3) for stage in done["stages"]},
        **{f"lag {name} (s)": round(value, 3) for name, value in lag.items()},
        "segments": len(done["segments"]),
        "segments waiting": done["backlog"].get("segments", 0),
        "models": ", ".join(done["models"]) or "none",
        "version": str(done["version"]),
        "held back": done.get("held") or "none",
        "error": done["error"] or "none",
    }
    reason = done["error"] or done.get("held")
    kind = dg.AssetObservation if reason else dg.AssetMaterialization
    return kind(LIVE_PASS_KEY, metadata=metadata, description=reason)


@dg.op(pool=REFRESHER_POOL, description="Start `forecourt refresh --watch`, watch it, start it again.")
def supervise_refresher(context: dg.OpExecutionContext) -> None:
    """Runs until it is terminated, or until the refresher has failed too often in a row."""
    from orchestration.supervision import supervise

    supervise(load_settings(), threading.Event(), context.log.info)


@dg.job(
    name="resident_refresher",
    description="Keeps the resident refresher running: restarts it with growing pauses, alerts at the end.",
    tags={"dagster/max_retries": "3"},
)
def resident_refresher() -> None:
    """One long run; the pool lets no second one in."""
    supervise_refresher()


@dg.sensor(
    name="keep_refresher",
    job=resident_refresher,
    description="Turn it on where nothing else supervises the refresher: keeps one run of its job going.",
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.STOPPED,
)
def keep_refresher(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Ask for a run where none is going on."""
    unfinished = [
        dg.DagsterRunStatus.QUEUED,
        dg.DagsterRunStatus.NOT_STARTED,
        dg.DagsterRunStatus.STARTING,
        dg.DagsterRunStatus.STARTED,
        dg.DagsterRunStatus.CANCELING,
    ]
    going = context.instance.get_runs(
        dg.RunsFilter(job_name=resident_refresher.name, statuses=unfinished), limit=1
    )
    yield dg.SkipReason("The refresher is supervised.") if going else dg.RunRequest()
