"""The marketing tool: its REST API, or the export pages of it, ``<entity>/page-0001.json`` and so on.

::

    campaign(campaign_id) ──< daily_stat(campaign_id, stat_date, region_code, series_code)
        │
        ├──< site_session(session_id) ──> browser
        └──< email_send(send_id) ──< email_event(email_event_id)
                  v
    subscriber(subscriber_id) ──< web_form(form_id) ──> crm.lead, app device

Times are RFC 3339 with the offset of Europe/Berlin. A page is read again when its content changed; of two
versions of one object the one with the later ``updated_at`` stays, whichever comes first.
Contracts: ``ingestion/schemas/marketing``.
"""

from dlt.sources import DltSource

from ingestion.batch import entity
from ingestion.config import SourceConfigs
from ingestion.contracts import entities
from ingestion.readers.api import ApiReader
from ingestion.readers.base import Parse, Reader
from ingestion.readers.pages import PageReader, parse_item
from ingestion.resources import Package, package_source

NAME = "marketing"


def readers(configs: SourceConfigs) -> dict[str, Reader]:
    """A reader for each entity; none where the source is not configured."""
    if configs.marketing_api is not None:
        api, lag = configs.marketing_api, configs.commit_lag
        return {name: ApiReader(api, entity(NAME, name), lag) for name in entities(NAME)}
    if configs.marketing_files is None:
        return {}
    return {name: PageReader(configs.marketing_files, entity(NAME, name)) for name in entities(NAME)}


def source(configs: SourceConfigs, package: Package) -> DltSource:
    """The dlt source of one load package."""
    return package_source(readers(configs), package)


def build_source(configs: SourceConfigs, run_id: str = "try") -> DltSource:
    """The source by itself, outside a load: nothing is looked up in a warehouse."""
    return source(configs, Package(NAME, run_id))


def parser(configs: SourceConfigs, entity_name: str) -> Parse:
    """How a refused row of one entity is read again."""
    return parse_item
