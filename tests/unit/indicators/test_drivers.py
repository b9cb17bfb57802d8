"""Driver trees hold together: their factors multiply to their indicator; wrong ones are refused in words."""

import pytest

from indicators.drivers import DriverError, codes, dimensions, tree
from indicators.models import DriverTree
from indicators.registry import Registry, load_registry
from tests.unit.indicators.small_registry import small_registry


@pytest.fixture(scope="module")
def shipped() -> Registry:
    return load_registry()


@pytest.fixture
def small(tmp_path) -> Registry:
    return small_registry(tmp_path / "registry")


def declare(registry: Registry, code: str, **effects: str) -> None:
    """A tree of the small registry: `tree:code` names another tree."""
    items = [
        {"effect": name, "name": {"en": name, "zh": name}}
        | ({"tree": text.removeprefix("tree:")} if text.startswith("tree:") else {"formula": text})
        for name, text in effects.items()
    ]
    registry.drivers[code] = DriverTree.model_validate({"name": {"en": code, "zh": code}, "effects": items})


def test_every_shipped_tree_holds_together_and_reaches_dealer_and_region(shipped):
    assert {"order_cnt", "order_amt"} <= set(shipped.drivers)
    for code in shipped.drivers:
        found = tree(shipped, code)
        assert {"dealer", "region"} <= set(dimensions(shipped, found))
    assert codes(shipped) >= {"lead_cnt", "card_cnt", "visit_cnt", "td_cnt", "order_cnt"}


def test_a_tree_in_a_tree_stands_in_its_place(shipped):
    outer, inner = tree(shipped, "order_amt"), tree(shipped, "order_cnt")
    assert [one.factor.powers for one in outer.branches][:-1] == [one.powers for one in inner.factors]
    assert outer.branches[0].path == "orders/traffic"
    assert outer.codes[0] == "order_amt"


@pytest.mark.parametrize(
    ("effects", "says"),
    [
        ({"a": "visit_cnt", "b": "visit_td_cnt / lead_cnt"}, "multiply to"),
        ({"a": "visit_cnt", "b": "visit_td_cnt - visit_cnt"}, "is no product"),
        ({"a": "colour_cnt", "b": "visit_td_cnt / colour_cnt"}, "no indicator 'colour_cnt'"),
        ({"a": "lead_visit_cnt", "b": "visit_td_cnt / lead_visit_cnt"}, "different windows"),
        ({"a": "cpl", "b": "visit_td_cnt / cpl"}, "name what it is made of"),
        ({"a": "tree:visit_td_cnt", "b": "visit_cnt"}, "contains itself"),
        ({"a": "tree:visit_cnt", "b": "visit_cnt"}, "a tree that is not there: 'visit_cnt'"),
    ],
)
def test_a_wrong_tree_is_refused(small, effects, says):
    declare(small, "visit_td_cnt", **effects)
    with pytest.raises(DriverError, match=says):
        tree(small, "visit_td_cnt")


def test_an_indicator_without_a_tree_says_which_have_one(small):
    declare(small, "visit_td_cnt", a="visit_cnt", b="visit_td_cnt / visit_cnt")
    assert tree(small, "visit_td_cnt").codes == ["visit_td_cnt", "visit_cnt"]
    with pytest.raises(DriverError, match="these have one: visit_td_cnt"):
        tree(small, "lead_cnt")
