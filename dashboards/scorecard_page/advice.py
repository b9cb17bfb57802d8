"""What a dealer does about a weak step: the trade's usual first measures, in both languages."""

from dashboards.words import say

ADVICE = {
    "card": "Answer new leads within 30 minutes, and open a card with every answer.",
    "visit": "Offer two fixed times with every call, and remind the day before.",
    "test_drive": "Offer a test drive to every visitor, and keep a demonstrator ready for each series.",
    "order": "Call within two days of the test drive, with a written quote and a trade-in value.",
    "delivery": "Confirm dates each week, and call before a promised day is missed.",
}
QUEUE_NAMES = {
    "lead_unanswered": "Leads not contacted",
    "quote_unanswered": "Quotes unanswered",
    "delivery_late": "Deliveries late",
    "complaint_open": "Complaints open",
}


def advice(step: str) -> str:
    """What to do about a weak step; empty for one that has no standard measure."""
    return say(ADVICE[step]) if step in ADVICE else ""


def queue_name(queue: str) -> str:
    """A queue in the reader's language."""
    return say(QUEUE_NAMES[queue])
