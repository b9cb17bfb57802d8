"""`forecourt indicators check --rules` lists every rule that there is."""

import json

from typer.testing import CliRunner

from indicators.check import RULES
from orchestration.cli import app


def test_every_rule_is_listed_with_what_it_demands():
    said = CliRunner().invoke(app, ["indicators", "check", "--rules", "--json"])
    assert said.exit_code == 0
    listed = {row["rule"]: row for row in json.loads(said.output)}
    assert listed.keys() == RULES.keys()
    assert all(row["demands"] and row["repair"] for row in listed.values())
