"""What is tried again, how often, and after which pause.

A model or a test that broke would break again: the job tries such a run once more (``dagster/max_retries``),
the step does not.
"""

import dagster as dg

LIMIT = 2
PAUSE = 15  # seconds before the first repeat
FACTOR = 4  # of each pause to the next

STEPS = dg.RetryPolicy(
    max_retries=LIMIT, delay=PAUSE, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS
)


def again(context: dg.AssetExecutionContext, reason: str) -> None:
    """Have the step tried again, unless it has been often enough; raises ``RetryRequested``."""
    if context.retry_number < LIMIT:
        seconds = PAUSE * FACTOR**context.retry_number
        context.log.warning(f"{reason} Tried again in {seconds} s.")
        raise dg.RetryRequested(max_retries=LIMIT, seconds_to_wait=seconds)
