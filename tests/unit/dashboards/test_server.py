"""What stands around the pages: headers, compression, links through signing in, and who may connect."""

import gzip
import os
import subprocess
import sys

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from streamlit import config

from dashboards.server import deep_link, headers, local_only, static


async def anything(request):
    return PlainTextResponse("the app")


async def socket(websocket):
    await websocket.accept()
    await websocket.send_text("hello")


def served(middleware, **options) -> TestClient:
    routes = [WebSocketRoute("/_stcore/stream", socket), Route("/{path:path}", anything)]
    app = Starlette(routes=routes, middleware=[Middleware(middleware, **options)])
    return TestClient(app, base_url="http://localhost:8501", follow_redirects=False)


def test_every_answer_has_a_policy_without_eval_and_without_foreign_hosts():
    answer = served(headers.SecurityHeaders).get("/")
    policy = answer.headers["content-security-policy"]
    assert "unsafe-eval" not in policy
    assert "http" not in policy.replace("https:", "")
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert "sha256-" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "strict-transport-security" not in answer.headers
    assert "strict-transport-security" in served(headers.SecurityHeaders, is_https=True).get("/").headers


def test_scripts_are_packed_and_nothing_outside_the_folder_is_served():
    client = served(static.PrecompressedStatic)
    file = next((headers.STATIC / "static" / "js").glob("index.*.js"))
    with client.stream("GET", f"/static/js/{file.name}", headers={"accept-encoding": "gzip"}) as answer:
        packed = b"".join(answer.iter_raw())
        assert answer.headers["content-encoding"] == "gzip"
        assert "immutable" in answer.headers["cache-control"]
    assert gzip.decompress(packed) == file.read_bytes()
    assert len(packed) < file.stat().st_size / 2
    for path in ("/static/../index.html", "/static/js/nothing.js", "/static/%2e%2e/%2e%2e/__init__.py"):
        assert client.get(path).text == "the app"
    assert client.get(f"/static/js/{file.name}", headers={"accept-encoding": "identity"}).text == "the app"


def test_a_link_survives_signing_in():
    client = served(deep_link.DeepLink)
    answer = client.get("/dealer-funnel?region=Bayern&period=90+days")
    assert "HttpOnly" in answer.headers["set-cookie"]
    client.cookies.set(deep_link.USER_COOKIE, "signed")
    answer = client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (
        302,
        "/dealer-funnel?region=Bayern&period=90+days",
    )
    assert client.get("/").status_code == 200  # once only


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example/",
        "/\\evil.example",
        "https://evil.example",
        "/x\r\nset-cookie: a=b",
        "",
        "/auth/logout",
    ],
)
def test_a_forged_target_is_not_followed(target):
    assert not deep_link.is_ours(target)


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/health",
        "/static/js/a.js",
        "/media/x.csv",
        "/api/health",
        "/favicon.svg",
        "/data-health/_stcore/host-config",
    ],
)
def test_only_pages_are_remembered(path):
    assert "set-cookie" not in served(deep_link.DeepLink).get(path).headers


def test_without_sign_in_only_this_machine_under_its_own_name_is_answered():
    client = served(local_only.LocalOnly)
    assert client.get("/").status_code == 200
    assert client.get("/", headers={"host": "[::1]:8501"}).status_code == 200
    for host in ("evil.example", "evil.example:8501", "localhost.evil.example"):
        refused = client.get("/", headers={"host": host})
        assert refused.status_code == 403
        assert "sign_in" in refused.text
    with client.websocket_connect("/_stcore/stream", headers={"host": "localhost:8501"}) as opened:
        assert opened.receive_text() == "hello"
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/", headers={"host": "evil.example"}):
        pass
    elsewhere = TestClient(client.app, base_url="http://localhost:8501", client=("192.0.2.7", 4711))
    assert elsewhere.get("/").status_code == 403


def test_listening_for_others_needs_sign_in(tmp_path):
    env = {name: value for name, value in os.environ.items() if not name.startswith("FORECOURT_")}
    ran = subprocess.run(
        [sys.executable, "-m", "dashboards", "--host", "0.0.0.0"],
        cwd=tmp_path, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 2
    assert "configure sign_in" in ran.stderr


def test_the_options_that_the_configuration_relies_on_exist():
    """`runner.postScriptGC` is not documented; without it each rerun collects all garbage."""
    for option in (
        "runner.postScriptGC", "runner.magicEnabled", "browser.gatherUsageStats", "server.address",
        "server.fileWatcherType", "client.toolbarMode",
    ):  # fmt: skip
        assert option in config._config_options_template
