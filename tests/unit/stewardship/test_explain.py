"""Explanations: what would split a person, and a waterfall that adds up."""

import pytest

from orchestration.stewardship.explain import Tie, cuts, waterfall


def tie(a, b, evidence) -> Tie:
    rule, _, value = evidence.partition(" ")
    return Tie(a, b, "P", "deterministic", rule, value, evidence, None, None)


def test_evidence_that_alone_holds_a_part_is_named_with_the_parts():
    ties = [
        tie("a", "b", "email x"), tie("a", "c", "email x"), tie("b", "c", "phone 1"),
        tie("c", "d", "device z"),
    ]  # fmt: skip
    found = {cut.rule: cut.parts for cut in cuts(["a", "b", "c", "d"], ties)}
    # without the e-mail a hangs on nothing, while the phone still holds b and c
    assert found == {"email": [3, 1], "device": [3, 1]}


def test_two_ways_around_leave_no_single_cut():
    ties = [tie("a", "b", "email x"), tie("b", "c", "phone 1"), tie("a", "c", "vin v")]
    assert cuts(["a", "b", "c"], ties) == []


def test_a_value_that_ties_many_records_takes_all_its_ties_with_it():
    ties = [tie("a", other, "phone 1") for other in "bcde"]
    (cut,) = cuts(list("abcde"), ties)
    assert cut.parts == [1, 1, 1, 1, 1]


def test_one_record_alone_cannot_be_split():
    assert cuts(["a"], []) == []


def test_the_steps_of_a_waterfall_add_up_to_the_match_weight():
    steps = waterfall({"email": 12.5, "given_name": -3.0, "phone": 0.0}, 4.25)
    assert [step.comparison for step in steps] == ["email", "given_name", "prior and calibration"]
    assert sum(step.weight for step in steps) == pytest.approx(4.25)
