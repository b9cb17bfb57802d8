"""The shipped registry on a published snapshot: every code answers, and the answers are the facts' own."""

# ruff: noqa: E501  (a query by hand is one line)

from collections.abc import Iterator

import duckdb
import pytest

from indicators.planner import Request, plan
from indicators.registry import Registry, load_registry
from serving.errors import QueryFailed
from serving.query import query_indicator
from serving.store import Store


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


@pytest.fixture(scope="module")
def store(tiny) -> Store:
    return Store(tiny.snapshots_dir)


@pytest.fixture(scope="module")
def facts(tiny) -> Iterator[duckdb.DuckDBPyConnection]:
    with tiny.connect() as connection:
        yield connection


def values(store: Store, registry: Registry, request: Request) -> dict:
    """The answer as {keys: value}."""
    planned = plan(registry, request)
    rows = store.query(planned.sql, planned.params).to_pylist()
    keys = [*(["period"] if request.grain else []), *request.by]
    return {tuple(row[key] for key in keys): row["value"] for row in rows}


def test_every_written_code_answers_by_every_way_to_cut_it(store, registry):
    as_of = store.query("select max(as_of_on) as on_date from serving.srv_as_of").to_pylist()[0]["on_date"]
    rows = store.query("select code, dims from serving.srv_indicator_catalogue").to_pylist()
    assert len(rows) >= 80
    for row in rows:
        dims = row["dims"].split(",") if row["dims"] else []
        for by in ((), *((name,) for name in dims)):
            request = Request(row["code"], by=by, as_of=as_of)
            try:
                answer = query_indicator(store, registry, request)
            except QueryFailed as refusal:  # three years of cohorts have none that is 36 months old
                assert "is mature" in str(refusal)
                continue
            assert tuple(answer.table.column_names) == answer.plan.columns


@pytest.mark.parametrize(
    ("code", "by", "sql"),
    [
        ("lead_cnt", ("dealer",), "select dealer_id, count(*) from core.fct_lead where is_counted group by 1"),
        ("lead_uv", (), "select count(distinct one_id) from core.fct_lead where is_counted"),
        ("visit_uv", ("tier",), "select tier, count(distinct one_id) from core.fct_visit left join core.dim_dealer using (dealer_id) group by 1"),
        ("order_amt", ("series",), "select series_code, sum(order_amt)::double from core.fct_order where is_counted group by 1"),
        ("cpl", (), "select (select sum(spend_amt) from core.fct_campaign_day) / (select count(*) from core.fct_lead where is_counted)"),
        ("nps", (), "select 100.0 * sum(case when nps_score >= 9 then 1 when nps_score <= 6 then -1 else 0 end) / count(*) from core.fct_survey where kind = 'sales'"),
        ("svc_aro", ("ro_kind",), "select kind, avg(ro_amt)::double from core.fct_repair_order group by 1"),
        ("td_score", (), "select avg(score) from core.fct_test_drive"),
    ],
)  # fmt: skip
def test_an_indicator_equals_sql_written_by_hand_on_the_facts(store, registry, facts, code, by, sql):
    wanted = {tuple(row[:-1]): row[-1] for row in facts.execute(sql).fetchall()}
    found = values(store, registry, Request(code, by=by))
    assert {k: v for k, v in found.items() if v} == pytest.approx({k: v for k, v in wanted.items() if v})


def test_people_of_a_month_are_counted_once_however_often_they_came(store, registry, facts):
    found = values(store, registry, Request("app_uv", grain="month"))
    wanted = facts.execute(
        "select date_trunc('month', occurred_on)::date, count(distinct one_id) from core.fct_app_event group by 1"
    ).fetchall()
    assert {key[0]: value for key, value in found.items()} == dict(wanted)
    daily = values(store, registry, Request("app_uv", grain="day"))
    assert sum(daily.values()) > sum(found.values())


def test_the_funnel_page_and_the_indicators_agree(store, registry):
    funnel = store.query(
        "select step, sum(mature_passed_cnt)::double as passed, sum(mature_entered_cnt)::double as entered"
        " from serving.srv_dealer_funnel group by step"
    ).to_pylist()
    rates = {row["step"]: row["passed"] / row["entered"] for row in funnel}
    codes = {"card": "card", "visit": "visit", "test_drive": "td", "order": "order", "delivery": "delivery"}
    for step, word in codes.items():
        assert values(store, registry, Request(f"fnl_{word}_rate"))[()] == pytest.approx(rates[step])


def test_a_step_has_the_window_that_the_registry_gives_it(store, registry):
    steps = store.query("select step, window_days from serving.srv_funnel_step").to_pylist()
    codes = {"card": "card", "visit": "visit", "test_drive": "td", "order": "order", "delivery": "delivery"}
    assert {row["step"]: row["window_days"] for row in steps} == {
        step: registry.matures(f"fnl_{word}_cnt") for step, word in codes.items()
    }
