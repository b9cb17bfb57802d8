"""Vehicle field data (production, registration, repair and report dates) as workshop vehicles and warranty
claims.

    each row     -> vehicle          its number becomes a 17-character VIN; owners are not known, so the
                                     row's number stands for the customer and no customer has a record
    status = 1   -> warranty_claim   repair_date, report_date, mileage
"""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.real_data.tables import write_database

VEHICLES = "service/vehicle_field_data.csv"
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VALUES = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", [*map(int, "12345678123457923456789"), *range(10)], strict=True)
)


def write(data: Path, file: Path) -> Path:
    """Write the workshop database to ``file`` and return it. ``data`` is the folder of the public data
    sets.
    """
    with (data / VEHICLES).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return write_database(file, "service", {"vehicle": _vehicles(rows), "warranty_claim": _claims(rows)})


def _vehicles(rows: list[dict[str, str]]) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(rows, start=1):
        yield {
            "vin": vin_of(row["vin"]),
            "customer_no": number,
            "brand": row["brand"] or None,
            "model": row["vehicle_model"] or None,
            "production_date": _german(row["production_date"]),
            "first_registration": _german(row["registration_date"]),
            "country": row["country"] or None,
            "region": row["region"] or None,
            "change_seq": number,
        }


def _claims(rows: list[dict[str, str]]) -> Iterator[dict[str, Any]]:
    failed = (row for row in rows if float(row["status"]) == 1)
    for number, row in enumerate(failed, start=1):
        yield {
            "claim_no": number,
            "vin": vin_of(row["vin"]),
            "mileage_km": round(float(row["mileage"])) if row["mileage"] else None,
            "repaired_on": _german(row["repair_date"]),
            "reported_on": _german(row["report_date"]),
            "status": "approved",
            "voided": 0,
            "change_seq": number,
        }


def vin_of(number: str) -> str:
    """A VIN with a right check digit (position 9) for a vehicle that is only a number, such as
    ``127387.0``.
    """
    digits = f"{int(float(number)):08d}"
    plain = f"FDATA000{'0'}{digits}"
    check = sum(weight * _VALUES[letter] for weight, letter in zip(_WEIGHTS, plain, strict=True)) % 11
    return f"{plain[:8]}{'0123456789X'[check]}{plain[9:]}"


def _german(day: str) -> str | None:
    """An ISO date as the workshop writes it, DD.MM.YYYY; None for a blank."""
    return date.fromisoformat(day).strftime("%d.%m.%Y") if day else None
