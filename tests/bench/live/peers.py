"""The collector as most would write it first: FastAPI routes, pydantic models. It keeps the same promise with
the same log (group commit, fdatasync before 200) and knows the contract of the one event that is sent.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from pydantic import BaseModel, Field

from ingestion.collector.log import EventLog

FOLDER = "FORECOURT_BENCH_FOLDER"
basic = HTTPBasic()


class Properties(BaseModel, extra="allow"):
    """Of ``screen_viewed``."""

    screen: str = Field(max_length=4000)
    session_id: str | None = Field(default=None, max_length=4000)


class Event(BaseModel, extra="allow"):
    """``screen_viewed`` as its JSON Schema has it."""

    messageId: str = Field(min_length=8, max_length=200)  # noqa: N815
    type: Literal["track"]
    event: Literal["screen_viewed"]
    userId: str | None = Field(default=None, max_length=200)  # noqa: N815
    anonymousId: str | None = Field(default=None, max_length=200)  # noqa: N815
    timestamp: datetime
    context: dict[str, Any] | None = None
    properties: Properties


class Many(BaseModel):
    """A batch."""

    batch: list[Event] = Field(max_length=1000)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """The log is open while the application is."""
    app.state.log = EventLog(Path(os.environ[FOLDER]))
    app.state.log.start()
    yield
    app.state.log.stop()


app = FastAPI(lifespan=lifespan)


def sender(credentials: Annotated[HTTPBasicCredentials, Depends(basic)]) -> str:
    """Who sends, by write key."""
    if credentials.username != "wk":
        raise HTTPException(401)
    return "app"


@app.post("/v1/track")
async def track(event: Event, _app: Annotated[str, Depends(sender)]) -> dict[str, Any]:
    """One event."""
    await app.state.log.append([event.model_dump_json().encode() + b"\n"])
    return {"success": True, "accepted": 1, "rejected": []}


@app.post("/v1/batch")
async def batch(many: Many, _app: Annotated[str, Depends(sender)]) -> dict[str, Any]:
    """Many events."""
    await app.state.log.append([event.model_dump_json().encode() + b"\n" for event in many.batch])
    return {"success": True, "accepted": len(many.batch), "rejected": []}
