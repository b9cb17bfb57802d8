"""What an analyst may write: measures, formulas, units, classes, and when two definitions are the same."""

import pytest

from indicators import formula
from indicators.canonical import condition_parts
from indicators.digest import digest
from indicators.formula import FormulaError, parse_unit, show_unit, unit_of
from indicators.measures import ConditionError, parse_condition, parse_measure
from indicators.models import hours
from indicators.polynomial import canonical_formula
from indicators.registry import load_registry
from tests.unit.indicators.rich_registry import rich_registry, write_registry


@pytest.mark.parametrize(
    ("text", "kind", "value", "quantile"),
    [
        ("count(lead_id)", "count", "lead_id", None),
        ("distinct_days( one_id )", "distinct_days", "one_id", None),
        ("median(score)", "median", "score", 0.5),
        ("percentile(score, 0.9)", "percentile", "score", 0.9),
        (
            "median(days(ordered_on, delivered_on))",
            "median",
            "date_sub('day', ordered_on, delivered_on)",
            0.5,
        ),
        (
            "percentile(minutes(assigned_at, first_contact_at), .95)",
            "percentile",
            "date_sub('minute', assigned_at, first_contact_at)",
            0.95,
        ),
    ],
)
def test_a_measure_is_read_as_it_is_written(text, kind, value, quantile):
    measure = parse_measure(text)
    assert (measure.kind, measure.value_sql, measure.quantile) == (kind, value, quantile)


def test_a_span_reads_both_its_columns():
    assert parse_measure("median(days(a_on, b_on))").columns == {"a_on", "b_on"}


@pytest.mark.parametrize(
    "text", ["avg(x)", "count(*)", "count(a, b)", "median(a - b)", "percentile(x, 90)", "percentile(x)", ""]
)
def test_what_is_no_measure_is_refused_with_the_ways_to_write_one(text):
    with pytest.raises(ConditionError, match=r"write|name"):
        parse_measure(text)


def test_days_of_the_period_stand_in_a_formula():
    text = "active_days / days() / people"
    assert formula.codes(text) == ["active_days", "people"]
    assert formula.uses_days(text)
    assert formula.render(text, str, days="30") == "active_days / nullif(30, 0) / nullif(people, 0)"
    with pytest.raises(FormulaError, match="only codes"):
        formula.parse("days(x) / people")


def test_units_are_products_over_products():
    units = {"active_days": {"day": 1, "person": 1}, "people": {"person": 1}, "cost": {"EUR": 1}}
    assert parse_unit("person*day", frozenset()) == units["active_days"]
    assert unit_of("active_days / days() / people", units.__getitem__) == {}
    assert show_unit(unit_of("cost / active_days", units.__getitem__)) == "EUR/day*person"
    with pytest.raises(FormulaError, match="adds or subtracts EUR and person"):
        unit_of("cost + people", units.__getitem__)


def test_a_duration_is_read_in_hours():
    assert [hours(text) for text in ("90m", "26h", "3d")] == [1.5, 26, 72]


def test_each_class_is_what_the_measure_and_the_process_make_of_it(tmp_path):
    registry = rich_registry(tmp_path)
    classes = {code: registry.additivity_mark(code) for code in registry.bases}
    assert classes == {
        "lead_cnt": "+", "lead_uv": "U", "lead_visit_cnt": "+", "spend_amt": "+", "lead_resp_min": "M",
        "lead2visit_rate": "R", "cpl": "R", "visit_cnt": "+", "visit_td_cnt": "+", "visit_uv": "U",
        "visit_td_uv": "U", "visit_active_days": "U", "stock_qty": "S", "stock_aged_qty": "S",
        "stock_aged_rate": "R(S)",
    }  # fmt: skip


def test_attributes_of_people_cut_counts_of_people_only(tmp_path):
    registry = rich_registry(tmp_path)
    assert "age" in registry.reachable("lead_uv")
    assert "age" not in registry.reachable("lead_cnt")
    assert registry.reachable("cpl") == ["dealer", "region", "channel", "tier"]


