"""A served app on a small published snapshot and one real Chromium for all browser tests."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboards.browser import running_app, running_browser
from serving.snapshot import publish
from serving.store import Snapshot, Store
from tests.unit.serving.warehouse import write_warehouse


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One Chromium for a file of tests: while it lives, Playwright's event loop runs in this thread, and no
    test that starts a loop of its own could run.
    """
    with running_browser() as running:
        yield running


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    publish(write_warehouse(folder / "warehouse.duckdb"), folder / "snapshots")
    return folder


@pytest.fixture(scope="session")
def snapshot(data_dir: Path) -> Snapshot:
    return Store(data_dir / "snapshots").snapshot()


@pytest.fixture(scope="session")
def address(data_dir: Path) -> Iterator[str]:
    """The address of the served app."""
    with running_app(data_dir) as running:
        yield running


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page of its own context at a desk's size. Every request it makes is in `page.requests`, every error
    of its console in `page.complaints`.
    """
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    opened = context.new_page()
    opened.requests = []
    opened.on("request", lambda request: opened.requests.append(request.url))
    opened.on("websocket", lambda socket: opened.requests.append(socket.url))
    opened.complaints = []
    opened.on("console", lambda said: opened.complaints.append(said.text) if said.type == "error" else None)
    yield opened
    context.close()


@pytest.fixture
def provider() -> Iterator[str]:
    """The address of a local OpenID Connect provider that vouches for a dealer's and a stranger's address."""
    import oidc_provider_mock as mock

    people = [mock.User(sub=name, claims={"email": f"{name}@example.org"}) for name in ("dealer", "stranger")]
    with mock.run_server_in_thread(user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"
