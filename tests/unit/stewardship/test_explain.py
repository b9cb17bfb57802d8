"""Explanations: what would split a person."""

from orchestration.stewardship.explain import Tie, cuts


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
