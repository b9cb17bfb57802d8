"""The planner's SQL on the compiler's cubes gives what counting the facts by hand gives."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlglot
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.planner import PlanError, Request, plan
from indicators.registry import Registry, load_registry
from tests.unit.indicators.cube_world import CubeWorld, Lead, Visit
from tests.unit.indicators.oracle import answer
from tests.unit.indicators.small_registry import small_registry

FIRST, LAST = date(2026, 1, 28), date(2026, 4, 2)
DAYS = st.dates(FIRST, LAST)
DEALERS = st.sampled_from(["D1", "D2", "D3", None])
REGIONS = st.sampled_from(["BY", "HH", None])
PEOPLE = st.sampled_from(["p1", "p2", "p3", None])
CHANNELS = st.sampled_from(["website", "app", "phone", None])
LEAD_DIMS, VISIT_DIMS = ["dealer", "region", "channel", "tier"], ["dealer", "region", "tier"]
VALUES = {"dealer": ["D1", "D9", None], "region": ["BY"], "channel": ["app", None], "tier": ["A"]}


@st.composite
def lead(draw: st.DrawFn) -> Lead:
    on = draw(DAYS)
    at = datetime(on.year, on.month, on.day, draw(st.integers(0, 23)))
    visited = draw(st.none() | st.integers(0, 40 * 24).map(lambda hours: at + timedelta(hours=hours)))
    return Lead(
        lead_id=str(draw(st.integers(0, 10**9))),
        one_id=draw(PEOPLE),
        dealer_id=draw(DEALERS),
        region_code=draw(REGIONS),
        channel=draw(CHANNELS),
        created_on=draw(st.sampled_from([on, on, on, None])),
        created_at=at,
        is_counted=draw(st.booleans()),
        visited_at=visited,
        spend_amt=draw(st.none() | st.integers(0, 900).map(lambda cents: cents / 100)),
    )


VISITS = st.builds(
    Visit,
    visit_id=st.integers(0, 10**9).map(str),
    one_id=PEOPLE,
    dealer_id=DEALERS,
    region_code=REGIONS,
    arrived_on=DAYS,
    has_test_drive=st.booleans(),
)
PLAIN = ["lead_cnt", "lead_uv", "lead_visit_cnt", "spend_amt", "lead2visit_rate", "cpl"]
PLAIN_VISIT = ["visit_cnt", "visit_td_cnt", "visit_uv", "visit_td_uv"]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CubeWorld]:
    world = CubeWorld(small_registry(tmp_path_factory.mktemp("registry")))
    yield world
    world.connection.close()


@pytest.fixture(scope="module")
def shipped() -> Registry:
    return load_registry()


def by_key(rows: list[dict[str, Any]], by: tuple[str, ...]) -> dict[tuple[Any, ...], float]:
    """Rows as the oracle gives them: no value and zero left out."""
    return {tuple(row[name] for name in by): float(row["value"]) for row in rows if row["value"]}


@settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data(), leads=st.lists(lead(), max_size=25), visits=st.lists(VISITS, max_size=15))
def test_every_kind_of_indicator_equals_counting_by_hand(world, data, leads, visits):
    as_of = data.draw(DAYS)
    world.build(leads, visits, as_of)
    for codes, dims in ((PLAIN, LEAD_DIMS), (PLAIN_VISIT, VISIT_DIMS)):
        code = data.draw(st.sampled_from(codes))
        by = tuple(data.draw(st.lists(st.sampled_from(dims), unique=True, max_size=3)))
        where = {
            name: VALUES[name] for name in data.draw(st.lists(st.sampled_from(dims), unique=True, max_size=2))
        }
        first, last = sorted([data.draw(DAYS), data.draw(DAYS)])
        rows = world.ask(Request(code, by=by, date_from=first, date_to=last, where=where))
        wanted = answer(leads, visits, code, first, last, by=by, where=where, as_of=as_of)
        assert by_key(rows, by) == pytest.approx(wanted)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data(), leads=st.lists(lead(), max_size=25))
def test_a_derived_indicator_counts_its_period_for_each_statistical_date(world, data, leads):
    as_of = date(2026, 3, 31)
    world.build(leads, [], as_of)
    code, base, digital = data.draw(
        st.sampled_from(
            [
                ("lead_cnt_7d", "lead_cnt", False),
                ("lead_uv_dig_7d", "lead_uv", True),
                ("lead2visit_rate_30d", "lead2visit_rate", False),
            ]
        )
    )
    length = int(code.rsplit("_", 1)[1].removesuffix("d"))
    first, last = sorted([data.draw(DAYS), data.draw(DAYS)])
    rows = world.ask(Request(code, by=["channel"], date_from=first, date_to=last, grain="day"))
    found = by_key(rows, ("period", "channel"))
    wanted = {}
    for on in (first + timedelta(days=i) for i in range((last - first).days + 1)):
        start = on - timedelta(days=length - 1)
        day = answer(leads, [], base, start, on, by=("channel",), digital=digital, as_of=as_of)
        wanted |= {(on, *key): value for key, value in day.items()}
    assert found == pytest.approx(wanted)


def some_lead(on: str, one_id: str = "p1", channel: str = "app", **changes: Any) -> Lead:
    at = datetime.fromisoformat(on)
    values = {"is_counted": True, "visited_at": None, "spend_amt": None, **changes}
    return Lead(f"{on}{one_id}", one_id, "D1", "BY", channel, at.date(), at, **values)


def test_months_add_up_for_counts_and_not_for_people(world):
    world.build([some_lead("2026-02-03"), some_lead("2026-03-04"), some_lead("2026-03-05", "p2")], [])
    monthly = world.ask(Request("lead_uv", grain="month"))
    assert [(row["period"], row["value"]) for row in monthly] == [
        (date(2026, 2, 1), 1),
        (date(2026, 3, 1), 2),
    ]
    assert world.ask(Request("lead_uv"))[0]["value"] == 2
    assert world.ask(Request("lead_cnt"))[0]["value"] == 3


def test_no_data_is_not_zero(world):
    world.build([some_lead("2026-02-03", is_counted=False)], [])
    assert world.ask(Request("lead_cnt"))[0]["value"] == 0
    assert world.ask(Request("cpl"))[0]["value"] is None
    assert world.ask(Request("lead_cnt", date_from=date(2026, 3, 1)))[0]["value"] is None
    assert world.ask(Request("lead_cnt", by=["dealer"], date_from=date(2026, 3, 1))) == []


def test_young_cohorts_are_left_out_and_marked(world):
    old = some_lead("2026-02-01", visited_at=datetime(2026, 2, 5))
    world.build(
        [old, some_lead("2026-03-01")],
        [Visit("v", "p1", "D1", "BY", date(2026, 2, 5), True)],
        date(2026, 3, 31),
    )
    months = world.ask(Request("lead2visit_rate", grain="month"))
    assert [(row["value"], row["is_mature"]) for row in months] == [(1.0, True), (None, False)]
    # on the last day of the window the day is not over; on the next it is
    march = Request("lead2visit_rate", date_from=date(2026, 3, 1))
    assert world.ask(march)[0]["is_mature"] is False
    world.run("update serving.srv_as_of set as_of_on = '2026-04-01'")
    assert world.ask(march)[0]["value"] == 0.0


def test_compares_set_a_period_against_the_same_part_of_another(world):
    leads = [some_lead("2026-03-30"), some_lead("2026-03-31"), some_lead("2026-03-24")]
    world.build(leads, [])
    [row] = world.ask(Request("lead_cnt_7d_wow", date_to=date(2026, 3, 31)))
    assert (row["value_now"], row["value_before"], row["value"]) == (2, 1, 1.0)
    [row] = world.ask(Request("lead_cnt_7d_yoy", date_to=date(2026, 3, 31)))
    assert (row["value_now"], row["value_before"], row["value"]) == (2, None, None)


def test_a_difference_of_rates_is_in_percentage_points(world):
    came = {"visited_at": datetime(2026, 2, 5)}
    now = [some_lead("2026-02-01", **came), some_lead("2026-02-02")]
    before = [
        some_lead("2025-02-01", visited_at=datetime(2025, 2, 3)),
        *(some_lead(f"2025-02-0{i}") for i in (2, 3, 4)),
    ]
    world.build([*now, *before], [Visit("v", "p1", "D1", "BY", date(2026, 2, 5), True)], date(2026, 5, 1))
    request = Request("lead2visit_rate_30d_yoy_pp", date_to=date(2026, 2, 20))
    [row] = world.ask(request)
    assert (row["value_now"], row["value_before"], row["value"]) == (0.5, 0.25, 25.0)
    assert plan(world.registry, request).unit == "pp"


def test_a_formula_over_two_processes_stacks_them(shipped):
    planned = plan(shipped, Request("cac", by=["region"], grain="month"), catalog="snap")
    assert "snap.indicators.ind_campaign_1d" in planned.sql
    assert "snap.indicators.ind_order_by_region_energy_1d" in planned.sql
    assert planned.columns == ("period", "region", "value", "spend_amt", "order_cnt")
    assert planned.unit == "EUR/order"


def test_every_code_of_the_shipped_registry_can_be_planned_as_valid_sql(shipped):
    written = [*shipped.bases, *shipped.named]
    for code in [*written, *list(shipped.derived)[::23]]:
        since = date(2026, 3, 1) if code in shipped.bases else None
        planned = plan(shipped, Request(code, date_from=since, date_to=date(2026, 3, 31)))
        assert sqlglot.parse_one(planned.sql, dialect="duckdb")
        assert planned.unit


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        (Request("lead_count"), "lead_cnt"),
        (Request("visit_cnt_mtd", as_of=LAST), "entry under `derived` in visit.yml"),
        (Request("lead_cnt", by=["deler"]), "Did you mean 'dealer'"),
        (Request("lead_cnt", where={"colour": "red"}), "no dimension 'colour'"),
        (Request("visit_cnt", by=["channel"]), "dealer, region, tier"),
        (Request("lead_cnt", by=["dealer", "dealer"]), "twice"),
        (Request("lead_cnt", date_from=LAST, date_to=FIRST), "ends before it begins"),
        (Request("lead_cnt", grain="decade"), "day, week, month"),
        (Request("lead_cnt_7d"), "statistical date"),
        (Request("lead_cnt_7d", date_from=FIRST, date_to=LAST), "its own period"),
        (Request("lead_cnt_7d", date_to=LAST, grain="day"), "date_from"),
        (Request("lead_cnt_7d", date_from=date(2000, 1, 1), date_to=LAST, grain="day"), "too many"),
    ],
)
def test_a_wrong_request_is_a_clear_answer(world, request_, says):
    with pytest.raises(PlanError, match=says):
        plan(world.registry, request_)


def test_values_are_parameters_and_never_text_of_the_query(world):
    hostile = "x'); drop table indicators.ind_lead_1d; --"
    planned = plan(world.registry, Request("lead_cnt", where={"dealer": hostile}))
    assert hostile not in planned.sql
    assert hostile in planned.params.values()
