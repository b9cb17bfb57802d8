"""Fixtures of the page tests: published snapshots of a network, and of data without dealers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboards.pages import PAGES, page_named
from serving.snapshot import publish
from serving.store import Snapshot, Store
from tests.unit.serving.warehouse import write_warehouse

APP = Path(__file__).parents[3] / "dashboards" / "app.py"


def _published(folder: Path, **options) -> Path:
    publish(write_warehouse(folder / "warehouse.duckdb", **options), folder / "snapshots")
    return folder


@pytest.fixture(scope="session")
def network_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with 40 dealers in 8 regions and two years of leads."""
    return _published(tmp_path_factory.mktemp("network"))


@pytest.fixture(scope="session")
def public_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder like that of public data sets: no dealers, and only orders after the lead."""
    return _published(tmp_path_factory.mktemp("public"), dealers=0, with_middle_steps=False)


@pytest.fixture(scope="session")
def snapshot(network_dir: Path) -> Snapshot:
    return Store(network_dir / "snapshots").snapshot()


@pytest.fixture(scope="session", autouse=True)
def _close_stores() -> Iterator[None]:
    """Streamlit's caches outlive the tests and would keep snapshots open to the very end."""
    yield
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch):
    """Run a page on a data folder, with a query string as a link would have it; `user` is an e-mail."""

    def run(data_dir: Path, page: str = "", user: str | None = None, **query: str) -> AppTest:
        monkeypatch.setenv("FORECOURT_DATA_DIR", str(data_dir))
        app = AppTest.from_file(str(APP), default_timeout=30)
        app.user = {"is_logged_in": user is not None, **({"email": user} if user else {})}
        if page and page != PAGES[0].name:
            # switch_page() wants a run before it, and a page that was switched to forgets the link.
            app._page_hash = calc_hash(page_named(page).url_path)
        for key, value in query.items():
            app.query_params[key] = value
        return app.run()

    return run
