"""The comparison and the scorecard: who is ranked where, what waits, and what to do."""

import pytest

from dashboards.charts import dealer_matrix, ranked_dots
from dashboards.theme import DARK, LIGHT, contrast, text_on
from serving.queues import queues
from serving.weak_links import judged_dealers
from tests.unit.serving.warehouse import WEAK_DEALER

WEAK_NAME = "Autohaus Krüger Nord"


def said(app) -> str:
    kinds = (app.title, app.header, app.caption, app.markdown, app.info)
    return "\n".join(element.value for kind in kinds for element in kind)


def test_the_weakest_dealer_of_a_step_is_first(open_page, network_dir):
    app = open_page(network_dir, "dealer_comparison", step="Test drives")
    assert not app.exception
    assert app.table[0].value["Dealer"].iloc[0] == WEAK_NAME
    best = open_page(network_dir, "dealer_comparison", step="Test drives", order="Best first")
    assert best.table[0].value["Dealer"].iloc[0] != WEAK_NAME
    assert len(best.table[0].value) == len(app.table[0].value) == 40


def test_a_region_is_compared_by_itself(open_page, network_dir):
    app = open_page(network_dir, "dealer_comparison", region="Bayern", window="the whole history")
    assert not app.exception
    assert set(app.table[0].value["Region"]) == {"Bayern"}


def test_dots_have_intervals_and_cells_can_be_read(snapshot):
    links = [one for one in judged_dealers(snapshot, "365d") if one.step == "test_drive"]
    option = ranked_dots.ranked_dots(links, (0.4, 0.6), LIGHT)["baseOption"]
    dots = option["series"][2]["data"]
    assert len(dots) == len(option["yAxis"]["data"]) == 40
    assert {dot["itemStyle"]["color"] for dot in dots} >= {LIGHT.weak, LIGHT.brand}
    lines = [(one.dealer_name, {"test_drive": one}) for one in links]
    cells = dealer_matrix.dealer_matrix(lines, [("test_drive", "Test drives")], DARK)["baseOption"]
    for cell in cells["series"][0]["data"]:
        if cell["label"]["formatter"] != "·":
            assert contrast(cell["itemStyle"]["color"], cell["label"]["color"]) >= 4.5
            assert cell["label"]["color"] == text_on(cell["itemStyle"]["color"])


def test_a_dealer_sees_what_waits_and_what_to_do(open_page, network_dir):
    app = open_page(network_dir, "dealer_scorecard", dealer=WEAK_NAME)
    assert not app.exception
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["Leads not contacted"] == "3"
    assert shown["Complaints open"] == "0"
    assert "▲ oldest since 20 Oct 2026" in said(app)
    assert "Offer a test drive to every visitor" in said(app)


def test_queues_are_all_there_also_when_nothing_waits(snapshot):
    found = {one.queue: one.waiting_cnt for one in queues(snapshot, WEAK_DEALER)}
    assert found == {
        "lead_unanswered": 3, "quote_unanswered": 0, "delivery_late": 0, "complaint_open": 0,
    }  # fmt: skip


@pytest.mark.parametrize("page", ["dealer_comparison", "dealer_scorecard"])
def test_data_without_dealers_say_so(open_page, public_dir, page):
    app = open_page(public_dir, page)
    assert not app.exception
    assert app.info
