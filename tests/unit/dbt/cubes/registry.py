# ruff: noqa: E501  (an indicator is a line)
"""A registry with every kind of table, and the same one after somebody has changed its definitions."""

from pathlib import Path

from indicators.registry import Registry, load_registry
from tests.unit.indicators.small_registry import write_registry

STOCK = """
process: stock
source: crm
model: fct_stock_day
grain: [stat_on, vin]
time: stat_on
snapshot: day
dims: [dealer]
atomic:
  - {code: stock_cnt, id: IND-ACT-0021, name: {en: Cars in stock, zh: 库存}, measure: count(vin), unit: visit, stage: activation, owner: sales_ops}
  - {code: stock_amt, id: IND-ACT-0022, name: {en: Value of the stock, zh: 库存金额}, measure: sum(list_amt), unit: EUR, stage: activation, owner: sales_ops}
"""
_NAMED = "name: {en: More, zh: 更多}, stage: acquisition, owner: sales_ops"
_MORE = [
    f"  - {{code: lead_days, id: IND-ACQ-0031, {_NAMED}, measure: distinct_days(one_id), where: is_counted, unit: person}}",
    f"  - {{code: lead_min, id: IND-ACQ-0032, {_NAMED}, measure: 'median(minutes(created_at, visited_at))', where: is_counted, unit: lead}}",
    f"  - {{code: lead_slow_min, id: IND-ACQ-0033, {_NAMED}, measure: 'percentile(minutes(created_at, visited_at), 0.9)', unit: lead}}",
]
FIRST = {
    "lead.yml": [
        ("dims: [dealer, region, channel]", "dims: [dealer, region, channel]\nrollups: [[region]]"),
        ("composite:\n", "\n".join([*_MORE, "composite:\n"])),
    ]
}
CHANGED = {
    "lead.yml": [
        *FIRST["lead.yml"],
        # one indicator counts something else, one is new, one is gone, a dimension is gone
        ("code: lead_cnt,", "code: lead_cnt, version: 2,"),
        ("measure: count(lead_id), where: is_counted, unit: lead", "measure: count(lead_id), unit: lead"),
        (
            "  - {code: spend_amt,",
            f"  - {{code: lead_raw_cnt, id: IND-ACQ-0041, {_NAMED}, measure: count(lead_id), unit: lead}}\n"
            "  - {code: spend_amt,",
        ),
        ("  - {code: lead_slow_min,", "  # {code: lead_slow_min,"),
        ("dims: [dealer, region, channel]", "dims: [dealer, region]"),
        ("modifiers: {dig: \"channel in ('website', 'app')\"}\n", ""),
    ]
}


def registry(folder: Path, changes: dict[str, list[tuple[str, str]]]) -> Registry:
    """The small registry with every kind of table."""
    write_registry(folder, changes)
    (folder / "visit.yml").unlink()  # visits are facts that a condition asks about; nobody counts them here
    (folder / "stock.yml").write_text(STOCK.lstrip(), encoding="utf-8")
    return load_registry(folder)
