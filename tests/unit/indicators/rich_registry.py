# ruff: noqa: E501  (a case is a line)
"""A clean registry with each kind of thing once: a flow, a cohort, a snapshot, a roll-up. Broken ones differ in a line."""

from pathlib import Path

from indicators.registry import Registry, load_registry

STANDARD = """
stages:
  acquisition: {letters: ACQ, name: {en: Acquisition, zh: 获客}}
  activation: {letters: ACT, name: {en: Activation, zh: 激活}}
owners: {sales_ops: sales-ops@forecourt.example}
units:
  EUR: {type: "decimal(18, 4)"}
  ratio: {dimensionless: true}
  lead: {}
  visit: {}
  person: {}
  vehicle: {}
  minute: {}
  day: {}
dimensions:
  dealer: {column: dealer_id, name: {en: Dealer, zh: 经销商}}
  region: {column: region_code, name: {en: Region, zh: 区域}}
  channel: {column: channel, name: {en: Channel, zh: 渠道}}
  person: {column: one_id, name: {en: Person, zh: 客户}}
  tier: {column: tier, through: dealer, table: srv_dealer, name: {en: Tier, zh: 级别}}
  age: {column: age_band, through: person, table: srv_person, name: {en: Age, zh: 年龄段}}
periods: [1d, 7d, 30d, mtd, 1m, td]
compares: [wow, mom, yoy]
personal: [one_id, card_id, phone]
"""

ROOTS = """
process: {lead: a lead, visit: a visit, lead2visit: from lead to visit, spend: media, stock: cars that stand}
qualifier: {visit: with a visit, td: with a test drive, old: as it was, resp: answered, aged: for long, active: person-days}
measure:
  cnt: {of: [count], name: number}
  uv: {of: [distinct], name: distinct people}
  amt: {of: [sum], name: money}
  qty: {of: [sum], name: quantity}
  rate: {of: [formula], name: ratio}
  min: {of: [median, percentile], name: minutes}
  days: {of: [distinct_days, median], name: days}
words: [cpl, app_mau, visitors]
"""

LEAD = """
process: lead
source: crm
model: fct_lead
grain: lead_id
time: created_on
entity: one_id
dims: [dealer, region, channel]
rollups: [[dealer], []]
gates: [lead_id_is_unique]
fresh_within: 26h
modifiers: {dig: "channel in ('website', 'app')"}
conditions:
  has_visited: within(visited_at, created_at, 30) or not has_rows(fct_visit)
atomic:
  - {code: lead_cnt, id: IND-ACQ-0001, name: {en: Leads, zh: 线索量}, measure: count(lead_id), where: is_counted, unit: lead, stage: acquisition, owner: sales_ops}
  - {code: lead_uv, id: IND-ACQ-0002, name: {en: People, zh: 线索人数}, measure: distinct(one_id), where: is_counted, unit: person, stage: acquisition, owner: sales_ops}
  - {code: lead_visit_cnt, id: IND-ACT-0003, name: {en: Leads with a visit, zh: 到店线索}, measure: count(lead_id), where: is_counted and has_visited, matures: 30, unit: lead, stage: activation, owner: sales_ops}
  - {code: spend_amt, id: IND-ACQ-0004, name: {en: Spend, zh: 费用}, measure: sum(spend_amt), unit: EUR, stage: acquisition, owner: sales_ops}
  - {code: lead_resp_min, id: IND-ACQ-0012, name: {en: Minutes to the answer, zh: 响应时长}, measure: "median(minutes(created_at, answered_at))", unit: minute, stage: acquisition, owner: sales_ops}
composite:
  - {code: lead2visit_rate, id: IND-ACT-0005, name: {en: Share of leads that come, zh: 线索到店率}, formula: lead_visit_cnt / lead_cnt, unit: ratio, stage: activation, owner: sales_ops, between: [0, 1]}
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
  - {code: visit_active_days, id: IND-ACT-0013, name: {en: Person-days in the showroom, zh: 到店人天}, measure: distinct_days(one_id), unit: person*day, stage: activation, owner: sales_ops}
named:
  - {code: visitors, id: IND-ACT-0011, name: {en: Visitors of the month, zh: 月到店人数}, of: visit_uv_30d, stage: activation, owner: sales_ops}
derived:
  - {of: [visit_cnt, visit_uv], periods: [7d, 30d]}
"""

STOCK = """
process: stock
source: crm
model: fct_stock_month
snapshot: month
grain: [stat_on, dealer_id, is_aged]
time: stat_on
entity: one_id
dims: [dealer]
atomic:
  - {code: stock_qty, id: IND-ACT-0014, name: {en: Cars in stock, zh: 库存}, measure: sum(stock_qty), unit: vehicle, stage: activation, owner: sales_ops}
  - {code: stock_aged_qty, id: IND-ACT-0015, name: {en: Aged stock, zh: 超期库存}, measure: sum(stock_qty), where: is_aged, unit: vehicle, stage: activation, owner: sales_ops}
composite:
  - {code: stock_aged_rate, id: IND-ACT-0016, name: {en: Share of aged stock, zh: 超期占比}, formula: stock_aged_qty / stock_qty, unit: ratio, stage: activation, owner: sales_ops, between: [0, 1]}
derived:
  - {of: [stock_qty, stock_aged_rate], periods: [1m], compare: [mom]}
"""

RELEASED = """
visit_cnt: {version: 1, digest: DIGEST}
"""

FILES = {
    "_standard.yml": STANDARD,
    "_roots.yml": ROOTS,
    "lead.yml": LEAD,
    "visit.yml": VISIT,
    "stock.yml": STOCK,
}
# model -> columns that its YAML in the dbt project describes
FACTS = {
    "fct_lead": "lead_id one_id created_on created_at answered_at visited_at is_counted spend_amt dealer_id region_code channel card_id status",
    "fct_visit": "visit_id one_id arrived_on arrived_at has_test_drive dealer_id region_code card_id answered_on score_rate score",
    "fct_stock_month": "stat_on dealer_id is_aged one_id stock_qty left_at",
}


def write_registry(folder: Path, changes: dict[str, list[tuple[str, str]]] | None = None) -> Path:
    """Write the registry with texts replaced; each replaced text must be there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        changed = text.lstrip("\n")
        for old, new in (changes or {}).get(name, []):
            assert old in changed, f"{name} has no {old!r}"
            changed = changed.replace(old, new, 1)
        (folder / name).write_text(changed, encoding="utf-8")
    return folder


def write_project(folder: Path) -> Path:
    """Write the YAML of the facts that the registry reads, as a dbt project has it."""
    models = folder / "models" / "core"
    models.mkdir(parents=True, exist_ok=True)
    for model, columns in FACTS.items():
        first, *others = columns.split()
        lines = ["models:", f"  - name: {model}", "    columns:", f"      - name: {first}"]
        lines += ["        data_tests:", f"          - unique: {{name: {first}_is_unique}}"]
        lines += [f"      - {{name: {column}}}" for column in others]
        (models / f"{model}.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def rich_registry(folder: Path) -> Registry:
    """The registry, read."""
    return load_registry(write_registry(folder))
