"""The frame of every page: languages, late data, who reads, and the audit."""

from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest

from dashboards import loaders
from dashboards.pages import PAGES
from serving.access import grant
from serving.audit import page_views
from serving.snapshot import publish
from tests.unit.serving.warehouse import write_warehouse

PROVIDER = {
    "CLIENT_ID": "forecourt", "CLIENT_SECRET": "secret", "COOKIE_SECRET": "c" * 32,
    "METADATA_URL": "http://localhost:9400/.well-known/openid-configuration", "ADDRESS": "http://localhost:8501",
}  # fmt: skip


def said(app) -> str:
    kinds = (app.title, app.caption, app.markdown, app.info, app.error, app.warning)
    return "\n".join(element.value for kind in kinds for element in kind)


@pytest.fixture
def signed_in(monkeypatch, open_page, network_dir, tmp_path):
    """`signed_in(email, page)`: the page as a reader sees it whom the provider vouches for."""
    for name, value in PROVIDER.items():
        monkeypatch.setenv(f"FORECOURT_SIGN_IN__{name}", value)
    data = tmp_path / "data"
    data.mkdir()
    (data / "snapshots").symlink_to(network_dir / "snapshots")

    def run(email: str | None, page: str = "", **query: str):
        return open_page(data, page, user=email, **query)

    run.state_file = data / "state" / "state.sqlite"
    return run


def test_a_link_decides_the_language(open_page, network_dir):
    for page in PAGES:
        app = open_page(network_dir, page.name, lang="zh")
        assert not app.exception
    app = open_page(network_dir, "data_health", lang="zh")
    assert app.title[0].value == "数据健康"


def test_without_sign_in_the_page_says_that_it_is_a_demo(open_page, network_dir):
    assert "Demo: all dealers" in said(open_page(network_dir))


def test_nobody_sees_a_number_before_signing_in(signed_in):
    app = signed_in(None)
    assert not app.metric
    assert app.button(key="sign_in").label == "Sign in"


def test_a_stranger_sees_nothing(signed_in):
    app = signed_in("stranger@example.org")
    assert not app.metric
    assert "You see no part of the network yet" in said(app)


def test_a_dealer_sees_itself_and_a_region_its_dealers(signed_in):
    grant(signed_in.state_file, "d@example.org", "dealer", ["D0007"], by="t", valid_from=date(2026, 1, 1))
    grant(signed_in.state_file, "r@example.org", "region", ["DE-BY"], by="t", valid_from=date(2026, 1, 1))
    app = signed_in("d@example.org", "dealer_funnel")
    assert not app.exception
    assert list(app.selectbox(key="dealer").options) == ["Autohaus Krüger Nord"]
    app = signed_in("r@example.org", "dealer_funnel")
    assert not app.exception
    assert len(app.selectbox(key="dealer").options) == 5
    assert "for readers of all dealers" in said(signed_in("r@example.org", "data_health"))


def test_every_page_leaves_a_row_in_the_audit(signed_in):
    grant(signed_in.state_file, "hq@example.org", "all", by="t", valid_from=date(2026, 1, 1))
    signed_in("hq@example.org", "dealer_funnel", region="Bayern")
    signed_in("stranger@example.org", "data_health")
    loaders.page_audit().flush()
    seen = {(view.viewed_by, view.page): view for view in page_views(signed_in.state_file)}
    assert seen["hq@example.org", "dealer_funnel"].query == "region=Bayern"
    assert seen["hq@example.org", "dealer_funnel"].milliseconds > 0
    assert seen["stranger@example.org", "data_health"].outcome == "out of scope"


def test_a_page_names_its_source_that_is_late(open_page, tmp_path):
    path = write_warehouse(tmp_path / "warehouse.duckdb", days=60)
    with duckdb.connect(str(path)) as con:
        con.execute(
            "INSERT INTO indicators.indicator_gate VALUES ('lead_cnt', 'age', 'age', 'warn', 'crm', 26)"
        )
    publish(path, tmp_path / "snapshots")
    assert "Late data" in said(open_page(tmp_path, "dealer_funnel"))
    assert "crm was last loaded 31 Oct 2026, 04:12 UTC, due every 26 h" in said(
        open_page(tmp_path, "dealer_funnel")
    )
    with duckdb.connect(str(path)) as con:
        con.execute(
            "UPDATE serving.srv_source_freshness SET last_loaded_at = ?",
            [datetime.now(UTC) - timedelta(hours=25)],
        )
    publish(path, tmp_path / "snapshots")
    assert "Late data" not in said(open_page(tmp_path, "dealer_funnel"))
