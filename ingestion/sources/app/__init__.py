"""The mobile app's events: JSONL files, one event in the shape of Segment's ``track`` call on each line.

::

    event(messageId)   event ─> one contract for each event name
                       userId ─> the account, anonymousId ─> the device (before login, or a shared one)
                       timestamp ─> on the device, receivedAt ─> at the collector
                       context, properties ─> JSON text

Files are read from the byte where the last load stopped; the same ``messageId`` again counts as repeated, in
whichever file it stands. Contracts: ``ingestion/schemas/app/<event>``.
"""

from dlt.sources import DltSource

from ingestion.config import SourceConfigs
from ingestion.readers.base import Parse, Reader
from ingestion.readers.jsonl import JsonlReader, parse_line
from ingestion.resources import Package, package_source

NAME = "app"


def readers(configs: SourceConfigs) -> dict[str, Reader]:
    """A reader for the events; none where the source is not configured."""
    return (
        {}
        if configs.app_files is None
        else {"event": JsonlReader(configs.app_files, with_segments=configs.app_segments)}
    )


def source(configs: SourceConfigs, package: Package) -> DltSource:
    """The dlt source of one load package."""
    return package_source(readers(configs), package)


def build_source(configs: SourceConfigs, run_id: str = "try") -> DltSource:
    """The source by itself, outside a load: nothing is looked up in a warehouse."""
    return source(configs, Package(NAME, run_id))


def parser(configs: SourceConfigs, entity_name: str) -> Parse:
    """How a refused row of one entity is read again."""
    return parse_line
