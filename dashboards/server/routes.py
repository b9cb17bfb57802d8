"""Addresses beside the pages: `/api/health` for monitors, `/docs` for dbt's documentation."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from dashboards.server.deep_link import USER_COOKIE
from dashboards.server.headers import DOCS_POLICY
from serving.access import EVERYTHING
from serving.errors import SnapshotError
from serving.settings import ReaderSettings


def health(_request: Request) -> Response:
    """200 with the version that is served and its age in seconds; 503 with the reason where there is none."""
    from dashboards.loaders import current_snapshot  # its caches want a running Streamlit

    try:
        meta = current_snapshot(EVERYTHING).meta
    except SnapshotError as error:
        return JSONResponse({"ok": False, "reason": type(error).__name__}, 503)
    age = (datetime.now(UTC) - meta.published_at).total_seconds()
    return JSONResponse({"ok": True, "version": meta.version, "age_seconds": round(age)})


def docs(request: Request) -> Response:
    """dbt's documentation as `make docs` wrote it: one page that reaches nothing."""
    settings = ReaderSettings()
    if settings.sign_in is not None and USER_COOKIE not in request.cookies:
        return PlainTextResponse("Sign in first.\n", 401)
    if not settings.docs_file.is_file():
        return PlainTextResponse("The documentation was not built yet: run `make docs`.\n", 404)
    return FileResponse(
        settings.docs_file, media_type="text/html", headers={"content-security-policy": DOCS_POLICY}
    )


ROUTES = [Route("/api/health", health), Route("/docs", docs)]
