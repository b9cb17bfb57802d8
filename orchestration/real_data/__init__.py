"""Public data sets in the shape of our source systems, for ``forecourt real``.

Belongs here: turning the files of a public data set into what a CRM, an app or a workshop system would hold
(one module for each source). Does not belong here: cleaning or counting: these data go through the same
loader and models as any. Nobody's data are part of the project: the files stay where they are, and what is
made of them goes to the data folder.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.errors import ForecourtError
from orchestration.settings import Settings

if TYPE_CHECKING:
    from ingestion.config import SourceConfigs


def prepare(
    settings: Settings, data: Path, say: Callable[[str], None] = lambda _line: None
) -> "SourceConfigs":
    """Make source systems of the data sets under ``data`` (an absolute path) and return where they are.

    A data set that is not there leaves its source unconfigured. Raises ``ForecourtError`` where none is
    there.
    """
    from ingestion.config import SourceConfigs
    from orchestration.real_data import app, crm, service

    made = settings.data_dir / "sources"
    made.mkdir(parents=True, exist_ok=True)
    addresses: dict[str, object] = {}
    if (data / crm.LEADS).is_file():
        say("Turning the Olist leads and deals into CRM tables")
        addresses["crm_url"] = f"sqlite:///{crm.write(data, made / 'crm.sqlite')}"
    if (data / app.EVENTS).is_file():
        say("Turning the Deskdrop interactions into app events")
        addresses["app_files"] = app.write(data, made / "app")
    if (data / service.VEHICLES).is_file():
        say("Turning the vehicle field data into workshop tables")
        addresses["service_url"] = f"sqlite:///{service.write(data, made / 'service.sqlite')}"
    market = data / "market" / "registrations.csv"
    if market.is_file():
        addresses |= {"market_files": market, "market_mapping": "open_ev_charts"}
    if not addresses:
        raise ForecourtError(
            f"None of the public data sets is in {data}: it should hold {crm.LEADS}, {app.EVENTS}, "
            f"{service.VEHICLES} or market/registrations.csv."
        )
    return SourceConfigs.model_validate(addresses)
