"""The sentences."""

from dashboards.findings import escape, finding, summary, weakest_pair, window_note
from serving.scope import NETWORK, Scope
from tests.unit.dashboards.test_charts import link


def test_the_weakest_link_is_named_with_both_rates_and_its_cost():
    text = finding([link()], [], NETWORK, "365d")
    assert text == (
        "**Autohaus Weiß** (Bayern) loses most between card and visit: :orange[**31%**] against **62%** "
        "at its peers, about **9** deliveries in 12 months."
    )


def test_small_costs_are_said_in_words():
    assert "less than one delivery" in finding([link(lost_deliveries=0.4)], [], NETWORK, "90d")
    assert "about **1** delivery in" in finding([link(lost_deliveries=1.2)], [], NETWORK, "90d")


def test_nothing_weak_and_nothing_to_judge_are_different_sentences():
    dealer = Scope(dealer="D1")
    assert "every dealer keeps up" in finding([], [], NETWORK, "365d")
    assert "No weak link" in finding([], [link(is_weak=False)], dealer, "365d")
    assert "too few peers" in finding([], [link(is_weak=False, benchmark_rate=None)], dealer, "365d")
    assert "too few peers" in finding([], [], dealer, "365d")


def test_the_summary_counts_links_and_dealers_and_names_the_costliest_step():
    order = {"step": "order", "step_name": "Order", "from_name": "Visit", "lost_deliveries": 5.0}
    links = [link(), link(dealer_id="D2", **order), link(dealer_id="D2", lost_deliveries=1.0)]
    text = summary(links, 40, NETWORK)
    assert text == (
        "Together 3 weak links at 2 of 40 dealers cost about 15 deliveries, the largest part at Card → Visit."
    )
    assert summary(links[:1], 40, NETWORK) == ""
    assert summary(links, 40, Scope(dealer="D1")) == ""


def test_the_weakest_pair_is_that_of_the_largest_sum_and_not_of_the_costliest_link():
    order = {"step": "order", "step_name": "Order", "from_name": "Visit", "lost_deliveries": 5.0}
    links = [link(lost_deliveries=9.0), link(dealer_id="D2", **order), link(dealer_id="D3", **order)]
    assert weakest_pair(links) == "Visit → Order"
    assert weakest_pair([]) is None


def test_the_window_is_named_where_it_is_not_the_period():
    assert window_note("12 months", "365d") == ""
    assert window_note("period", "90d").endswith("here 90 days.")
    assert window_note("36 months", "all").endswith("here the whole history.")


def test_names_are_text_not_markup():
    assert escape("A*B [x](http://e) :red") == r"A\*B \[x\]\(http\://e\) \:red"
