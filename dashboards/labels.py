"""Words of the interface that are not whole sentences: one place, so that a second language is a second
dictionary.
"""

STAGES = {
    "lead": "Leads",
    "card": "Cards",
    "visit": "Visits",
    "test_drive": "Test drives",
    "order": "Orders",
    "delivery": "Deliveries",
}


def stage(step: str, name: str | None = None) -> str:
    """The plural that stands at a bar or a card; the model's own name for a step this page does not know."""
    return STAGES.get(step, name or step)
