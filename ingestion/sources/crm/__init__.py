"""The dealership CRM: a database with one table for each entity. Times are UTC, the cursor is ``updated_at``.

::

    region(region_code) ──< dealer(dealer_id) ──< advisor(advisor_id)
                              │   └──< dealer_target(dealer_id, month, metric)
                              │   └──< dealer_expense(dealer_id, month, kind)
                              │   └──< stock_unit(vin) >── series(series_code)
                              │   └──< connected_contract(contract_id)
                              v
    lead(lead_id) ──< card(card_id) ──< appointment(appointment_id)
      │                 │   └──< visit(visit_id) ──< test_drive(test_drive_id)
      │                 │   └──< quote(quote_id)
      │                 v
      │               sales_order(order_id) ──< delivery(delivery_id)
      │                             └──< financing(financing_id)
      └──< referral(referral_id) >── card

Rows are soft-deleted with ``deleted_at``. Contracts: ``ingestion/schemas/crm``.
"""

from dlt.sources import DltSource

from ingestion.batch import entity
from ingestion.config import SourceConfigs
from ingestion.contracts import entities
from ingestion.readers.base import Parse, Reader
from ingestion.readers.database import DatabaseReader, open_engine, parse_row
from ingestion.resources import Package, package_source

NAME = "crm"
ZONE = "UTC"


def readers(configs: SourceConfigs) -> dict[str, Reader]:
    """A reader for each entity; none where the source is not configured."""
    if configs.crm_url is None:
        return {}
    engine = open_engine(configs.crm_url)
    return {
        name: DatabaseReader(engine, entity(NAME, name), ZONE, configs.commit_lag) for name in entities(NAME)
    }


def source(configs: SourceConfigs, package: Package) -> DltSource:
    """The dlt source of one load package."""
    return package_source(readers(configs), package)


def build_source(configs: SourceConfigs, run_id: str = "try") -> DltSource:
    """The source by itself, outside a load: nothing is looked up in a warehouse."""
    return source(configs, Package(NAME, run_id))


def parser(configs: SourceConfigs, entity_name: str) -> Parse:
    """How a refused row of one entity is read again."""
    return parse_row
