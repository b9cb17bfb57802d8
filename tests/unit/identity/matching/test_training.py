"""Training is deterministic, notices when EM went wrong, and notices households."""

import duckdb
import numpy as np
import pytest

from identity.matching import MatchModel, candidates, profile, train
from identity.matching.comparing import Vectors
from identity.matching.fields import named
from identity.matching.households import excess_contradictions
from identity.matching.splink_estimates import check

COLUMNS = ["given_name", "family_name", "birth_date", "email", "source"]


def tables(con):
    return {name for (name,) in con.execute("select table_name from duckdb_tables()").fetchall()}


@pytest.fixture(scope="module")
def trained(people):
    rows = [tuple(row[column] for column in COLUMNS) for row in people]

    def make(labels=None):
        with duckdb.connect() as con:
            typed = ", ".join(f"{column} varchar" for column in COLUMNS)
            con.execute(f"create table record (record_no bigint, {typed})")
            con.executemany(
                "insert into record values (?, ?, ?, ?, ?, ?)", [(i, *row) for i, row in enumerate(rows)]
            )
            if labels:
                con.execute("create table label (record_no bigint, other_record_no bigint, is_match boolean)")
                con.executemany("insert into label values (?, ?, ?)", labels)
            before = tables(con)
            model = train(con, "record", profile(con, "record"), labels="label" if labels else None)
            return model, tables(con) - before

    return make


def test_the_same_records_give_the_same_model_and_no_table_is_left(trained):
    (one, left_behind), (other, _) = trained(), trained()
    assert one.to_json() == other.to_json()
    assert left_behind == set()


def test_a_model_survives_json(trained):
    model, _ = trained()
    assert MatchModel.from_json(model.to_json()) == model


def test_a_model_of_another_format_is_refused():
    with pytest.raises(ValueError, match="train it again"):
        MatchModel.from_json('{"format": 0}')


def test_labels_train_a_scorer_that_follows_them(trained):
    same = [(2 * i, 2 * i + 1, True) for i in range(150)]
    different = [(2 * i, 2 * i + 2, False) for i in range(150)]
    model, _ = trained(same + different)
    assert model.booster is not None
    assert MatchModel.from_json(model.to_json()) == model


def test_training_on_a_part_of_many_records_gives_nearly_the_same_weights(trained, monkeypatch):
    whole, _ = trained()
    monkeypatch.setattr(candidates, "WHOLE_BELOW", 100)
    monkeypatch.setattr(candidates, "SEEDS", 200)
    part, left_behind = trained()
    assert left_behind == set()
    for name, levels in whole.weights.levels.items():
        assert part.weights.levels[name][-1] == pytest.approx(levels[-1], abs=1.0)
    assert part.weights.prior == pytest.approx(whole.weights.prior, abs=1.5)


def test_em_that_found_households_is_not_believed():
    compared = named(["given", "family"])
    households = {"given": [0.6, 0.1, 0.1, 0.1, 0.05, 0.05], "family": [0.02, 0.02, 0.02, 0.02, 0.02, 0.9]}
    shares, notes = check(households, compared)
    assert shares["given"][-1] == pytest.approx(0.85)
    assert shares["family"][-1] == pytest.approx(0.9)
    assert len(notes) == 1
    assert "given" in notes[0]


def test_em_that_turned_round_or_did_not_run_is_not_believed():
    compared = named(["gender", "region"])
    shares, notes = check({"gender": [0.7, 0.3], "region": [None, None]}, compared)
    assert shares["gender"][1] > shares["gender"][0]
    assert shares["region"][1] > shares["region"][0]
    assert len(notes) == 2


def vectors_of(given, birth):
    levels = np.column_stack([given, birth])
    count = np.ones(len(levels), dtype=np.int64)
    return Vectors(levels, np.full_like(levels, -1), np.zeros(len(levels), dtype=np.int64), count)


def test_independent_errors_are_no_household_and_joint_ones_are():
    rng = np.random.default_rng(3)
    compared = named(["given", "birth"])
    given = np.where(rng.random(20_000) < 0.2, 0, compared[0].top)
    birth = np.where(rng.random(20_000) < 0.2, 0, compared[1].top)
    ones = np.ones(20_000)
    assert excess_contradictions(vectors_of(given, birth), ones, compared) < 0.005
    housemate = rng.random(20_000) < 0.1
    given[housemate], birth[housemate] = 0, 0
    assert 0.04 < excess_contradictions(vectors_of(given, birth), ones, compared) <= 0.1


def test_few_pairs_prove_no_household():
    compared = named(["given", "birth"])
    given = np.array([0, 0] + [compared[0].top] * 30)
    birth = np.array([0, 0] + [compared[1].top] * 30)
    assert excess_contradictions(vectors_of(given, birth), np.ones(32), compared) == 0
