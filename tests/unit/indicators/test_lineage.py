"""Column lineage over SQL texts: every way in which a column comes from another is followed to its source."""

import pytest

from indicators.lineage import Column, Lineage, Relation, column_lineage, to_column

RAW = Relation("raw.lead", "source", columns=("id", "kind", "at", "valid"))
STAGED = Relation(
    "staging.lead",
    "model",
    """
    with source as (select * from "wh"."raw"."lead"),
    cleaned as (
        select id as lead_id, upper(kind) as kind, cast(at as timestamp) as created_at, valid from source
    )
    select * from cleaned
    """,
    reads=("raw.lead",),
)


def names(columns) -> list[str]:
    return [str(column) for column in columns]


def lineage_of(*relations: Relation) -> Lineage:
    return column_lineage(relations)


def test_a_star_over_ctes_is_followed_to_the_raw_column():
    found = lineage_of(RAW, STAGED)
    assert names(found.sources([Column("staging.lead", "created_at")])) == ["raw.lead.at"]


def test_a_model_may_stand_before_the_models_that_it_reads():
    assert lineage_of(STAGED, RAW).parents == lineage_of(RAW, STAGED).parents


def test_the_condition_of_a_filtered_count_belongs_to_the_column():
    cube = Relation(
        "indicators.cube",
        "model",
        "select created_at::date as d, count(lead_id) filter (where valid) as n"
        " from wh.staging.lead group by 1",
        reads=("staging.lead",),
    )
    found = lineage_of(RAW, STAGED, cube)
    assert names(found.sources([Column("indicators.cube", "n")])) == ["raw.lead.id", "raw.lead.valid"]


def test_counted_rows_come_from_the_tables_whose_rows_they_are():
    counted = Relation(
        "core.n",
        "model",
        "with kept as (select * from wh.staging.lead)"
        " select kind, count(*) > 0 as has_any from kept group by kind",
        reads=("staging.lead",),
    )
    found = lineage_of(RAW, STAGED, counted)
    assert names(found.sources([Column("core.n", "has_any")])) == ["raw.lead.*"]
    assert names(found.sources([Column("core.n", "kind")])) == ["raw.lead.kind"]


def test_both_branches_of_a_union_are_parents():
    other = Relation("raw.card", "source", columns=("card_no",))
    united = Relation(
        "core.u",
        "model",
        "select id as k from wh.raw.lead union all select card_no from wh.raw.card",
        reads=("raw.lead", "raw.card"),
    )
    assert names(lineage_of(RAW, other, united).parents[Column("core.u", "k")]) == [
        "raw.card.card_no",
        "raw.lead.id",
    ]


def test_a_window_and_a_join_are_followed():
    joined = Relation(
        "core.j",
        "model",
        "select l.kind, row_number() over (partition by r.valid order by l.created_at) as n"
        " from wh.staging.lead l join wh.raw.lead r on l.lead_id = r.id",
        reads=("staging.lead", "raw.lead"),
    )
    found = lineage_of(RAW, STAGED, joined)
    assert names(found.parents[Column("core.j", "n")]) == ["raw.lead.valid", "staging.lead.created_at"]


def test_a_python_model_says_where_its_columns_come_from():
    python = Relation(
        "identity.c", "python", columns=("no", "label"), declared={"no": ["staging.lead.lead_id"]}
    )
    found = lineage_of(RAW, STAGED, python)
    assert names(found.sources([Column("identity.c", "no")])) == ["raw.lead.id"]
    assert found.sources([Column("identity.c", "label")]) == []


def test_a_text_that_cannot_be_read_is_a_problem_and_not_a_stop():
    broken = Relation("core.b", "model", "select from where", columns=("x",))
    found = lineage_of(broken, RAW, STAGED)
    assert list(found.problems) == ["core.b"]
    assert names(found.sources([Column("staging.lead", "kind")])) == ["raw.lead.kind"]


def test_what_follows_from_a_column_is_found_through_every_model():
    after = Relation("serving.s", "model", "select kind as k from wh.staging.lead", reads=("staging.lead",))
    found = lineage_of(RAW, STAGED, after)
    assert names(found.downstream([Column("raw.lead", "kind")])) == [
        "raw.lead.kind",
        "staging.lead.kind",
        "serving.s.k",
    ]


def test_the_graph_survives_being_kept_as_json():
    found = lineage_of(RAW, STAGED)
    assert Lineage.from_json(found.to_json()) == found


@pytest.mark.parametrize("text", ["raw.lead.id", "a.b.c"])
def test_a_column_reads_back_from_its_text(text):
    assert str(to_column(text)) == text
