"""Who stands behind a step: its dealers, the people of one dealer, and where their source rows are."""

from collections.abc import Mapping

import streamlit as st

from dashboards import components, filters, formats, loaders, tables
from dashboards.funnel_rows import note_of
from dashboards.labels import INDICATORS, stage
from dashboards.tables import Column, Table
from dashboards.words import say
from indicators.planner import Request
from serving.errors import QueryFailed
from serving.funnel import Funnel
from serving.store import Snapshot

# The indicator that counts the people of a stage.
PEOPLE = {
    "lead": "lead_uv", "visit": "visit_uv", "test_drive": "td_uv", "order": "order_uv",
    "delivery": "delivery_uv",
}  # fmt: skip


def dealers(found: Mapping[str, Funnel], names: Mapping[str, str], step: str) -> None:
    """The dealers of the scope at one step, those with most leads that did not take it first."""
    title = say("Dealers at {step}", step=say(stage(step)))
    with components.card(
        title, key="card_behind", help=say("Select a row to open the dealer and its people.")
    ):
        lines = [
            (dealer, next(one for one in steps if one.step == step))
            for dealer, steps in found.items()
            if dealer in names
        ]
        lines.sort(key=lambda line: line[1].passed - line[1].entered)
        notes = [note_of(one) for _, one in lines]
        table = Table(
            f"dealers-at-{step}",
            [
                Column(say("Dealer"), [names[dealer] for dealer, _ in lines], width=230),
                Column(say("Could take it"), [one.entered for _, one in lines], "count"),
                Column(say("Took it"), [one.passed for _, one in lines], "count"),
                Column(say("Still open"), [one.still_open for _, one in lines], "count"),
                Column(say("Rate"), [one.rate for _, one in lines], "rate", unsure=notes),
            ],
        )

        def open_dealer(row: int) -> None:
            st.session_state["dealer"] = lines[row][0]

        tables.grid(table, key="behind_table", alt=title, on_pick=open_dealer)


def people(snapshot: Snapshot, choice: filters.Choice, step: str) -> None:
    """The people of one dealer who came to this stage in the period, by number, and their source rows."""
    title = say("People at {step}", step=say(stage(step)))
    with components.card(
        title, key="card_people", help=say("Numbers stand for people; no name is published.")
    ):
        # Asked for only when somebody wants to see them: they are one more question for each dealer.
        if not st.toggle(say("Show the people"), key="people", bind="query-params"):
            return
        registry = loaders.registry()
        where = {"dealer": choice.scope.dealer}
        period = (choice.period.first, choice.period.last)
        try:
            found = loaders.people_behind(
                snapshot, registry, Request(PEOPLE.get(step, INDICATORS[step]), (), *period, where)
            ).rows()
        except QueryFailed as error:
            st.caption(str(error))
        else:
            columns = [
                Column(say("Person"), [row["person_no"] for row in found], "text"),
                Column(say("First on"), [row["first_on"] for row in found], "day"),
                Column(say("Last on"), [row["last_on"] for row in found], "day"),
            ]
            tables.grid(Table(f"people-at-{step}", columns), key="people_table", alt=title, max_height=260)
            st.caption(say("{n} people.", n=formats.count(len(found))))
        with st.expander(say("Source rows: the SQL that names them in the warehouse")):
            try:
                plan = loaders.rows_behind(snapshot, registry, Request(INDICATORS[step], (), *period, where))
                st.code(plan.sql, language="sql")
                st.caption(", ".join(f"${name} = {value}" for name, value in plan.params.items()))
            except QueryFailed as error:
                st.caption(str(error))
