"""Olist's marketing-qualified leads and closed deals as CRM leads and orders.

    olist_marketing_qualified_leads_dataset   each row -> lead (mql_id becomes L00000001 ... by position)
    olist_closed_deals_dataset                each row -> sales_order with the lead's id

There are no dealers, cards, visits or deliveries in these data: those tables stay empty. A blank origin is
``unknown``.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from orchestration.real_data.tables import write_database

LEADS = "crm/olist_marketing_qualified_leads_dataset.csv"
DEALS = "crm/olist_closed_deals_dataset.csv"


def write(data: Path, file: Path) -> Path:
    """Write the CRM database to ``file`` and return it. ``data`` is the folder of the public data sets."""
    lead_ids: dict[str, str] = {}
    leads = list(_leads(data / LEADS, lead_ids))
    return write_database(file, "crm", {"lead": leads, "sales_order": _orders(data / DEALS, lead_ids)})


def _leads(file: Path, lead_ids: dict[str, str]) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(_rows(file), start=1):
        lead_ids[row["mql_id"]] = f"L{number:08d}"
        arrived = f"{row['first_contact_date']}T00:00:00Z"
        yield {
            "lead_id": lead_ids[row["mql_id"]],
            "channel": row["origin"] or "unknown",
            "campaign_id": row["landing_page_id"],
            "is_test": 0,
            "status": "open",
            "created_at": arrived,
            "updated_at": arrived,
        }


def _orders(file: Path, lead_ids: dict[str, str]) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(_rows(file), start=1):
        won = row["won_date"].replace(" ", "T") + "Z"
        yield {
            "order_id": f"O{number:08d}",
            "lead_id": lead_ids[row["mql_id"]],
            "ordered_at": won,
            "updated_at": won,
        }


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
