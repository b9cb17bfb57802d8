# ruff: noqa: E501  (a query by hand is a line)
"""What the benchmark of indicators asks: one question for each class, three ways to ask it."""

from dataclasses import dataclass
from datetime import date, timedelta

from indicators.planner import Request

TARGET = "p95 50 ms with 4 readers"
TARGET_PEOPLE = "p95 40 ms with 4 readers"


@dataclass(frozen=True)
class Question:
    """A question to the planner, the same in SQL on the facts, and its metric and cut for MetricFlow."""

    what: str
    request: Request
    by_hand: str
    metric: str
    by: tuple[str, ...] = ()
    target: str = TARGET


def questions(last: date) -> list[Question]:
    """One question for each class of indicator, over data that end on `last`."""
    year, month = last - timedelta(days=364), last - timedelta(days=29)
    days = {"date_from": year, "date_to": last}
    in_year, in_month = (f"between date '{first}' and date '{last}'" for first in (year, month))
    return [
        Question(
            "leads by region and series, 12 months",
            Request("lead_cnt", by=("region", "series"), **days),
            f"select region_code, series_code, count(*) from core.fct_lead where is_counted and created_on {in_year} group by all",
            "lead_cnt", ("region", "series"),
        ),
        Question(
            "leads by dealer and month, 12 months",
            Request("lead_cnt", by=("dealer",), grain="month", **days),
            f"select date_trunc('month', created_on)::date, dealer_id, count(*) from core.fct_lead where is_counted and created_on {in_year} group by all",
            "lead_cnt", ("metric_time__month", "dealer"),
        ),
        Question(
            "average price by series, 12 months",
            Request("atp", by=("series",), **days),
            f"select series_code, sum(order_amt)::double / count(*) from core.fct_order where is_counted and ordered_on {in_year} group by all",
            "atp", ("series",),
        ),
        Question(
            "test-drive rate by dealer, 12 months",
            Request("td_rate", by=("dealer",), **days),
            f"select dealer_id, count(*) filter (where has_test_drive) / count(*) from core.fct_visit where arrived_on {in_year} group by all",
            "td_rate", ("dealer",),
        ),
        Question(
            "median minutes to the first answer by region, 12 months",
            Request("lead_resp_min", by=("region",), **days),
            f"select region_code, median(date_sub('minute', assigned_at, first_contact_at)) from core.fct_lead where is_counted and first_contact_at >= assigned_at and created_on {in_year} group by all",
            "lead_resp_min", ("region",),
        ),
        Question(
            "people who left a lead by region, 30 days",
            Request("lead_uv", by=("region",), date_from=month, date_to=last),
            f"select region_code, count(distinct one_id) from core.fct_lead where is_counted and created_on {in_month} group by all",
            "lead_uv", ("region",), TARGET_PEOPLE,
        ),
        Question(
            "people in the app, 30 days",
            Request("app_uv", date_from=month, date_to=last),
            f"select count(distinct one_id) from core.fct_app_event where occurred_on {in_month}",
            "app_uv", (), TARGET_PEOPLE,
        ),
        Question(
            "people in the app by age band, 30 days",
            Request("app_uv", by=("age_band",), date_from=month, date_to=last),
            f"select age_band, count(distinct one_id) from core.fct_app_event left join core.dim_customer using (one_id) left join serving.srv_person using (person_no) where occurred_on {in_month} group by all",
            "", (), TARGET_PEOPLE,
        ),
    ]  # fmt: skip
