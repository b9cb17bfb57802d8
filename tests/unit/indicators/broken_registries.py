# ruff: noqa: E501  (a case is a line)
"""Broken registries: the rule that is meant to catch each, and what was changed in the small clean one.

A case is caught by its rule, at the line that holds `at`, and by no other rule but those in `also`, where one
mistake necessarily breaks two (a code that is taken twice is a definition that is there twice).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.unit.indicators.rich_registry import STOCK

S, R, L, V, K = "_standard.yml", "_roots.yml", "lead.yml", "visit.yml", "stock.yml"


@dataclass(frozen=True)
class Broken:
    """A rule, the text of a file as it was and as it is broken, and what the finding's line holds.

    `more` are further changes (file, right, wrong), `released` a text for `_released.yml`.
    """

    rule: str
    file: str
    right: str
    wrong: str
    at: str
    also: tuple[str, ...] = ()
    more: list[tuple[str, str, str]] = field(default_factory=list)
    released: str = ""
    drivers: str = ""
    at_file: str = ""

    def changes(self) -> dict[str, list[tuple[str, str]]]:
        """The replacements by file."""
        found: dict[str, list[tuple[str, str]]] = {}
        for file, right, wrong in [(self.file, self.right, self.wrong), *self.more]:
            found.setdefault(file, []).append((right, wrong))
        return found


B = Broken
CNT = "measure: count(visit_id), unit"  # of visit_cnt
TD = "where: has_test_drive, unit: visit"  # of visit_td_cnt
ENTRY = "periods: [7d, 30d]}"  # of visit.yml
ONE = "{code: visit_old_cnt, id: IND-ACT-0020, name: {en: More, zh: 更多}, measure: count(visit_id), where: has_test_drive and one_id is not null, unit: visit, stage: activation, owner: sales_ops}"
C = "stage: acquisition, owner: sales_ops}\nderived"  # end of lead.yml's last composite
DIG = """modifiers: {dig: "channel in ('website', 'app')"}"""


def composite(code: str, formula: str, unit: str, more: str = "") -> str:
    """One more composite at the end of lead.yml's."""
    item = f"{{code: {code}, id: IND-ACQ-0021, name: {{en: Something else, zh: 其他}}, formula: {formula}, unit: {unit}, stage: acquisition, owner: sales_ops{more}}}"
    return f"stage: acquisition, owner: sales_ops}}\n  - {item}\nderived"


def atomic(measure: str, unit: str, code: str = "visit_old_cnt", more: str = "") -> str:
    """One more atomic indicator at the beginning of visit.yml's."""
    return f"atomic:\n  - {{code: {code}, id: IND-ACT-0022, name: {{en: Something else, zh: 其他}}, measure: {measure}, unit: {unit}, stage: activation, owner: sales_ops{more}}}"


