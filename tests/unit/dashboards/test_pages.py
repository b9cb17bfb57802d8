"""Pages run from end to end without a browser: what they say in each state."""

import shutil
from datetime import timedelta

import duckdb
import pytest

from dashboards import formats
from serving import funnel as questions
from serving import weak_links
from serving.scope import Period, Scope
from serving.snapshot import current, publish
from tests.unit.serving.warehouse import AS_OF, WEAK_DEALER, write_warehouse

FUNNEL = "dealer_funnel"
YEAR = Period(AS_OF - timedelta(days=364), AS_OF)
WEAK_NAME = "Autohaus Krüger Nord"


def words(app) -> str:
    """All text of a page that is not in a chart."""
    kinds = (app.title, app.header, app.caption, app.markdown, app.info, app.error, app.warning)
    return "\n".join(element.value for kind in kinds for element in kind)


def values(app) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def assert_fine(app) -> None:
    assert not app.exception
    assert not app.error


def test_the_network_page_shows_the_numbers_of_the_snapshot(open_page, network_dir, snapshot):
    app = open_page(network_dir, FUNNEL)
    assert_fine(app)
    funnel = questions.funnel(snapshot, YEAR)
    expected = [questions.leads(funnel), *(step.passed for step in funnel)]
    assert list(values(app).values()) == [formats.compact(count) for count in expected]
    table = app.table[0].value
    assert list(table["Took it"]) == [formats.count(count) for count in expected]
    assert list(table["Rate"])[1:] == [formats.rate(step.rate) for step in funnel]
    assert f"**{WEAK_NAME}** (Sachsen) loses most between visit and test drive" in words(app)
    assert "Data to 31 Oct 2026" in words(app)
    assert "3 rows rejected" in words(app)


@pytest.mark.parametrize("period", ["90 days", "12 months", "36 months", "Custom"])
@pytest.mark.parametrize("query", [{}, {"region": "Sachsen"}, {"dealer": WEAK_NAME}])
def test_every_period_and_scope_of_a_link_opens(open_page, network_dir, period, query):
    app = open_page(network_dir, FUNNEL, period=period, **query)
    assert_fine(app)
    assert len(app.metric) == 6


def test_a_link_to_a_region_counts_the_region_only(open_page, network_dir, snapshot):
    app = open_page(network_dir, FUNNEL, region="Bayern")
    funnel = questions.funnel(snapshot, YEAR, Scope(region="DE-BY"))
    assert values(app)["Leads"] == formats.compact(questions.leads(funnel))
    assert list(app.selectbox(key="dealer").options) != []
    assert "Dealers against the network, pp" in words(app)


def test_a_dealer_is_compared_with_region_network_target_and_peers(open_page, network_dir, snapshot):
    app = open_page(network_dir, FUNNEL, dealer=WEAK_NAME)
    assert app.selectbox(key="dealer").value == WEAK_DEALER
    assert "Against its peers, 12 months" in words(app)
    table = app.table[0].value
    for column in ("Region", "Network", "Target"):
        assert all(value != formats.MISSING for value in list(table[column])[1:])
    assert "▲ region" in words(app)


def test_a_custom_period_counts_its_days_only(open_page, network_dir, snapshot):
    app = open_page(network_dir, FUNNEL, period="Custom")
    app.date_input(key="days").set_value((AS_OF - timedelta(days=400), AS_OF - timedelta(days=300))).run()
    assert_fine(app)
    period = Period(AS_OF - timedelta(days=400), AS_OF - timedelta(days=300))
    assert values(app)["Leads"] == formats.compact(questions.leads(questions.funnel(snapshot, period)))


def test_the_chart_in_words_names_the_step_whose_bar_is_orange(open_page, network_dir, snapshot):
    links = weak_links.weak_links(snapshot, "365d")
    costliest, weakest = links[0].step, weak_links.weakest_step(links)
    assert costliest != weakest, "else this world cannot tell the two apart"
    pair = next(f"{one.from_name} → {one.step_name}" for one in links if one.step == weakest)
    chart = open_page(network_dir, FUNNEL).get("echarts_chart")[0].proto
    assert chart.alt == f"Funnel of Whole network. Weakest step {pair}."


def test_a_page_on_another_period_names_the_window_of_its_weak_links(open_page, network_dir):
    app = open_page(network_dir, FUNNEL, period="Custom")
    ended = AS_OF - timedelta(days=1)
    app.date_input(key="days").set_value((ended - timedelta(days=29), ended)).run()
    assert "Weak links, 90 days" in words(app)
    assert "Weak links are judged on fixed windows, not on the period chosen: here 90 days." in words(app)
    assert "judged on fixed windows" not in words(open_page(network_dir, FUNNEL))


def test_young_cohorts_are_said_to_be_too_early(open_page, network_dir):
    app = open_page(network_dir, FUNNEL, period="90 days")
    table = app.table[0].value.set_index("Stage")
    assert table.loc["Deliveries", "Rate"] == "too early"
    assert table.loc["Cards", "Rate"].endswith("%")
    assert table.loc["Visits", "Still open"] != "0"
    assert "rates count leads whose window is over" in words(app)


def test_few_leads_give_no_rate(open_page, network_dir):
    app = open_page(network_dir, FUNNEL, period="Custom", dealer=WEAK_NAME)
    app.date_input(key="days").set_value((AS_OF - timedelta(days=400), AS_OF - timedelta(days=398))).run()
    assert_fine(app)
    assert list(app.table[0].value["Rate"])[1:] == ["n < 20"] * 5


