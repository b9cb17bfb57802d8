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


def test_every_generated_code_can_be_explained(shipped):
    for code in [*list(shipped.derived)[::31], *shipped.named]:
        assert explain(shipped, code).facts["period"]


def test_an_unknown_code_names_what_was_meant(shipped):
    with pytest.raises(UnknownCode, match="order_cnt"):
        resolve(shipped, "orders_cnt")


def test_a_registry_that_cannot_be_read_says_where(tmp_path):
    folder = write_registry(tmp_path, {"visit.yml": [("entity: one_id", "entity: [")]})
    with pytest.raises(RegistryError, match=r"visit.yml:\d+: S01"):
        load_registry(folder)
