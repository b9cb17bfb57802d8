"""`ind_restatement`: the log of published values that changed, as a model that stands behind every table."""

from __future__ import annotations

from indicators.registry import Registry
from indicators.rendering import sql
from indicators.rendering.yaml_text import to_yaml
from indicators.tables import tables

RESTATEMENT = "ind_restatement"
_COLUMNS = {
    "table_name": "varchar",
    "indicator_code": "varchar",
    "stat_date": "date",
    "value_before": "double",
    "value_after": "double",
    "cause": "varchar",
    "published_at": "timestamp with time zone",
    "restated_at": "timestamp with time zone",
    "invocation_id": "varchar",
}
CAUSES = [
    "late_rows", "deletion", "replaced_rows", "correction", "maturing", "definition",
    "people_merged", "people_split", "people_merged_and_split", "people_merged_or_split",
]  # fmt: skip


def restatement_sql(registry: Registry) -> str:
    """The log, read after every table that writes it has been built."""
    written = [
        table.name
        for process in registry.all_processes
        for table in tables(registry, process)
        if table.kind != "rollup"
    ]
    depends = "".join(f"-- depends_on: {sql.ref(name)}\n" for name in sorted(written))
    query = sql.select(list(_COLUMNS), "indicator_state.restatement")
    head = "-- Compiled from indicators/registry. The materialization incremental_by_day writes the log.\n"
    return f"{head}{depends}\n{query}\n"


def restatement_properties() -> str:
    """Description, contract and columns of `ind_restatement`."""
    tests = {"cause": [{"accepted_values": {"arguments": {"values": CAUSES}}}]}
    columns = [
        {"name": name, "data_type": data_type, "description": f"{{{{ doc('restatement_{name}') }}}}"}
        | ({"data_tests": tests[name]} if name in tests else {})
        for name, data_type in _COLUMNS.items()
    ]
    return to_yaml(
        {
            "models": [
                {
                    "name": RESTATEMENT,
                    "description": (
                        "One row for each indicator and published day whose value a build changed: in total "
                        "over the network, or (before and after are then equal) in the cells below it."
                    ),
                    "config": {"materialized": "table", "contract": {"enforced": True}},
                    "columns": columns,
                }
            ]
        }
    )
