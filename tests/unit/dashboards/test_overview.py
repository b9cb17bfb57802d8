"""The overview: what it finds, the month, and the way to the dealer."""

from dashboards.overview_page.sentences import sentence
from dashboards.words import speak
from serving.insights import Insight, insights
from serving.scope import NETWORK, Scope
from tests.unit.serving.warehouse import WEAK_DEALER

LOSS = Insight("loss", "network", None, None, "test_drive", "visit", 0.305, 0.612, 12.34, 9, 3)
CHANGE = Insight("change", "region", "DE-BY", "Bayern", "order", "test_drive", 0.25, 0.31, None, None, None)


def said(app) -> str:
    return "\n".join(element.value for kind in (app.markdown, app.caption, app.header) for element in kind)


def test_a_loss_says_where_how_much_against_what_and_at_how_many():
    assert sentence(LOSS, "12 months") == (
        "**The network** loses about **12.3** deliveries at Visits → Test drives in 12 months: "
        "9 weak dealers pass :orange[**31%**] against 61% at their peers; 3 of them hold most of it."
    )


def test_a_change_has_a_sign_and_an_arrow():
    text = sentence(CHANGE, "12 months")
    assert "▼ −6.0 pp, 25% against 31%" in text  # noqa: RUF001
    speak("zh")
    assert "去年同期" in sentence(CHANGE, "12 个月")
    speak("en")


def test_the_network_and_the_weak_dealer_tell_the_same_loss(snapshot):
    network = next(one for one in insights(snapshot, "365d", NETWORK) if one.step == "test_drive")
    [dealer] = insights(snapshot, "365d", Scope(dealer=WEAK_DEALER))
    assert (network.step, dealer.step, dealer.from_step) == ("test_drive", "test_drive", "visit")
    assert network.lost_deliveries >= dealer.lost_deliveries
    assert insights(snapshot, "365d", Scope(region="DE-BY")) == []


def test_the_page_leads_to_the_dealer_that_loses_most(open_page, network_dir):
    app = open_page(network_dir, "overview")
    assert not app.exception
    assert "**The network** loses about" in said(app)
    assert app.dataframe[0].value["Dealer"][0] == "Autohaus Krüger Nord"
    app = open_page(network_dir, "overview", dealer="Autohaus Krüger Nord")
    assert not app.exception
    assert "**Autohaus Krüger Nord** loses about" in said(app)


def test_where_nothing_is_weak_the_page_says_so(open_page, network_dir):
    assert "Nothing stands out in Bayern" in said(open_page(network_dir, "overview", region="Bayern"))


def test_data_without_dealers_have_an_overview(open_page, public_dir):
    app = open_page(public_dir, "overview")
    assert not app.exception
    assert "Nothing stands out" in said(app)
