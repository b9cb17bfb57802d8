"""The workshop system: a database with one table for each entity. The cursor is ``change_seq``.

::

    customer(customer_no) ──< vehicle(vin, customer_no)
      │                         │
      └──< appointment(appointment_no) ──< repair_order(order_no) ──< repair_order_line(order_no, line_no)
                                              ├──< warranty_claim(claim_no)
                                              └──< survey(survey_no)   sales surveys point to crm.card instead
    customer ──< complaint(complaint_no)   complaints about a sale point to crm.card instead
    vehicle ──< recall_vehicle(recall_no)

Times are local (Europe/Berlin, no zone), dates ``DD.MM.YYYY``; ``dealer_code`` is ``crm.dealer.dealer_id``.
Rows are soft-deleted with ``voided = 1``. Contracts: ``ingestion/schemas/service``.
"""

from dlt.sources import DltSource

from ingestion.batch import entity
from ingestion.config import SourceConfigs
from ingestion.contracts import entities
from ingestion.readers.base import Parse, Reader
from ingestion.readers.database import DatabaseReader, open_engine, parse_row
from ingestion.resources import Package, package_source

NAME = "service"
ZONE = "Europe/Berlin"


def readers(configs: SourceConfigs) -> dict[str, Reader]:
    """A reader for each entity; none where the source is not configured."""
    if configs.service_url is None:
        return {}
    engine = open_engine(configs.service_url)
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