# fmt: off
SHAPE = [
    B('S01', L, 'grain: lead_id', 'grain: [lead_id', 'time'),
    B('S01', V, 'dims: [dealer, region]', 'dims: [dealer, region', 'atomic'),
    B('S01', V, 'process: visit', '\tprocess: visit', 'process: visit'),
    B('S02', L, 'measure: count(lead_id), where: is_counted, unit', 'where: is_counted, unit', 'lead_cnt'),
    B('S02', L, 'matures: 30', 'matures: soon', 'lead_visit_cnt'),
    B('S02', L, 'matures: 30', 'matures: -1', 'lead_visit_cnt'),
    B('S02', V, 'entity: one_id', 'entty: one_id', 'entty'),
    B('S02', V, 'dims: [dealer, region]', 'dims: [dealer, region, dealer]', 'dims'),
    B('S02', V, '{en: Visits, zh: 到店批次}', 'Visits', 'code: visit_cnt'),
    B('S02', V, 'source: crm\n', '', 'process: visit'),
    B('S02', K, 'snapshot: month', 'snapshot: fortnight', 'snapshot'),
    B('S02', L, 'fresh_within: 26h', 'fresh_within: a day', 'fresh_within'),
    B('S02', L, 'rollups: [[dealer], []]', 'rollups: dealer', 'rollups'),
    B('S02', V, 'of: visit_uv_30d', 'of: [visit_uv_30d]', 'code: visitors'),
    B('S02', V, CNT, 'status: retired, measure: count(visit_id), unit', 'code: visit_cnt'),
    B('S02', V, CNT, 'version: 0, measure: count(visit_id), unit', 'code: visit_cnt'),
    B('S02', S, 'dealer: {column: dealer_id', 'dealer: {colum: dealer_id', 'dealer:'),
    B('S02', V, ENTRY, 'periods: [7d, 7x], compare: [yoy]}', '7x'),
    *(B('S02', V, ENTRY, f'periods: [7d, {period}], compare: [yoy]}}', period) for period in ('0d', '5h', '2w', 'xtd', '1x', 'd')),
    *(B('S02', S, 'periods: [', f'periods: [{period}, ', period) for period in ('0d', '5h', '2w', 'xtd', '1x')),
    B('S02', S, 'compares: [', 'compares: [decade, ', 'decade'),
    B('S02', R, 'cnt: {of: [count]', 'cnt: {of: [counting]', 'cnt'),
    B('S03', V, 'entity: one_id', 'entity: one_id\nentity: card_id', 'entity: card_id'),
    B('S03', R, 'visit: with a visit,', 'visit: with a visit, visit: a visit,', 'qualifier'),
]
NAMING = [
    B('N01', V, 'code: visit_td_cnt', 'code: Visit_td_cnt', 'Visit_td_cnt'),
    B('N01', V, 'code: visit_td_cnt', 'code: visit__td_cnt', 'visit__td_cnt'),
    B('N01', V, 'code: visit_td_cnt', f"code: visit_{'td_' * 20}cnt", 'td_td_td'),
    B('N02', V, 'code: visit_td_cnt', 'code: vist_td_cnt', 'vist_td_cnt'),
    B('N02', V, 'code: visit_td_cnt', 'code: visit_drove_cnt', 'visit_drove_cnt'),
    B('N02', V, 'code: visit_td_cnt', 'code: visit_td_number', 'visit_td_number'),
    B('N02', V, 'code: visit_td_cnt', 'code: td_visit_cnt', 'td_visit_cnt'),
    B('N02', V, 'code: visitors', 'code: visitor', 'code: visitor'),
    B('N03', V, 'code: visit_td_cnt', 'code: visit_td_amt', 'visit_td_amt'),
    B('N03', V, 'code: visit_td_uv', 'code: visit_td_cnt', 'IND-ACT-0010', also=('N04',)),
    B('N03', L, 'code: lead2visit_rate', 'code: lead2visit_cnt', 'lead2visit_cnt', also=('D04',), more=[(L, 'of: [lead2visit_rate]', 'of: [cpl]')]),
    B('N03', L, 'code: lead_resp_min', 'code: lead_resp_cnt', 'lead_resp_cnt'),
    B('N04', V, 'code: visit_td_cnt', 'code: visit_cnt', 'IND-ACT-0008'),
    B('N04', V, 'code: visit_td_uv', 'code: visit_uv', 'IND-ACT-0010'),
    B('N05', V, 'IND-ACT-0008', 'IND-ACT-0007', 'visit_td_cnt'),
    B('N05', V, 'IND-ACT-0008', 'IND-ACT-0003', 'visit_td_cnt'),
    B('N06', V, 'IND-ACT-0008', 'IND-ACQ-0108', 'visit_td_cnt'),
    B('N06', V, 'IND-ACT-0008', 'IND-ACT-8', 'visit_td_cnt'),
    B('N06', V, 'IND-ACT-0008', 'VISIT-8', 'visit_td_cnt'),
    B('N07', V, 'en: Visits,', 'en: leads,', 'code: visit_cnt'),
    B('N08', V, 'zh: 到店批次', 'zh: 线索量', 'code: visit_cnt'),
    B('N09', V, 'zh: 到店批次', 'zh: Daodian', 'code: visit_cnt'),
    B('N09', V, 'en: Visits,', 'en: 到店,', 'code: visit_cnt'),
    B('N09', V, 'en: Visits,', "en: ' ',", 'code: visit_cnt'),
    B('N10', R, 'words: [cpl, app_mau, visitors]', 'words: [cpl, app_mau, visitors, visit_cnt_30d]', 'visit_cnt_30d', more=[(V, 'code: visitors', 'code: visit_cnt_30d')], at_file=V),
    B('E01', V, 'atomic:', f"atomic:\n  - {ONE.replace(' and one_id is not null', '')}", 'code: visit_td_cnt'),
    B('E01', V, 'atomic:', f"atomic:\n  - {ONE.replace('has_test_drive and one_id is not null', '((has_test_drive))')}", 'code: visit_td_cnt'),
    B('E01', L, C, composite('cpl', 'spend_amt  /  lead_cnt', 'EUR/lead').replace('code: cpl', 'code: spend_old_rate'), 'spend_old_rate'),
    *(B('E01', V, 'atomic:', f"atomic:\n  - {ONE.replace('has_test_drive and one_id is not null', f'{chr(34)}{said}{chr(34)}')}", 'code: visit_td_cnt') for said in (
        'has_test_drive = true', 'not (not has_test_drive)', 'has_test_drive and 1 = 1', '(has_test_drive) is true')),
    *(B('E01', V, TD, f'where: "{one}", unit: visit', 'code: visit_td_cnt', more=[(V, 'atomic:', f"atomic:\n  - {ONE.replace('has_test_drive and one_id is not null', f'{chr(34)}{other}{chr(34)}')}")]) for one, other in (
        ("region_code in ('a', 'b')", "region_code in ('b', 'a')"), ("region_code <> 'a'", "not region_code = 'a'"), ('score between 1 and 2', 'score <= 2 and 1 <= score'))),
    *(B('E01', L, C, composite('spend_old_rate', said, 'EUR/lead'), 'spend_old_rate') for said in ('(spend_amt) / (lead_cnt)', '1 * spend_amt / lead_cnt', '(spend_amt / (lead_cnt))')),
    B('E02', V, TD, f'{TD}, same_as: visit_cnt'.replace('unit: visit, same_as', 'unit: visit, same_as'), 'visit_td_cnt'),
    B('E02', V, TD, 'where: has_test_drive, same_as: visit_gone_cnt, unit: visit', 'visit_td_cnt'),
    B('E03', V, 'en: Visitors who drove,', 'en: The visitors of a month,', 'code: visitors'),
    B('E03', V, 'en: Visits,', 'en: Lead with the visits,', 'code: visit_cnt'),
    B('E04', V, 'zh: 试驾到店人数', 'zh: 到店人', 'visit_td_uv'),
]
LISTS = [
    B('L01', V, CNT, 'measure: count(visit_id), unit: visits, stage: activation, owner: sales_ops}\n  - {code: visit_old_cnt, id: IND-ACT-0022, name: {en: Old, zh: 旧}, measure: count(visit_id), where: has_test_drive and score > 1, unit', 'code: visit_cnt'),
    B('L01', L, 'unit: EUR/lead', 'unit: EUR/leads', 'code: cpl', also=('M10',)),
    B('L01', V, 'unit: person*day', 'unit: person*night', 'visit_active_days', also=('M26',)),
    B('L02', V, 'owner: sales_ops', 'owner: sales', 'code: visit_cnt'),
    B('L03', V, 'stage: activation', 'stage: awareness', 'code: visit_cnt'),
    B('L04', V, 'dims: [dealer, region]', 'dims: [dealer, country]', 'process: visit'),
    B('L05', V, 'dims: [dealer, region]', 'dims: [dealer, tier]', 'process: visit', also=('F02',)),
    B('L05', V, 'dims: [dealer, region]', 'dims: [dealer, age]', 'process: visit', also=('F02',)),
    B('L06', S, 'through: dealer,', 'through: outlet,', 'stages:'),
    B('L06', S, '{column: channel, name', '{column: channel, table: srv_dealer, name', 'stages:'),
    B('L06', S, 'table: srv_dealer', 'table: dim_dealer', 'stages:'),
    B('L06', S, 'through: person, table: srv_person', 'through: person, table: dim_customer', 'stages:'),
    B('L07', V, 'dims: [dealer, region]', 'dims: [dealer, person]', 'process: visit'),
    B('L07', V, 'dims: [dealer, region]', 'dims: [dealer: one_id, region]', 'process: visit'),
    B('L08', V, 'process: visit', 'process: showroom', 'process: showroom'),
    B('L09', V, 'model: fct_visit', 'model: stg_crm__visit', 'process: visit', also=('F01',)),
    B('L10', L, "channel in ('website', 'app')", "status = 'won'", 'process: lead'),
    B('L10', L, "channel in ('website', 'app')", 'channel in (', 'process: lead'),
]
BINDINGS = [
    B('F01', V, 'model: fct_visit', 'model: fct_visits', 'process: visit'),
    B('F02', V, 'time: arrived_on', 'time: visited_on', 'process: visit'),
    B('F02', V, 'grain: visit_id', 'grain: [visit_id, guest_no]', 'process: visit'),
    B('F02', V, TD, 'where: has_drive, unit: visit', 'visit_td_cnt', more=[(V, 'where: has_test_drive, unit: person', 'where: score > 5, unit: person')]),
    B('F02', L, 'sum(spend_amt)', 'sum(paid_amt)', 'spend_amt'),
    B('F02', L, 'answered_at', 'replied_at', 'lead_resp_min'),
    B('F02', V, 'dims: [dealer, region]', 'dims: [dealer, region: area]', 'process: visit'),
    B('F03', V, 'dims: [dealer, region]', 'dims: [dealer, region: card_id]', 'process: visit'),
    B('F03', S, '{column: age_band', '{column: phone', 'stages:'),
    B('F04', V, TD, "where: card_id = 'C1', unit: visit", 'visit_td_cnt'),
    B('F04', L, "channel in ('website', 'app')", "channel in ('website', 'app') and one_id in ('P1')", 'process: lead', also=('L10',)),
    B('F05', L, '  has_visited: within', '  status: within', 'process: lead', more=[(L, 'is_counted and has_visited', 'is_counted and status')]),
    B('F06', L, 'rollups: [[dealer], []]', 'rollups: [[dealer], [series]]', 'process: lead'),
    B('F06', L, 'rollups: [[dealer], []]', 'rollups: [[dealer, dealer]]', 'process: lead'),
    B('F07', L, 'rollups: [[dealer], []]', 'rollups: [[channel, region, dealer]]', 'process: lead'),
    B('F07', L, 'rollups: [[dealer], []]', 'rollups: [[dealer], [dealer]]', 'process: lead'),
    B('F08', L, 'gates: [lead_id_is_unique]', 'gates: [lead_is_unique]', 'process: lead'),
    B('F08', V, CNT, 'warns: [no_such_test], measure: count(visit_id), unit', 'code: visit_cnt'),
    B('F09', L, 'fresh_within: 26h', 'fresh_within: 26h\nwithhold_after: 1d', 'process: lead'),
    B('F10', V, 'time: arrived_on', 'time: arrived_at', 'process: visit'),
    B('F11', L, 'gates: [lead_id_is_unique]', 'gates: [lead_id_is_unique]\nwarns: [lead_id_is_unique]', 'process: lead'),
]
MEASURES = [
    B('M01', V, CNT, 'measure: avg(visit_id), unit', 'code: visit_cnt'),
    B('M01', V, CNT, 'measure: count(visit_id) + 1, unit', 'code: visit_cnt'),
    B('M01', L, '"median(minutes(created_at, answered_at))"', '"median(hours(created_at, answered_at))"', 'lead_resp_min'),
    B('M01', L, '"median(minutes(created_at, answered_at))"', '"percentile(created_at, 90)"', 'lead_resp_min'),
    B('M02', V, TD, 'where: has_test_drive and, unit: visit', 'visit_td_cnt'),
    B('M02', V, TD, 'where: has_test_drive = (select true), unit: visit', 'visit_td_cnt'),
    B('M02', V, TD, 'where: max(score) > 3, unit: visit', 'visit_td_cnt'),
    B('M02', V, TD, '"where": "row_number() over (order by score) = 1", unit: visit', 'visit_td_cnt'),
    *(B('M02', V, TD, f'where: "{said}", unit: visit', 'visit_td_cnt') for said in (
        'random() > 0.5', 'arrived_on > current_date - 3', "answered_on < now() - interval '1 day'", 'uuid() = card_id', "nextval('a') > 1", 'score > $1', "arrived_on = date 'today'",
        'has_test_drive and not has_test_drive', 'score > 5 and not score > 5', "region_code = 'a' and region_code = 'b'", 'has_test_drive and 1 = 2')),
    B('M02', V, 'dims: [dealer, region]', 'filter: not has_test_drive\ndims: [dealer, region]', 'visit_td_cnt'),
    B('M02', L, "channel in ('website', 'app')", "channel = 'app' and channel = 'website'", 'process: lead'),
    B('L10', L, "channel in ('website', 'app')", "channel = 'app' or random() > 0.5", 'process: lead'),
    B('M02', L, 'has_visited: within', 'has_visited: and within', 'process: lead'),
    B('M03', V, 'measure: distinct(one_id), unit', 'measure: distinct(card_id), unit', 'visit_uv'),
    B('M03', V, 'entity: one_id\n', '', 'visit_uv'),
    B('M03', V, 'distinct_days(one_id)', 'distinct_days(card_id)', 'visit_active_days'),
    B('M04', V, CNT, 'measure: count(card_id), unit', 'code: visit_cnt'),
    B('M05', L, 'matures: 30, ', '', 'lead_visit_cnt'),
    B('M05', L, 'matures: 30', 'matures: 29', 'lead_visit_cnt'),
    B('M05', V, TD, 'where: has_test_drive, matures: 7, unit: visit', 'visit_td_cnt'),
    B('M13', L, 'has_rows(fct_visit)', 'has_rows(visits)', 'process: lead', also=('F02',)),
    B('M13', L, 'within(visited_at, created_at, 30)', 'within(visited_at, 30)', 'process: lead', also=('M05',)),
    B('M14', V, TD, 'where: has_test_drive and has_rows(fct_lead), unit: visit', 'visit_td_cnt'),
    B('M22', L, 'minutes(created_at, answered_at)', 'minutes(created_on, answered_at)', 'lead_resp_min'),
    B('M22', L, 'minutes(created_at, answered_at)', 'minutes(created_at, created_at)', 'lead_resp_min'),
    B('M22', V, 'atomic:', atomic('"median(days(arrived_on, arrived_at))"', 'day', 'visit_old_days'), 'visit_old_days'),
    B('M23', L, 'unit: minute', 'unit: day', 'lead_resp_min'),
    B('M24', V, 'atomic:', atomic('sum(score_rate)', 'visit', 'visit_old_qty'), 'visit_old_qty'),
    B('M25', L, 'unit: EUR, stage', 'unit: lead, stage', 'spend_amt', also=('M10',)),
    B('M25', V, CNT, 'measure: count(visit_id), unit: EUR, stage: activation, owner: sales_ops}\n  - {code: visit_old_cnt, id: IND-ACT-0022, name: {en: Old, zh: 旧}, measure: count(visit_id), where: score > 1, unit', 'code: visit_cnt'),
    B('M26', V, 'measure: distinct(one_id), unit: person', 'measure: distinct(one_id), unit: visit', 'visit_uv'),
    B('M26', V, 'unit: person*day', 'unit: person', 'visit_active_days'),
    B('M26', V, CNT + ': visit', 'measure: count(visit_id), unit: person', 'code: visit_cnt'),
    B('M27', V, CNT + ': visit', 'measure: count(visit_id), unit: ratio', 'code: visit_cnt'),
    B('M28', K, 'atomic:', atomic('distinct_days(one_id)', 'person*day', 'stock_active_days').replace('activation', 'activation'), 'stock_active_days'),
    B('M29', K, 'measure: sum(stock_qty), unit', 'measure: sum(stock_qty), matures: 30, unit', 'stock_qty'),
    B('M30', L, 'where: is_counted and has_visited, matures: 30,', "where: is_counted and channel = 'app',", 'process: lead'),
    B('M31', K, STOCK[STOCK.index('atomic:'):], 'atomic: []\n', 'process: stock'),
    B('M32', L, 'median(minutes(created_at, answered_at))', 'percentile(minutes(created_at, answered_at), 0.5)', 'lead_resp_min'),
]
FORMULAS = [
    B('M06', L, 'lead_visit_cnt / lead_cnt', 'round(lead_visit_cnt / lead_cnt)', 'lead2visit_rate'),
    B('M06', L, 'lead_visit_cnt / lead_cnt', 'lead_visit_cnt /', 'lead2visit_rate'),
    B('M06', L, 'lead_visit_cnt / lead_cnt', 'days(lead_cnt)', 'lead2visit_rate'),
    B('M06', L, 'formula: spend_amt / lead_cnt', 'formula: 1 / 2', 'code: cpl'),
    B('M07', L, 'lead_visit_cnt / lead_cnt', 'lead_visits / lead_cnt', 'lead2visit_rate'),
    B('M07', L, 'lead_visit_cnt / lead_cnt', 'lead_visit_cnt / lead_cnt_30d', 'lead2visit_rate'),
    B('M07', L, 'formula: spend_amt / lead_cnt', 'formula: spend_amt / visitors', 'code: cpl'),
    B('M08', L, 'formula: spend_amt / lead_cnt', 'formula: cpl / lead_cnt', 'code: cpl'),
    B('M08', L, 'formula: spend_amt / lead_cnt', 'formula: spend_old_rate', 'code: cpl', more=[(L, C, composite('spend_old_rate', 'cpl', 'EUR/lead'))]),
    B('M09', L, C, composite('lead_old_uv', 'lead_uv + visit_uv', 'person').replace('code: lead_old_uv', 'code: lead_old_rate'), 'lead_old_rate'),
    B('M09', L, C, composite('lead_old_rate', '(lead_visit_cnt - 2 * lead_uv) / lead_cnt', 'ratio'), 'lead_old_rate', also=('M10',)),
    B('M09', L, C, composite('lead_old_rate', 'cpl / lead_cnt', 'EUR'), 'lead_old_rate', also=('M10',)),
    B('M09', L, C, composite('lead_old_rate', '(cpl + cpl) / 2', 'EUR/lead'), 'lead_old_rate', also=('M20',)),
    *(B('M09', L, C, composite('lead_old_rate', said, 'ratio'), 'lead_old_rate') for said in (
        'lead2visit_rate + 1', 'lead2visit_rate - 1', '1 + lead2visit_rate', '2 - lead2visit_rate', '1 - lead2visit_rate + 2')),
    B('M09', L, C, composite('lead_old_rate', '1 - lead_cnt', 'lead'), 'lead_old_rate', also=('M10',)),
    B('M09', K, 'stock_aged_qty / stock_qty', '(stock_aged_qty - visit_cnt) / stock_qty', 'stock_aged_rate', also=('M10', 'M11')),
    B('M10', L, 'unit: EUR/lead', 'unit: EUR', 'code: cpl'),
    B('M10', L, 'unit: EUR/lead', 'unit: lead/EUR', 'code: cpl'),
    B('M10', L, 'formula: spend_amt / lead_cnt', 'formula: (spend_amt + lead_cnt) / lead_cnt', 'code: cpl'),
    B('M10', L, C, composite('lead_old_rate', 'lead_cnt / lead_uv', 'ratio'), 'lead_old_rate'),
    B('M10', L, C, composite('lead_old_rate', 'visit_active_days / visit_uv', 'ratio'), 'lead_old_rate'),
    B('M10', L, C, composite('lead_old_rate', '1000 * lead_cnt / spend_amt', 'lead/EUR'), 'lead_old_rate'),
    B('M10', L, C, composite('lead_old_rate', '100 * lead2visit_rate', 'ratio'), 'lead_old_rate', also=('M09',)),
    B('M10', L, C, composite('lead_old_rate', 'lead_cnt / spend_amt', 'lead/kilo_euro'), 'lead_old_rate', more=[(S, '  lead: {}', '  kilo_euro: {times: 1000, of: EUR}\n  lead: {}')]),
    B('M11', L, 'lead_visit_cnt / lead_cnt', 'lead_cnt / lead_visit_cnt', 'lead2visit_rate'),
    B('M11', L, 'where: is_counted and has_visited', 'where: has_visited', 'lead2visit_rate'),
    B('M11', L, C, composite('lead_old_rate', '1 - lead_cnt / lead_visit_cnt', 'ratio', ', between: [0, 1]'), 'lead_old_rate'),
    B('M11', L, C, composite('lead_old_rate', 'visit_active_days / days() / visit_uv', 'ratio', ', between: [0, 1]'), 'lead_old_rate'),
    B('M12', L, 'between: [0, 1]', 'between: [1, 0]', 'lead2visit_rate'),
    B('M15', L, C, composite('lead_old_rate', 'lead_cnt / lead_uv', 'lead/person', ', between: [0, 1]'), 'lead_old_rate', also=('M11',)),
    B('M16', L, C, composite('lead_old_rate', 'spend_amt * lead_cnt', 'EUR*lead'), 'lead_old_rate'),
    B('M17', L, C, composite('lead_old_rate', 'lead_resp_min / lead_cnt', 'minute/lead'), 'lead_old_rate'),
    B('M17', L, C, composite('lead_old_rate', '2 * lead_resp_min', 'minute'), 'lead_old_rate', also=('M10',)),
    B('M18', L, C, composite('lead_old_rate', 'lead_visit_cnt / visit_cnt', 'lead/visit'), 'lead_old_rate'),
    B('M19', L, C, composite('lead_old_rate', 'stock_qty / visit_cnt', 'vehicle/visit'), 'lead_old_rate', more=[(V, 'dims: [dealer, region]', 'dims: [region]')]),
    B('M20', L, C, composite('lead_old_rate', 'lead_cnt', 'lead'), 'lead_old_rate'),
    B('M20', L, C, composite('lead_old_rate', '1 * lead_cnt', 'lead'), 'lead_old_rate'),
    B('M21', L, C, composite('lead_old_rate', 'lead_cnt / (lead_cnt)', 'ratio'), 'lead_old_rate'),
    B('M21', L, C, composite('lead_old_rate', 'lead_cnt / lead_cnt', 'ratio'), 'lead_old_rate'),
]
DERIVED = [
    B('D01', V, 'of: [visit_cnt, visit_uv]', 'of: [visit_cnt, visit_uv, visits]', ENTRY),
    B('D01', V, 'of: [visit_cnt, visit_uv]', 'of: [visit_cnt, visit_uv, visitors]', ENTRY),
    B('D02', V, ENTRY, 'periods: [7d, 30d, 28d]}', '28d'),
    B('D03', V, ENTRY, 'periods: [7d, 30d], compare: [pop]}', 'compare: [pop]'),
    B('D04', V, ENTRY, 'periods: [7d, 30d], compare: [yoy_pp]}', 'compare: [yoy_pp]'),
    B('D05', V, ENTRY, 'periods: [7d, 30d], modifiers: [dig]}', 'modifiers: [dig]'),
    B('D05', L, '{of: [lead2visit_rate], periods: [30d]', '{of: [lead2visit_rate], periods: [30d], modifiers: [big]', 'modifiers: [big]'),
    B('D06', L, 'dig: ', f"{'x' * 60}: ", 'periods: [1d', more=[(L, 'modifiers: [dig]', f"modifiers: [{'x' * 60}]")]),
    B('D07', V, 'of: [visit_cnt, visit_uv]', 'of: [visit_cnt, visit_uv, visit_uv]', ENTRY),
    B('D07', V, ENTRY, 'periods: [7d, 30d]}\n  - {of: [visit_cnt], periods: [30d]}', '- {of: [visit_cnt], periods: [30d]}'),
    B('D08', V, 'of: visit_uv_30d', 'of: visit_uv_90d', 'code: visitors'),
    B('D08', V, 'of: visit_uv_30d', 'of: visit_uv', 'code: visitors'),
    B('D09', L, 'modifiers: {dig: ', 'modifiers: {mtd: ', 'process: lead', more=[(L, 'modifiers: [dig]', 'modifiers: [mtd]')]),
    B('D09', L, 'modifiers: {dig: ', 'modifiers: {on_line: ', 'process: lead', more=[(L, 'modifiers: [dig]', 'modifiers: [on_line]')]),
    B('D10', V, ENTRY, 'periods: [mtd], compare: [wow]}', 'compare: [wow]', more=[(V, 'of: visit_uv_30d', 'of: visit_uv_mtd')]),
    B('D11', K, 'periods: [1m], compare: [mom]', 'periods: [1m, 7d], compare: [mom]', 'periods: [1m, 7d]'),
    B('D16', V, CNT, 'whole: month, ' + CNT, 'periods: [7d, 30d]'),
    B('D12', L, 'modifiers: [dig], ', '', 'process: lead'),
    B('D13', V, 'atomic:', "modifiers: {dig: region_code = 'DE-BY'}\natomic:", 'process: visit', more=[(V, ENTRY, 'periods: [7d, 30d], modifiers: [dig]}')]),
    B('D14', V, 'of: visit_uv_30d', 'of: lead_uv_30d', 'code: visitors'),
    B('D15', V, ENTRY, 'periods: [7d, 7d, 30d]}', '7d, 7d', also=('D07',)),
    B('D15', L, 'compare: [wow, yoy]', 'compare: [wow, yoy, yoy]', 'yoy, yoy', also=('D07',)),
]
GONE = "visit_gone_cnt: {version: 1, digest: abc}\n"
LIFE = [
    B('G01', V, TD, 'where: has_test_drive, status: deprecated, unit: visit', 'visit_td_cnt'),
    B('G01', V, TD, 'where: has_test_drive, replaced_by: visit_cnt, unit: visit', 'visit_td_cnt'),
    B('G02', V, TD, 'where: has_test_drive, status: deprecated, replaced_by: visit_old_cnt, unit: visit', 'visit_td_cnt'),
    B('G03', L, 'where: is_counted, unit: lead', 'where: is_counted, status: deprecated, replaced_by: lead_uv, unit: lead', 'lead2visit_rate'),
    B('G03', V, 'measure: distinct(one_id), unit', 'measure: distinct(one_id), status: deprecated, replaced_by: visit_td_uv, unit', 'code: visitors'),
    B('G04', V, 'process: visit', 'process: visit', 'code: visit_cnt', released="visit_cnt: {version: 1, digest: '0000000000000000'}\n"),
    B('G04', L, "channel in ('website', 'app')", "channel = 'app'", 'process: lead', released="modifier.dig: {version: 1, digest: 'MODIFIER'}\n"),
    B('G05', S, 'compares: ', 'modifier_versions: {dig: 3}\ncompares: ', 'process: lead', released="modifier.dig: {version: 1, digest: 'MODIFIER'}\n", at_file=L),
    B('G05', S, 'compares: ', 'modifier_versions: {big: 1}\ncompares: ', 'stages:'),
    B('G05', V, CNT, 'version: 2, measure: count(visit_id), unit', 'code: visit_cnt', released="visit_cnt: {version: 3, digest: '0000000000000000'}\n"),
    B('G05', V, CNT, 'version: 4, measure: count(visit_id), unit', 'code: visit_cnt', released="visit_cnt: {version: 2, digest: '0000000000000000'}\n"),
    B('G06', V, 'process: visit', 'process: visit', 'visit_gone_cnt', released=GONE, at_file='_released.yml'),
    B('G07', L, 'where: is_counted, unit: lead', 'where: is_counted, status: draft, unit: lead', 'lead2visit_rate'),
    B('G08', V, CNT, 'version: 2, measure: count(visit_id), unit', 'code: visit_cnt', released="visit_cnt: {version: 1, digest: 'DIGEST'}\n"),
    B('G08', S, 'compares: ', 'modifier_versions: {dig: 2}\ncompares: ', 'process: lead', released="modifier.dig: {version: 1, digest: 'MODIFIER'}\n", at_file=L),
    B('G09', V, 'process: visit', 'process: visit', 'visit_cnt', drivers='# what moves them\nvisit_cnt:\n  name: {en: What moved visits, zh: 到店变动}\n  effects:\n    - {effect: leads, name: {en: Leads, zh: 线索}, formula: lead_cnt}\n    - {effect: rest, name: {en: The rest, zh: 其余}, formula: visit_cnt}\n', at_file='_drivers.yml'),
]
# fmt: on

BROKEN: list[Broken] = [*SHAPE, *NAMING, *LISTS, *BINDINGS, *MEASURES, *FORMULAS, *DERIVED, *LIFE]
