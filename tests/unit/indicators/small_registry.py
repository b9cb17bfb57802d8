# ruff: noqa: E501  (a case is a line)
"""A small registry that is clean: two processes, each kind of indicator once. Tests change it and look."""

from pathlib import Path

from indicators.registry import Registry, load_registry

STANDARD = """
stages:
  acquisition: {letters: ACQ, name: {en: Acquisition, zh: 获客}}
  activation: {letters: ACT, name: {en: Activation, zh: 激活}}
owners: {sales_ops: sales-ops@forecourt.example}
roots:
  process: {lead: a lead, visit: a visit, lead2visit: from lead to visit, spend: media}
  qualifier: {visit: with a visit, td: with a test drive, old: as it was}
  measure:
    cnt: {of: [count], name: number}
    uv: {of: [distinct], name: distinct people}
    amt: {of: [sum], name: money}
    rate: {of: [formula], name: ratio}
  words: [cpl, cpv, app_mau, visitors]
units:
  EUR: {type: "decimal(18, 4)"}
  ratio: {dimensionless: true}
  lead: {}
  visit: {}
  person: {}
dimensions:
  dealer: {column: dealer_id, name: {en: Dealer, zh: 经销商}}
  region: {column: region_code, name: {en: Region, zh: 区域}}
  channel: {column: channel, name: {en: Channel, zh: 渠道}}
  person: {column: one_id, name: {en: Person, zh: 客户}}
  tier: {column: tier, through: dealer, table: srv_dealer, name: {en: Tier, zh: 级别}}
periods: [1d, 7d, 30d, mtd, 1m, td]
compares: [wow, mom, yoy]
"""

LEAD = """
process: lead
source: crm
model: fct_lead
grain: lead_id
time: created_on
entity: one_id
dims: [dealer, region, channel]
modifiers: {dig: "channel in ('website', 'app')"}
conditions:
  has_visited: within(visited_at, created_at, 30) or not has_rows(fct_visit)
atomic:
  - {code: lead_cnt, id: IND-ACQ-0001, name: {en: Leads, zh: 线索量}, measure: count(lead_id), where: is_counted, unit: lead, stage: acquisition, owner: sales_ops}
  - {code: lead_uv, id: IND-ACQ-0002, name: {en: People, zh: 线索人数}, measure: distinct(one_id), where: is_counted, unit: person, stage: acquisition, owner: sales_ops}
  - {code: lead_visit_cnt, id: IND-ACT-0003, name: {en: Leads with a visit, zh: 到店线索}, measure: count(lead_id), where: is_counted and has_visited, matures: 30, unit: lead, stage: activation, owner: sales_ops}
  - {code: spend_amt, id: IND-ACQ-0004, name: {en: Spend, zh: 费用}, measure: sum(spend_amt), unit: EUR, stage: acquisition, owner: sales_ops}
composite:
  - {code: lead2visit_rate, id: IND-ACT-0005, name: {en: Lead to visit, zh: 线索到店率}, formula: lead_visit_cnt / lead_cnt, unit: ratio, stage: activation, owner: sales_ops, between: [0, 1]}
  - {code: cpl, id: IND-ACQ-0006, name: {en: Cost per lead, zh: 线索成本}, formula: spend_amt / lead_cnt, unit: EUR/lead, stage: acquisition, owner: sales_ops}
derived:
  - {of: [lead_cnt, lead_uv], periods: [1d, 7d, 30d, mtd, 1m, td], modifiers: [dig], compare: [wow, yoy]}
  - {of: [lead2visit_rate], periods: [30d], compare: [yoy_pp]}
"""

VISIT = """
process: visit
source: crm
model: fct_visit
grain: visit_id
time: arrived_on
entity: one_id
dims: [dealer, region]
atomic:
  - {code: visit_cnt, id: IND-ACT-0007, name: {en: Visits, zh: 到店批次}, measure: count(visit_id), unit: visit, stage: activation, owner: sales_ops}
  - {code: visit_td_cnt, id: IND-ACT-0008, name: {en: Visits with a test drive, zh: 试驾批次}, measure: count(visit_id), where: has_test_drive, unit: visit, stage: activation, owner: sales_ops}
  - {code: visit_uv, id: IND-ACT-0009, name: {en: Visitors, zh: 到店人数}, measure: distinct(one_id), unit: person, stage: activation, owner: sales_ops}
  - {code: visit_td_uv, id: IND-ACT-0010, name: {en: Visitors who drove, zh: 试驾到店人数}, measure: distinct(one_id), where: has_test_drive, unit: person, stage: activation, owner: sales_ops}
named:
  - {code: visitors, id: IND-ACT-0011, name: {en: Visitors of the month, zh: 月到店人数}, of: visit_uv_30d, stage: activation, owner: sales_ops}
composite:
  - {code: cpv, id: IND-ACT-0012, name: {en: Cost per visit, zh: 到店成本}, formula: spend_amt / visit_cnt, unit: EUR/visit, stage: activation, owner: sales_ops}
derived:
  - {of: [cpv], periods: [30d, td], compare: [wow]}
  - {of: [visit_cnt, visit_uv], periods: [7d, 30d]}
"""

FILES = {"_standard.yml": STANDARD, "lead.yml": LEAD, "visit.yml": VISIT}


def write_registry(folder: Path, changes: dict[str, list[tuple[str, str]]] | None = None) -> Path:
    """Write the small registry with texts replaced; each replaced text must be there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        changed = text.lstrip("\n")
        for old, new in (changes or {}).get(name, []):
            assert old in changed, f"{name} has no {old!r}"
            changed = changed.replace(old, new, 1)
        (folder / name).write_text(changed, encoding="utf-8")
    return folder


def small_registry(folder: Path) -> Registry:
    """The small registry, read."""
    return load_registry(write_registry(folder))
