"""Training is deterministic, and the same on a part of many records; labels teach."""

import duckdb
import pytest

from identity.matching import MatchModel, candidates, profile, train

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
    for name, shares in whole.weights.m.items():
        assert part.weights.m[name] == pytest.approx(shares, abs=0.1)
    assert part.weights.prior == pytest.approx(whole.weights.prior, abs=0.5)
