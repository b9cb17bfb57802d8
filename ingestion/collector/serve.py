"""Run the collector: uvicorn on one process for each worker, its own log messages as JSON lines on
standard error.

Messages hold counts, names of files and addresses of the collector itself; nothing that a sender wrote.
"""

import json
import logging
import os
from datetime import UTC, datetime

import uvicorn

from ingestion.collector.app import Collector
from ingestion.collector.settings import CollectorSettings

VARIABLE = "FORECOURT_COLLECTOR_WORKER"  # how settings reach the worker processes


class JsonLines(logging.Formatter):
    """A log record as one JSON object: time (UTC), level, message, and the error where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": record.process,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = f"{record.exc_info[0].__name__}: {record.exc_info[1]}"
        return json.dumps(line, ensure_ascii=False)


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": JsonLines}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "loggers": {
        name: {"handlers": ["stderr"], "level": "INFO", "propagate": False}
        for name in ("uvicorn", "uvicorn.error", "forecourt")
    },
}


def serve(settings: CollectorSettings) -> None:
    """Listen until the process is told to stop; then finish what is under way and seal the log.

    Raises ``SystemExit`` where the address is taken or the log cannot be opened.
    """
    os.environ[VARIABLE] = settings_text(settings)
    uvicorn.run(
        "ingestion.collector.serve:worker",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
        access_log=False,
        log_config=LOGGING,
        lifespan="on",
        timeout_graceful_shutdown=10,
        server_header=False,
        proxy_headers=bool(settings.hooks),  # only a signed address needs to know what callers saw
    )


def worker() -> Collector:
    """The application of one worker process."""
    return Collector(CollectorSettings.model_validate_json(os.environ[VARIABLE]))


def settings_text(settings: CollectorSettings) -> str:
    """Settings as JSON with their secrets, for the worker's environment only."""
    values = settings.model_dump(mode="json", exclude={"clients", "token_secret", "hooks"})
    values["critical_events"] = sorted(settings.critical_events)
    values["clients"] = {name: secret.get_secret_value() for name, secret in settings.clients.items()}
    values["token_secret"] = settings.token_secret.get_secret_value() if settings.token_secret else None
    values["hooks"] = {
        name: {"scheme": hook.scheme, "secret": hook.secret.get_secret_value()}
        for name, hook in settings.hooks.items()
    }
    return json.dumps(values)
