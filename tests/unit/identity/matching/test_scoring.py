"""A pair's weight is right, explained, and the same whenever it is computed."""

from math import log2

import pytest

from identity.clustering import cluster
from identity.evaluate import pairwise
from identity.matching import prepare, score, waterfall


def rows(con, table):
    return con.execute(f"from {table} order by record_no, other_record_no").fetchall()


def test_febrl_3_comes_out_right_without_labels(scored):
    found = scored.con.execute("select record_no, other_record_no, match_weight from pair").fetchnumpy()
    truth = dict(scored.con.execute("select record_no, person_id from truth").fetchall())
    label = cluster(len(truth), found["record_no"], found["other_record_no"], found["match_weight"])
    result = pairwise({str(i): str(c) for i, c in enumerate(label)}, {str(i): p for i, p in truth.items()})
    assert result.precision > 0.99
    assert result.recall > 0.99


def test_new_records_get_the_pairs_of_a_full_run(scored):
    con = scored.con.cursor()
    con.execute(
        "create or replace temp table arrived as select record_no from record where record_no % 50 = 0"
    )
    score(con, scored.model, "record", "arrived", into="arrived_pair")
    score(con, scored.model, "record", into="all_pair")
    new = "record_no in (from arrived) or other_record_no in (from arrived)"
    assert rows(con, "arrived_pair") == rows(con, f"(from all_pair where {new})")
    assert len(rows(con, "arrived_pair")) > 100


def test_prepared_records_score_like_typed_ones_and_nothing_is_left(scored):
    con = scored.con.cursor()
    prepare(con, "record", "ready", scored.model.plan.date_orders)
    score(con, scored.model, "ready", into="ready_pair")
    assert rows(con, "ready_pair") == rows(scored.con, "pair")
    left = con.execute("select table_name from duckdb_tables() where table_name like 'match_%'").fetchall()
    assert left == []


def test_a_waterfall_adds_up_to_the_weight(scored):
    table = scored.con.execute("from pair order by hash(record_no, other_record_no) limit 200")
    names = [column[0] for column in table.description]
    for row in table.fetchall():
        pair = dict(zip(names, row, strict=True))
        steps = waterfall(scored.model, pair)
        assert steps[0].comparison == "prior"
        assert sum(step.weight for step in steps) == pytest.approx(pair["match_weight"])


def test_weights_are_those_of_the_model_of_fellegi_and_sunter(scored):
    """log2(m/u) of each level plus the frequency of the value, by hand for one pair."""
    weights = scored.model.weights
    pair = {f"level_{c.name}": -1 for c in scored.model.plan.compared} | {
        "level_given": 5,
        "frequency_given": 3,
    }
    steps = waterfall(scored.model, pair)
    by_hand = log2(weights.m["given"][5] / weights.u["given"][5]) + weights.commonness["given"] - 3 - 0.5
    assert [step.comparison for step in steps[:2]] == ["prior", "given"]
    assert steps[1].weight == pytest.approx(by_hand)
    assert steps[1].label == "same"


def test_a_common_name_proves_less_than_a_rare_one(scored):
    pair = {f"level_{c.name}": -1 for c in scored.model.plan.compared} | {"level_family": 5}
    common, rare = (waterfall(scored.model, pair | {"frequency_family": bits})[1].weight for bits in (6, 1))
    assert rare - common == pytest.approx(5)
