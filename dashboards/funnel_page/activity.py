"""The other basis of the funnel: what happened in the period, whenever its leads came."""

import streamlit as st

from dashboards import components, filters, formats, loaders
from dashboards.charts import funnel_chart
from dashboards.funnel_rows import activity_rows
from dashboards.help import help_for
from dashboards.tables import Column, Table
from dashboards.words import say
from indicators.planner import Request
from serving.errors import QueryFailed
from serving.store import Snapshot

CODES = {
    "lead": "lead_cnt", "card": "card_cnt", "visit": "visit_cnt", "test_drive": "td_cnt",
    "order": "order_cnt", "delivery": "delivery_cnt",
}  # fmt: skip
_Counts = tuple[float | None, float | None, float | None]


def activity(snapshot: Snapshot, choice: filters.Choice) -> None:
    """Counts of the period beside those of the period before and of a year ago, all at once."""
    found = {step: _counts(snapshot, choice, code) for step, code in CODES.items()}
    rows = activity_rows([(step, now) for step, (now, _, _) in found.items()])
    with components.card(
        say("What happened in the period"), key="card_activity",
        help=say("Every event of the period counts, whenever its lead came: no rates between the bars."),
    ):  # fmt: skip
        _changes(found, rows)
        columns = [
            Column(say("Stage"), [row.label for row in rows]),
            Column(say("Period"), [now for now, _, _ in found.values()], "count"),
            Column(say("Period before"), [before for _, before, _ in found.values()], "count"),
            Column(say("A year ago"), [year for _, _, year in found.values()], "count"),
        ]
        components.figure(
            funnel_chart.funnel_chart(rows, components.theme(), show="count"),
            Table("activity", columns),
            height=funnel_chart.height(rows),
            key="funnel_activity",
            alt=say("What happened in {place}, stage by stage", place=choice.place),
        )


def _changes(found: dict[str, _Counts], rows: list) -> None:  # type: ignore[type-arg]
    with st.grid(len(rows), min_column_width=140, gap="small"):
        for row, (now, before, year) in zip(rows, found.values(), strict=True):
            change = formats.change(now, before)
            lines = [f"{formats.change(now, year) or formats.MISSING} {say('vs last year')}"]
            with st.container(gap="xxsmall"):
                st.metric(
                    row.label, formats.compact(now), change, delta_color="blue",
                    delta_description=say("vs before"), help=help_for(CODES[row.step]),
                )  # fmt: skip
                st.caption("  \n".join(lines))


def _counts(snapshot: Snapshot, choice: filters.Choice, code: str) -> _Counts:
    """Now, before and a year ago: the planner's numbers; None where it has none."""
    where = {
        name: value
        for name, value in (("region", choice.scope.region), ("dealer", choice.scope.dealer))
        if value is not None
    }
    period, registry = choice.period, loaders.registry()
    values = []
    for one in (period, period.before(), period.year_ago()):
        try:
            rows = loaders.indicator(snapshot, registry, Request(code, (), one.first, one.last, where)).rows()
        except QueryFailed:
            rows = []
        values.append(rows[0]["value"] if rows else None)
    return values[0], values[1], values[2]
