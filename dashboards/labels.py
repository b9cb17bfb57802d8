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

# The indicator that stands behind each stage of the funnel: its name in the dictionary.
INDICATORS = {
    "lead": "fnl_lead_cnt",
    "card": "fnl_card_rate",
    "visit": "fnl_visit_rate",
    "test_drive": "fnl_td_rate",
    "order": "fnl_order_rate",
    "delivery": "fnl_delivery_rate",
}


def stage(step: str, name: str | None = None) -> str:
    """The plural that stands at a bar or a card; the model's own name for a step this page does not know."""
    return STAGES.get(step, name or step)
