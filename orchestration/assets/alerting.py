"""Dagster's failures as alerts: told when a job fails, over when it succeeds again."""

import dagster as dg

from orchestration.alerts import Alert, Outbox
from orchestration.settings import load_settings


def _outbox() -> Outbox:
    settings = load_settings()
    return Outbox(settings.outbox_dir / "alerts", settings.alert_webhook)


def _cause(job: str) -> str:
    return f"dagster job {job}"


@dg.run_failure_sensor(
    name="job_failed",
    description="A job that failed is told once, in the outbox and to the webhook.",
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def job_failed(context: dg.RunFailureSensorContext) -> None:
    """One alert for a job that fails, however often it goes on failing."""
    run = context.dagster_run
    steps = [event.step_key for event in context.get_step_failure_events() if event.step_key]
    where = f" in {', '.join(steps)}" if steps else ""
    alert = Alert(
        _cause(run.job_name),
        f"The job {run.job_name} failed",
        f"Run {run.run_id[:8]} failed{where}: {context.failure_event.message}\n"
        "What was published before stays current. Look at the run in Dagster, put the cause right, "
        "run it again.",
    )
    if not _outbox().raise_(alert):
        context.log.info("This job's failure was told already.")


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    name="job_recovered",
    description="A job that succeeds again ends its alert.",
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def job_recovered(context: dg.RunStatusSensorContext) -> None:
    """The cause is over."""
    _outbox().resolve(_cause(context.dagster_run.job_name))
