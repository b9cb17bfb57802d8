"""The verbs over indicators where there is little to show: wrong filters, no code, nothing built."""

from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from indicators.registry import load_registry
from orchestration.cli import app
from orchestration.cli.indicators.explain import _test_lines
from orchestration.governance.state import known
from serving.errors import NoSnapshot, QueryFailed
from serving.snapshot import publish
from tests.unit.serving.warehouse import write_warehouse


def said(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["indicators", *arguments])
    return done.exit_code, done.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("list", "--stage", "foo"), "--stage foo is none of: acquisition, activation,"),
        (("list", "--process", "foo"), "--process foo is none of: app, app_registration,"),
        (("diff", "nosuchref"), "There is no commit 'nosuchref': name a branch, a tag or a commit"),
        (("drivers", "order_cnt"), "Say which days: --from and --to"),
    ],
)
def test_a_wrong_word_is_named_with_those_that_there_are(arguments, says):
    code, output = said(*arguments)
    assert code == 1
    assert says in output


def test_the_list_shows_definitions():
    code, output = said("list", "--process", "lead")
    assert code == 0
    assert "sum(spend_amt)" not in output
    assert "lead_valid_cnt / lead_cnt" in output


def test_drivers_without_a_code_names_the_trees():
    code, output = said("drivers")
    assert code == 0
    assert all(tree in output for tree in load_registry().drivers)


def test_what_is_not_published_and_what_is_not_built_are_told_apart(tmp_path):
    settings = SimpleNamespace(snapshots_dir=tmp_path / "snapshots")
    with pytest.raises(NoSnapshot, match="run `make run`"):
        known(settings, load_registry(), "lead_cnt")
    publish(write_warehouse(tmp_path / "warehouse.duckdb", dealers=2, days=20), settings.snapshots_dir)
    says = "^Snapshot 1 was built before 'lead_cnt' was written: run `make indicators`.$"
    with pytest.raises(QueryFailed, match=says):  # the warehouse of these tests describes no indicator
        known(settings, load_registry(), "lead_cnt")
    assert _test_lines(SimpleNamespace(test_names=("a", "b")), None) == [
        "2 tests on its models, which have not run on it yet"
    ]
