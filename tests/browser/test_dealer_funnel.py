"""The dealer funnel in a real browser: numbers, links, clicks, sizes, and no request that leaves the host."""

from datetime import timedelta
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import expect

from dashboards import formats
from dashboards.browser import settle
from serving import funnel as questions
from serving.scope import Period, Scope
from serving.snapshot import publish
from tests.unit.serving.warehouse import AS_OF, WEAK_DEALER

pytestmark = pytest.mark.browser

YEAR = Period(AS_OF - timedelta(days=364), AS_OF)


def open_at(page, url: str) -> None:
    page.goto(url)
    settle(page)


def leads_in_chart(page) -> str:
    """The number beside the bar of the leads: SVG text, so it is in the document."""
    chart = page.locator(".st-key-funnel_rates")
    return chart.locator("svg text").filter(has_text=",").first.text_content().strip()


def query(page) -> dict[str, list[str]]:
    return parse_qs(urlparse(page.url).query)


def test_the_page_shows_the_number_that_a_query_gives(page, address, snapshot):
    open_at(page, f"{address}/dealer-funnel")
    sql = """
        SELECT sum(entered_cnt)::BIGINT AS n FROM serving.srv_dealer_funnel
         WHERE step_no = 1 AND cohort_on > $day
    """
    count = snapshot.query(sql, {"day": AS_OF - timedelta(days=365)}).to_pylist()[0]["n"]
    assert count > 1000
    assert leads_in_chart(page) == f"{count:,}"
    expect(page.get_by_test_id("stMetric").first).to_contain_text(formats.compact(count))
    page.locator(".st-key-card_funnel").get_by_text("The numbers behind this chart").click()
    expect(page.locator(".st-key-card_funnel tbody tr").first).to_contain_text(f"{count:,}")


def test_a_region_is_chosen_by_link_and_by_click(page, address, snapshot):
    bavaria = questions.leads(questions.funnel(snapshot, YEAR, Scope(region="DE-BY")))
    open_at(page, f"{address}/dealer-funnel?region=Bayern")
    assert leads_in_chart(page) == f"{bavaria:,}"
    page.get_by_role("combobox", name="Region").click()
    page.get_by_role("option", name="Hessen").click()
    hessen = questions.leads(questions.funnel(snapshot, YEAR, Scope(region="DE-HE")))
    expect(page.locator(".st-key-funnel_rates svg text").filter(has_text=f"{hessen:,}").first).to_be_visible()
    settle(page)
    assert query(page)["region"] == ["Hessen"]
    page.reload()
    settle(page)
    assert leads_in_chart(page) == f"{hessen:,}"


def test_a_click_on_a_region_in_the_heat_map_opens_it(page, address):
    open_at(page, f"{address}/dealer-funnel")
    page.locator(".st-key-heat_region svg text").filter(has_text="+").first.scroll_into_view_if_needed()
    page.locator(".st-key-heat_region svg text").filter(has_text="+").first.click()
    expect(page.locator(".st-key-heat_dealer")).to_be_visible()
    settle(page)
    assert "region" in query(page)


def test_a_row_of_the_weak_links_opens_the_dealer(page, address, snapshot):
    open_at(page, f"{address}/dealer-funnel")
    # The table is a canvas: its first row stands under the line of headings, the selection box at the left.
    # Something transparent that scrolls lies over it, hence the force.
    table = page.locator(".st-key-weak_table").get_by_test_id("data-grid-canvas").first
    table.click(position={"x": 18, "y": 54}, force=True)
    expect(page.locator(".st-key-card_peers")).to_be_visible()
    settle(page)
    name = snapshot.query(
        "SELECT dealer_name FROM serving.srv_dealer WHERE dealer_id = ?", [WEAK_DEALER]
    ).to_pylist()[0]["dealer_name"]
    assert query(page)["dealer"] == [name]
    expect(page.locator(".st-key-finding")).to_contain_text(
        f"{name} (Sachsen) loses most between visit and test drive"
    )


def test_the_period_is_in_the_link(page, address):
    open_at(page, f"{address}/dealer-funnel")
    page.get_by_role("radio", name="90 days").click()
    expect(page.locator(".st-key-funnel_rates svg text").filter(has_text="too early").first).to_be_visible()
    settle(page)
    assert query(page)["period"] == ["90 days"]


SIDEWAYS = """() => Math.max(document.documentElement.scrollWidth,
                             document.querySelector('[data-testid=stMain]').scrollWidth)"""
# Texts of charts that stick out of their drawing.
CUT_OFF = """() => [...document.querySelectorAll('[class*=st-key-] svg')]
    .filter(svg => svg.querySelector('text'))
    .flatMap(svg => {
        const box = svg.getBoundingClientRect();
        const cut = text => {
            const own = text.getBoundingClientRect();
            return own.width && (own.left < box.left - 1 || own.right > box.right + 1
                                 || own.top < box.top - 1 || own.bottom > box.bottom + 1);
        };
        return [...svg.querySelectorAll('text')].filter(cut).map(text => text.textContent);
    })"""


@pytest.mark.parametrize(
    ("path", "width", "mode"),
    [
        ("/dealer-funnel", 390, "light"),
        ("/dealer-funnel", 1440, "dark"),
        ("/dealer-funnel", 1920, "light"),
        ("/dealer-funnel?dealer=Autohaus+Kr%C3%BCger+Nord", 390, "dark"),
        ("/dealer-funnel?dealer=Autohaus+Kr%C3%BCger+Nord", 1440, "light"),
        ("/dealer-funnel?region=Sachsen&bars=Leads+left", 390, "light"),
        ("/data-health", 390, "dark"),
        ("/", 390, "light"),
        ("/?lang=zh", 1440, "dark"),
        ("/dealer-comparison", 390, "dark"),
        ("/dealer-scorecard", 390, "light"),
    ],
)
def test_every_width_shows_everything_without_scrolling_sideways(browser, address, path, width, mode):
    size = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, color_scheme=mode, reduced_motion="reduce")
    page = context.new_page()
    open_at(page, address + path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate(SIDEWAYS) <= width
    assert page.evaluate(CUT_OFF) == []
    expect(page.get_by_test_id("stException")).to_have_count(0)
    context.close()


def test_no_request_leaves_the_host(page, address):
    for path in (
        "/",
        "/dealer-funnel",
        "/data-health",
        "/dealer-funnel?dealer=Autohaus+Kr%C3%BCger+Nord&bars=Leads+left",
    ):
        open_at(page, address + path)
    hosts = {urlparse(url).hostname for url in page.requests if urlparse(url).scheme not in ("data", "blob")}
    assert hosts == {"localhost"}
    # What the content security policy stops is an error in the console.
    assert [said for said in page.complaints if "Content Security Policy" in said] == []


def test_a_new_snapshot_appears_without_a_restart(page, address, data_dir, snapshot):
    """Readers move on by themselves. The content is the same: the version is what changes."""
    open_at(page, f"{address}/data-health")
    report = publish(data_dir / "warehouse.duckdb", data_dir / "snapshots")
    assert report.version > snapshot.version
    page.reload()
    settle(page)
    page.get_by_text("Data to 31 Oct 2026").first.hover()
    expect(page.get_by_text(f"as version {report.version}").first).to_be_visible()
