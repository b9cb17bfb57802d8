"""The accessibility rules of axe on every page: nothing critical or serious, with one exception upstream."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from dashboards.browser import settle
from dashboards.pages import PAGES

pytestmark = pytest.mark.browser

# Streamlit's own: the small line of a metric is an image without a name.
UPSTREAM = {"svg-img-alt"}


@pytest.mark.parametrize(("mode", "pages"), [("light", PAGES), ("dark", PAGES[:3])])
def test_no_page_breaks_a_serious_rule(browser, address, mode, pages):
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, color_scheme=mode, reduced_motion="reduce"
    )
    page = context.new_page()
    broken = []
    for spec in pages:
        page.goto(f"{address}/{'' if spec is PAGES[0] else spec.url_path}")
        settle(page)
        for found in Axe().run(page).response["violations"]:
            if found["impact"] in ("critical", "serious") and found["id"] not in UPSTREAM:
                broken.append(f"{spec.name}: {found['id']} at {found['nodes'][0]['html'][:160]}")
    context.close()
    assert broken == []
