"""What a person sees: seconds to the first chart and from a filter to the new chart, in a real Chromium."""

import statistics
import time
from typing import Any

from dashboards.browser import running_browser
from tests.bench.dashboards.load import PAGE, percentile


def person(address: str, runs: int) -> list[dict[str, object]]:
    """Open the page several times with a warm browser, then change the region several times."""
    with running_browser() as browser:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        page = context.new_page()
        _open(page, address)
        opened = [_open(page, address) for _ in range(runs)]
        page.get_by_role("combobox", name="Region").click()
        names = page.get_by_role("option").all_inner_texts()
        page.keyboard.press("Escape")
        changed = [_choose_region(page, names[number % len(names)]) for number in range(runs)]
        context.close()
    return [_row("first chart, warm browser", opened), _row("filter to new chart, browser", changed)]


def _open(page: Any, address: str) -> float:
    started = time.perf_counter()
    page.goto(f"{address}/{PAGE}", wait_until="commit")
    page.locator(".st-key-card_funnel svg text").first.wait_for()
    return time.perf_counter() - started


def _choose_region(page: Any, name: str) -> float:
    """From the click on an option to other numbers in the chart, whose text is in the document."""
    chart = page.locator(".st-key-funnel_rates svg", has=page.locator("text")).first
    before = chart.text_content()
    page.get_by_role("combobox", name="Region").click()
    option = page.get_by_role("option", name=name, exact=True)
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
