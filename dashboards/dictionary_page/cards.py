"""The cards of one indicator, one function each: what it is, its value, its origin, its tests, its users."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboards import components, formats
from dashboards.charts.course_chart import course_chart
from dashboards.findings import escape
from indicators.dictionary import Explanation
from serving.dictionary import DbtTestResult, Entry, GateResult
from serving.reading import Reading

OUTCOMES = {"passed": "✓ holds", "failed": "✗ broken", "not_run": "? not run yet"}
ACTIONS = {"withhold": "withheld", "warn": "shown with a warning"}


def heading(entry: Entry, explanation: Explanation) -> None:
    """Names, code and the badges of its life."""
    st.header(f"{explanation.title}  {entry.name_zh}", anchor=False)
    with st.container(horizontal=True, gap="xsmall"):
        st.badge(explanation.code, icon=":material/tag:", color="blue")
        st.badge(entry.indicator_id, color="gray")
        st.badge(f"{entry.status}, version {entry.version}", color="gray", icon=":material/verified:")
        st.badge(entry.stage, color="gray")
        st.badge(entry.owner.replace("_", " "), color="gray", icon=":material/person:")


def warnings(reading: Reading, life: Sequence[str]) -> None:
    """What has to be known before the number is read."""
    if reading.withheld:
        st.error(
            f"**Withheld.** {_sentence(reading.withheld)} The value below is the last good one.",
            icon=":material/block:",
        )
    for text in dict.fromkeys([*life, *reading.warnings]):
        st.warning(_sentence(text), icon=":material/warning:")


def value(reading: Reading, entry: Entry) -> None:
    """The last value and how it got there."""
    with components.card(
        "Last value", key="card_value", help="Whole network, by the same planner as any query."
    ):
        text = formats.measured(reading.value, reading.unit)
        words = "last good value, " if reading.withheld else ""
        days = f"{formats.day(reading.first)} to {formats.day(reading.last)}" if reading.first else ""
        st.metric(f"{words}{reading.words}" or "Last value", text if reading.value is not None else "no data")
        st.caption(" · ".join(part for part in (days, f"in {reading.unit}", reading.problem or "") if part))
        known = [one for one in reading.values if one is not None]
        if len(known) > 1:
            components.chart(
                course_chart(
                    reading.days,
                    reading.values,
                    lambda one: formats.measured(one, reading.unit),
                    components.theme(),
                ),
                height=170,
                key="course",
                alt=f"{entry.name_en} by week, last {formats.measured(known[-1], reading.unit)}",
            )
            st.caption(f"By week, {formats.day(reading.days[0])} to {formats.day(reading.days[-1])}.")


def meaning(explanation: Explanation) -> None:
    """The definition in words and the formula tree."""
    shown = ("definition", "period", "compare", "unit", "additivity", "by", "matures", "process", "note")
    with components.card("What it is", key="card_meaning"):
        lines = [
            f"**{key.capitalize()}**: {escape(text)}"
            for key, text in explanation.facts.items()
            if key in shown or key.startswith("only ")
        ]
        st.markdown("  \n".join(lines))
        if explanation.tree and explanation.tree.children:
            st.markdown("**Formula tree**\n\n" + "\n".join(_tree(explanation.tree, 0)))
        st.caption(f"Written in {explanation.facts.get('written in', '')}")


def _tree(node: Any, depth: int) -> list[str]:
    line = f"{'    ' * depth}- [`{node.code}`](?code={node.code}) {escape(node.text)}"
    return [line, *(inner for child in node.children for inner in _tree(child, depth + 1))]


def origin(entry: Entry) -> None:
    """The fact's columns and the source columns behind them."""
    with components.card(
        "Where it comes from", key="card_origin", help="Column lineage through every model of the project."
    ):
        if not entry.lineage:
            st.caption("Not gathered yet: `forecourt publish` reads it from dbt's compiled SQL.")
            return
        st.dataframe(
            {
                "Operand": [one["operand"] for one in entry.lineage],
                "Column of the fact": [one["column"].partition(".")[2] for one in entry.lineage],
                "Part": [one["role"] for one in entry.lineage],
                "Source columns": [
                    ", ".join(name.removeprefix("raw_") for name in one["sources"]) or "–"  # noqa: RUF001
                    for one in entry.lineage
                ],
            },
            hide_index=True,
            key="origin_table",
            height="content",
            alt="Columns of the fact and the source columns behind them",
            column_config={"Source columns": st.column_config.TextColumn(width="large")},
        )
        st.caption(f"Stored in {', '.join(entry.tables or ())}; one row of the fact is a {entry.grain}.")
        with st.expander("The models on the way"):
            for one in entry.lineage:
                st.markdown(f"`{one['column']}` ← " + " ← ".join(f"`{name}`" for name in one["models"][1:]))


def trust(entry: Entry, gates: Sequence[GateResult], tests: Sequence[DbtTestResult]) -> None:
    """Quality gates, tests and how old the data are."""
    with components.card(
        "Can it be trusted", key="card_trust", help="A broken gate withholds the number, or warns of it."
    ):
        failed = [test for test in tests if test.status != "pass"]
        passed = len(tests) - len(failed)
        st.markdown(
            f"**{passed} of {len(tests)}** tests on its models passed; "
            f"data to **{formats.day(entry.as_of_on)}**."
        )
        if gates:
            st.dataframe(
                {
                    "Gate": [gate.gate for gate in gates],
                    "State": [OUTCOMES[gate.outcome] for gate in gates],
                    "If broken": [ACTIONS[gate.action] for gate in gates],
                    "Why": [gate.reason or "" for gate in gates],
                },
                hide_index=True, key="gates_table", height="content", alt="Quality gates of the indicator",
            )  # fmt: skip
        else:
            st.caption("No quality gate is set for it.")
        for test in failed:
            st.markdown(f"✗ `{test.test_name}`: {test.status}, {formats.count(test.failed_cnt)} rows")
        with st.expander(f"All {len(tests)} tests"):
            st.markdown("\n".join(f"- `{test.test_name}`: {test.status}" for test in tests) or "None yet.")


def users(entry: Entry) -> None:
    """Who would see a change of it."""
    with components.card("Who uses it", key="card_users"):
        used = entry.used_by or {}
        codes = {"Composites": used.get("composites"), "Named": used.get("named")}
        codes["Driver trees"] = used.get("driver_trees")
        lines = [
            f"**{name}**: " + ", ".join(f"[`{code}`](?code={code})" for code in found)
            for name, found in codes.items()
            if found
        ]
        if used.get("derived_cnt"):
            lines.append(
                f"**Generated**: {formats.count(used['derived_cnt'])} codes of periods and comparisons"
            )
        lines += [
            f"**{name}**: " + ", ".join(f"`{one}`" for one in used[key])
            for name, key in (("Models", "models"), ("Pages", "pages"))
            if used.get(key)
        ]
        st.markdown("  \n".join(lines) or "Nobody yet.")


def query(entry: Entry) -> None:
    """The SQL that answers, for those who want to see it."""
    if entry.query_sql:
        with st.expander("The SQL that answers for it"):
            st.code(entry.query_sql, language="sql")


def _sentence(text: str) -> str:
    said = escape(text[:1].upper() + text[1:])
    return said if said.endswith(".") else f"{said}."