WHERE = "where: is_counted and has_visited, matures: 30"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (WHERE, "where: has_visited and is_counted, matures: 30"),
        (WHERE, "where: (is_counted) and ((has_visited)), matures: 30"),
        (WHERE, f"{WHERE}, status: draft, note: something"),
        ("en: Leads with a visit", "en: Leads that came"),
    ],
)
def test_another_spelling_is_the_same_definition(tmp_path, right, wrong):
    assert of_changed(tmp_path, right, wrong) == of_changed(tmp_path, right, right)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (WHERE, "where: has_visited, matures: 30"),
        (WHERE, WHERE.replace("30", "31")),
        ("created_at, 30) or", "created_at, 29) or"),
        ("time: created_on", "time: assigned_on"),
        ("model: fct_lead", "model: fct_lead_old"),
        ("rollups:", "filter: is_valid\nrollups:"),
    ],
)
def test_another_number_is_another_definition(tmp_path, right, wrong):
    assert of_changed(tmp_path, right, wrong) != of_changed(tmp_path, right, right)


def of_changed(folder, right, wrong):
    return digest(load_registry(write_registry(folder, {"lead.yml": [(right, wrong)]})), "lead_visit_cnt")


def test_a_formula_has_one_canonical_form():
    assert canonical_formula("a/b") == canonical_formula("a  /  b")
    assert canonical_formula("a / b") != canonical_formula("b / a")


@pytest.mark.parametrize(
    ("said", "form"),
    [
        ("(a) / (b)", "a / b"),
        ("1 * a / b", "a / b"),
        ("0.5 * a / b", "a / (2 * b)"),
        ("a / b * 1000", "1000 * a / b"),
        ("1 - a / b", "(b - a) / b"),
        ("b + a", "a + b"),
        ("-(a - b) / c", "(b - a) / c"),
        ("a / b / days()", "a / (b * days())"),
        ("a / b + c / b", "(a + c) / b"),
        ("a / (b - b)", "a / (b - b)"),
        ("2 * a", "2 * a"),
        ("0 * a", "0"),
    ],
)
def test_a_formula_is_one_sum_over_another(said, form):
    assert canonical_formula(said) == form


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ("a = true", ["a"]),
        ("not (not a)", ["a"]),
        ("a and 1 = 1", ["a"]),
        ("a is true and 2 > 1", ["a"]),
        ("a = false", ["NOT a"]),
        ("c in ('b', 'a', 'b')", ["c IN ('a', 'b')"]),
        ("c = 'a' or 'b' = c", ["c IN ('a', 'b')"]),
        ("not c = 'a'", ["c <> 'a'"]),
        ("not c <> 'a'", ["c = 'a'"]),
        ("not (a or c in ('a'))", ["NOT a", "c <> 'a'"]),
        ("5 < (n)", ["n > 5"]),
        ("n between 1 and 2.0", ["n <= 2", "n >= 1"]),
        ("b >= a", ["a <= b"]),
        ("not b < a", ["a <= b"]),
        ("a and (b or a)", ["a"]),
        ("(a and b) or (c and d)", ["(a AND b) OR (c AND d)"]),
        ("a is not null", ["NOT a IS NULL"]),
        ("1 = 1", []),
        ("a and not a", ["FALSE"]),
        ("c = 'a' and c = 'b'", ["FALSE"]),
        ("n > 5 and not n > 5", ["FALSE"]),
        ("x", ["a", "b"]),
        ("not x", ["NOT a OR NOT b"]),
    ],
)
def test_a_condition_has_one_form(said, parts):
    assert list(condition_parts((said,), (("x", "b and a"),))) == parts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a or b", "a and b"),
        ("n > 5", "n >= 5"),
        ("n > 5", "m > 5"),
        ("c in ('a', 'b')", "c in ('a')"),
        ("c = '1'", "c = 1"),
        ("a <= b + interval '30 days'", "a <= b + interval '31 days'"),
        ("not (a and b)", "not a and not b"),
        ("a is not true", "not a"),
    ],
)
def test_two_conditions_have_two_forms(one, other):
    assert condition_parts((one,)) != condition_parts((other,))


@pytest.mark.parametrize(
    "said",
    [
        "a::date = date '2026-01-01'",
        "coalesce(lower(c), '') like 'x%' or length(trim(c)) > 3",
        "date_diff('day', a, b) > 3 and date_sub('day', a, b) % 2 = 0",
        "a <= b + interval '30 minutes' and extract(year from a) = 2026",
        "case when a then b else c end",
        "a is distinct from b",
    ],
)
def test_a_condition_with_one_answer_is_read(said):
    assert parse_condition(said)


def test_a_condition_that_asks_for_the_day_is_refused_with_what_may_stand_in_it():
    with pytest.raises(ConditionError, match="a condition has the same answer on every day"):
        parse_condition("random() > 0.5")
