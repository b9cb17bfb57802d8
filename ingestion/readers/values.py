"""Values of database drivers as JSON knows them, so that the raw tables look the same whatever the engine."""

import math
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from ingestion.contracts import Kind

JSON_TYPES = {str, int, type(None)}


def plain_value(value: Any, kind: Kind | None, zone: ZoneInfo, with_offset: bool) -> Any:
    """One value of a driver in JSON's types.

    Times become RFC 3339 in UTC where the contract wants an offset (naive ones are read in ``zone``), else
    local text ``YYYY-MM-DD HH:MM:SS`` in ``zone``; dates ISO text; decimals and floats numbers; booleans 0
    and 1 in an integer column. What JSON does not know (bytes, not-a-number) becomes an object or a text,
    which a contract refuses by its type.
    """
    match value:
        case bool():
            plain: Any = int(value) if kind == "integer" else value
        case None | str() | int() | dict() | list():
            plain = value
        case datetime():
            plain = _time(value, zone, with_offset)
        case date():
            plain = value.isoformat()
        case Decimal() | float() if math.isfinite(value):
            plain = int(value) if kind == "integer" and value == int(value) else float(value)
        case bytes() | bytearray() | memoryview():
            plain = {"bytes": bytes(value).hex()}
        case _:
            plain = str(value)
    return plain


def _time(value: datetime, zone: ZoneInfo, with_offset: bool) -> str:
    aware = value if value.tzinfo else value.replace(tzinfo=zone)
    if not with_offset:
        local = aware.astimezone(zone).replace(tzinfo=None)
        return local.isoformat(sep=" ")
    utc = aware.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
    return utc.isoformat() + "Z"
