"""Signing in with a real provider on this host: the link survives, and each reader sees their own dealers."""

import shutil
from datetime import date

import pytest
from playwright.sync_api import expect

from dashboards.browser import running_app, settle
from serving.access import grant
from tests.unit.serving.warehouse import WEAK_DEALER

pytestmark = pytest.mark.browser


def sign_in(page, url: str, name: str) -> None:
    page.goto(url)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_url(url)
    settle(page)


def test_a_dealer_arrives_where_the_link_led_and_a_stranger_sees_nothing(page, data_dir, provider, tmp_path):
    shutil.copytree(data_dir / "snapshots", tmp_path / "snapshots")
    state = tmp_path / "state" / "state.sqlite"
    grant(state, "dealer@example.org", "dealer", [WEAK_DEALER], by="admin", valid_from=date(2026, 1, 1))
    with running_app(tmp_path, provider=provider) as address:
        link = f"{address}/dealer-funnel?period=36+months"
        sign_in(page, link, "dealer")
        expect(page.get_by_role("radio", name="36 months")).to_be_checked()
        expect(page.locator(".st-key-badges")).to_contain_text(WEAK_DEALER)
        expect(page.get_by_test_id("stMetric").first).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        page.locator("form button").first.click()  # the provider asks whether its own session shall end
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        sign_in(page, link, "stranger")
        expect(page.get_by_text("You see no part of the network yet")).to_be_visible()
        expect(page.get_by_test_id("stMetric")).to_have_count(0)
