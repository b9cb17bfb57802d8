"""Finding indicators by words in two languages, and what a hover says of a code."""

import pytest

from dashboards.dictionary_page.search import Filters, base_of, matching
from dashboards.help import help_for
from indicators.registry import load_registry
from serving.dictionary import Entry


def entry(code: str, en: str, zh: str, **more) -> Entry:
    blank = dict.fromkeys(Entry.__dataclass_fields__)
    known = {"stage": "acquisition", "owner": "sales_ops", "status": "certified", "definition": f"of {code}"}
    text = f"{code} {en} {zh} of {code}".lower()
    return Entry(
        **{**blank, **known, "code": code, "name_en": en, "name_zh": zh, "search_text": text, **more}
    )


ENTRIES = [
    entry("cpl", "Cost per lead", "线索成本"),
    entry("lead_cnt", "Leads", "线索量"),
    entry("order_cnt", "Orders", "订单量", stage="revenue", owner="finance", status="draft"),
]


@pytest.mark.parametrize(
    ("filters", "codes"),
    [
        (Filters(), ["cpl", "lead_cnt", "order_cnt"]),
        (Filters("LEAD"), ["lead_cnt", "cpl"]),
        (Filters("线索"), ["cpl", "lead_cnt"]),
        (Filters("成本 cost"), ["cpl"]),
        (Filters("rder_c"), ["order_cnt"]),
        (Filters(stage="revenue"), ["order_cnt"]),
        (Filters("o", status="draft"), ["order_cnt"]),
        (Filters(owner="sales_ops"), ["cpl", "lead_cnt"]),
        (Filters("nothing like it"), []),
    ],
)
def test_every_word_must_be_somewhere_and_names_come_first(filters, codes):
    assert [one.code for one in matching(ENTRIES, filters)] == codes


def test_a_generated_code_leads_to_its_base():
    registry = load_registry()
    generated = next(iter(registry.derived.values()))
    assert base_of(registry, str(generated)) == generated.base
    assert base_of(registry, "no_such_code") is None


def test_the_hover_says_what_how_and_who():
    said = help_for("lead_cnt_30d")
    assert "线索量" in said
    assert "the 30 days that end on the date" in said
    assert "indicator-dictionary?code=lead_cnt_30d" in said
    assert help_for("no_such_code") == ""