def test_data_without_dealers_say_no_data_and_not_zero(open_page, public_dir):
    app = open_page(public_dir, FUNNEL)
    assert_fine(app)
    shown = values(app)
    assert [shown[name] for name in ("Cards", "Visits", "Test drives", "Deliveries")] == ["no data"] * 4
    assert shown["Leads"] not in ("0", "no data")
    assert shown["Orders"] not in ("0", "no data")
    assert "No dealers in these data" in words(app)
    assert app.selectbox(key="dealer").disabled
    assert "loses most" not in words(app)


def test_an_empty_scope_says_so_and_keeps_the_controls(open_page, network_dir):
    app = open_page(network_dir, FUNNEL, period="Custom")
    long_ago = AS_OF - timedelta(days=3000)
    app.date_input(key="days").set_value((long_ago, long_ago + timedelta(days=5))).run()
    assert not app.exception
    assert "No leads of Whole network" in app.info[0].value
    assert app.selectbox(key="region").options


def test_before_the_first_publish_the_page_says_what_to_run(open_page, tmp_path):
    for page in ("", "data_health"):
        app = open_page(tmp_path, page)
        assert not app.exception
        assert "make run" in app.info[0].value


def test_a_broken_snapshot_is_named(open_page, network_dir, tmp_path):
    shutil.copytree(network_dir / "snapshots", tmp_path / "snapshots")
    current(tmp_path / "snapshots").path.write_bytes(b"not a database")
    for page in ("", "data_health"):
        app = open_page(tmp_path, page)
        assert not app.exception
        assert "cannot be read" in app.error[0].value


def test_an_unknown_region_in_a_link_is_ignored(open_page, network_dir):
    app = open_page(network_dir, FUNNEL, region="Atlantis")
    assert_fine(app)
    assert app.selectbox(key="region").value is None


def test_data_health_adds_up(open_page, network_dir):
    app = open_page(network_dir, "data_health")
    assert_fine(app)
    shown = values(app)
    assert [shown[name] for name in ("Read", "Loaded", "Rejected", "Repeated")] == [
        "7,200",
        "7,182",
        "18",
        "0",
    ]
    assert list(app.dataframe[1].value["Rule"]) == ["pattern", "required", "type"]


def test_a_dictionary_without_indicators_says_so(open_page, network_dir):
    app = open_page(network_dir, "indicator_dictionary")
    assert_fine(app)
    assert "No indicator is described in this snapshot yet" in words(app)


def judged(folder, state: str) -> None:
    """Publish a network whose funnel has this state."""
    path = write_warehouse(folder / "warehouse.duckdb")
    with duckdb.connect(str(path)) as con:
        con.execute(
            "INSERT INTO serving.srv_indicator_status BY NAME SELECT 'fnl_card_rate' AS code, ? AS state, "
            "'the test crm_loads_balance failed' AS reason, 0.625 AS last_good_value, "
            "'30 days' AS last_good_period, now() AS last_good_at",
            [state],
        )
    publish(path, folder / "snapshots")


def test_a_withheld_funnel_shows_why_and_its_last_good_value_and_no_number(open_page, tmp_path):
    judged(tmp_path, "withheld")
    app = open_page(tmp_path, FUNNEL)
    assert not app.exception
    assert not app.metric
    [said] = [error.value for error in app.error]
    assert "crm" in said
    assert "0.625" in said


def test_a_funnel_with_a_warning_shows_both(open_page, tmp_path):
    judged(tmp_path, "warning")
    app = open_page(tmp_path, FUNNEL)
    assert_fine(app)
    assert app.metric
    assert "Read with care" in words(app)


def test_the_question_mark_of_a_stage_says_what_it_counts(open_page, network_dir):
    cards = {metric.label: metric.help for metric in open_page(network_dir, FUNNEL).metric}
    assert "漏斗建卡率" in cards["Cards"]
    assert "indicator-dictionary?code=fnl_card_rate" in cards["Cards"]


def test_the_same_step_beside_the_period_before_and_a_year_ago(open_page, network_dir, snapshot):
    table = open_page(network_dir, FUNNEL).table[0].value
    earlier = questions.funnel(snapshot, YEAR.before())
    assert list(table["Period before"])[1:] == [
        formats.rate(step.rate) if step.is_sure else formats.MISSING for step in earlier
    ]
    assert next(iter(table["Of all leads"])) == "100%"


@pytest.mark.parametrize("bars", ["Share of all leads", "Leads left"])
def test_the_bars_are_chosen_by_the_link(open_page, network_dir, bars):
    app = open_page(network_dir, FUNNEL, bars=bars)
    assert_fine(app)
    assert app.get("button_group")


def test_activity_counts_what_happened_and_says_what_no_source_has(open_page, network_dir, snapshot):
    app = open_page(network_dir, FUNNEL, basis="Activity", period="90 days")
    assert_fine(app)
    leads = snapshot.query(
        "SELECT sum(lead_cnt)::BIGINT AS n FROM indicators.ind_lead_1d WHERE stat_date > $1",
        [AS_OF - timedelta(days=90)],
    ).to_pylist()[0]["n"]
    assert values(app)["Leads"] == formats.compact(leads)


def test_behind_a_step_stand_its_dealers_and_behind_a_dealer_its_people(open_page, network_dir):
    app = open_page(network_dir, FUNNEL, step="Visits → Test drives")
    assert_fine(app)
    assert "Dealers at Test drives" in words(app)
    app = open_page(network_dir, FUNNEL, step="Visits → Test drives", dealer=WEAK_NAME, people="true")
    assert_fine(app)
    assert "People at Test drives" in words(app)
