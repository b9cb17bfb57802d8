"""The catalogue of written indicators as a dbt seed."""

from __future__ import annotations

import csv
import io

from indicators.dictionary import catalogue
from indicators.registry import Registry
from indicators.rendering.yaml_text import to_yaml

CATALOGUE = "indicator_catalogue"


def catalogue_seed(registry: Registry) -> str:
    """Every written indicator as CSV, one line each."""
    rows = catalogue(registry)
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({k: "" if v is None else v for k, v in row.items()})
    return text.getvalue()


def catalogue_properties(registry: Registry) -> str:
    """Properties of the catalogue's seed."""
    numbers = {"matures_days": "integer", "version": "integer", "derived_cnt": "integer"}
    types = {column: numbers.get(column, "varchar") for column in catalogue(registry)[0]}
    return to_yaml(
        {
            "seeds": [
                {
                    "name": CATALOGUE,
                    "description": "One row for each atomic, composite and named indicator of the registry.",
                    "config": {
                        "schema": "indicators",
                        "group": "analytics",
                        "full_refresh": True,
                        "column_types": types,
                    },
                    "columns": [{"name": "code", "data_tests": ["unique", "not_null"]}],
                }
            ]
        }
    )
