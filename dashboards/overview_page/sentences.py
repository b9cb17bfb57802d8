"""Findings in sentences, in Markdown: rules over the rows of `srv_insight`. No sentence judges anything."""

from dashboards import formats
from dashboards.findings import escape
from dashboards.labels import stage
from dashboards.words import say
from serving.insights import Insight


def sentence(insight: Insight, period: str) -> str:
    """One finding; `period` names the leads that losses are judged on, in the reader's language."""
    if insight.kind == "change":
        return _change(insight)
    return _loss(insight, period)


def _loss(insight: Insight, period: str) -> str:
    facts = {
        "place": place(insight),
        "cars": formats.number(round(insight.lost_deliveries or 0, 1)),
        "step": steps(insight),
        "rate": f":orange[**{formats.rate(insight.rate)}**]",
        "reference": formats.rate(insight.reference_rate),
        "period": period,
        "heavy": insight.heavy_dealer_cnt,
        "dealers": insight.dealer_cnt,
    }
    if insight.subject == "dealer" or insight.dealer_cnt == 1:
        text = (
            "**{place}** loses about **{cars}** deliveries at {step} in {period}: {rate} against {reference} "
            "at its peers."
        )
        return say(text, **facts)
    text = (
        "**{place}** loses about **{cars}** deliveries at {step} in {period}: {dealers} weak dealers pass "
        "{rate} against {reference} at their peers; {heavy} of them hold most of it."
    )
    return say(text, **facts)


def _change(insight: Insight) -> str:
    facts = {
        "place": place(insight),
        "step": steps(insight),
        "rate": formats.rate(insight.rate),
        "reference": formats.rate(insight.reference_rate),
        "points": formats.points(insight.rate - insight.reference_rate),
    }
    if insight.rate < insight.reference_rate:
        text = "**{place}** passes fewer at {step} than a year ago: ▼ {points}, {rate} against {reference}."
        return say(text, **facts)
    text = "**{place}** passes more at {step} than a year ago: ▲ {points}, {rate} against {reference}."
    return say(text, **facts)


def place(insight: Insight) -> str:
    """Of whom a finding tells."""
    if insight.subject == "network":
        return say("The network")
    return escape(insight.subject_name or insight.subject_id or "")


def steps(insight: Insight) -> str:
    """`Visits → Test drives`."""
    return f"{say(stage(insight.from_step))} → {say(stage(insight.step))}"
