"""What a person sees: seconds to the first chart and from a filter to the new chart, in a real Chromium."""

import statistics
import time
from typing import Any

from dashboards.browser import running_browser
from tests.bench.dashboards.load import PAGE, percentile

CHART = "[data-testid=stEchartsChart] svg text, [class*=st-key-funnel_] svg text"


def person(address: str, runs: int) -> list[dict[str, object]]:
    """Open the page several times with a warm browser, then change the region several times."""
    with running_browser() as browser:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        page = context.new_page()
        _open(page, address)
        opened = [_open(page, address) for _ in range(runs)]
        changed = [_choose_region(page, number) for number in range(runs)]
        context.close()
    return [_row("first chart, warm browser", opened), _row("filter to new chart, browser", changed)]


def _open(page: Any, address: str) -> float:
    started = time.perf_counter()
    page.goto(f"{address}/{PAGE}", wait_until="commit")
    page.locator(".st-key-card_funnel svg text").first.wait_for()
    return time.perf_counter() - started


def _choose_region(page: Any, number: int) -> float:
    """From the click on an option to another number of leads in the chart."""
    chart = page.locator(".st-key-card_funnel svg text").filter(has_text=",").first
    before = chart.text_content()
    page.get_by_role("combobox", name="Region").click()
    option = page.get_by_role("option").nth(number + 1)
    started = time.perf_counter()
    option.click()
    while chart.text_content() == before:
        if time.perf_counter() - started > 20:
            raise TimeoutError("The chart did not change for 20 s.")
    return time.perf_counter() - started


def _row(what: str, seconds: list[float]) -> dict[str, object]:
    waits = [1000 * one for one in seconds]
    return {
        "what": what,
        "runs": len(waits),
        "p50 (ms)": round(statistics.median(waits)),
        "p95 (ms)": round(percentile(waits, 0.95)),
    }
