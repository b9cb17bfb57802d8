"""The dictionary says of every code what it is, and of a wrong one what was meant."""

import pytest

from indicators.dictionary import catalogue, explain
from indicators.lookup import UnknownCode, resolve
from indicators.registry import Registry, RegistryError, load_registry
from tests.unit.indicators.small_registry import write_registry


@pytest.fixture(scope="module")
def shipped() -> Registry:
    return load_registry()


def test_every_written_indicator_is_in_the_catalogue_once_with_every_answer(shipped):
    rows = catalogue(shipped)
    assert {row["code"] for row in rows} == {*shipped.bases, *shipped.named}
    assert len({row["indicator_id"] for row in rows}) == len(rows)
    may_be_empty = {"matures_days", "note", "dims", "derived_cnt", "replaced_by"}
    assert all(value for row in rows for key, value in row.items() if key not in may_be_empty)


def test_the_catalogue_spans_the_five_stages_of_the_funnel(shipped):
    stages = [row["stage"] for row in catalogue(shipped)]
    funnel = [stage for stage in shipped.standard.stages if stage != "quality"]
    assert len(funnel) == 5
    assert all(stages.count(stage) >= 10 for stage in funnel)


def test_an_explanation_goes_down_to_the_facts(shipped):
    text = "\n".join(explain(shipped, "lead2order_rate_365d_yoy_pp").lines())
    assert "lead_order_cnt / lead_cnt" in text
    assert "the 365 days that end on the date" in text
    assert "difference in percentage points against a year before" in text
    assert "count(lead_id) of fct_lead where is_counted" in text
    assert "90 days after" in text


@pytest.mark.parametrize(
    ("code", "unit", "additivity"),
    [
        ("lead_cnt_dig_30d", "lead", "additive"),
        ("lead_cnt_dig_30d_yoy", "ratio", "comparison: "),
        ("lead2order_rate_365d_yoy_pp", "percentage points", "comparison: "),
        ("lead2order_rate_365d_yoy", "ratio", "comparison: "),
    ],
)
def test_a_comparison_has_the_unit_of_its_value_and_is_never_summed(shipped, code, unit, additivity):
    facts = explain(shipped, code).facts
    assert facts["unit"] == unit
    assert facts["additivity"].startswith(additivity)


def test_every_generated_code_can_be_explained(shipped):
    for code in [*list(shipped.derived)[::31], *shipped.named]:
        assert explain(shipped, code).facts["period"]


def test_an_unknown_code_names_what_was_meant(shipped):
    with pytest.raises(UnknownCode, match="order_cnt"):
        resolve(shipped, "orders_cnt")


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("lead_cnt_31d", "'31d' is no registered period. .*--from DAY.* lead_cnt_7d, lead_cnt_30d"),
        ("lead_cntt_30d", "Did you mean lead_cnt_30d"),
        ("lead_cntt_30d_yoy", "Did you mean lead_cnt_30d_yoy"),
        ("lead_cnt_30d_dod", "`forecourt query lead_cnt_30d --compare dod` has the number"),
        ("lead2order_rate_30d", "in lead.yml. `forecourt query lead2order_rate --from DAY --to DAY`"),
        ("LEAD_CNT", r"mean lead_cnt\?"),
        ("Lead_Cnt_30D", r"mean lead_cnt_30d\?"),
        ("Leads", r"mean lead_cnt\?"),
        ("线索量", r"mean lead_cnt\?"),
        ("线索", "mean lead_cnt"),
        ("dig", r"It is a modifier \(channel in .* codes: \w+_dig_"),
    ],
)
def test_an_unknown_code_is_answered_with_what_gives_the_number(shipped, code, says):
    with pytest.raises(UnknownCode, match=says):
        resolve(shipped, code)


def test_a_registry_that_cannot_be_read_says_where(tmp_path):
    folder = write_registry(tmp_path, {"visit.yml": [("entity: one_id", "entity: [")]})
    with pytest.raises(RegistryError, match=r"visit.yml:\d+: S01"):
        load_registry(folder)
