"""`forecourt indicators diff <git ref>`: what changed since a commit, values on both sides, who uses it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGES = ("indicators", "serving", "orchestration", "identity", "ingestion", "dbt_project")
VALID = "where: is_counted and is_valid, unit: lead, stage: acquisition"
ABSORB = "formula: svc_gp_amt / dealer_opex_amt"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A copy of the project in a git repository of its own, whose registry is committed."""
    clone = tmp_path / "clone"
    for name in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__", "target", "logs")
        shutil.copytree(REPOSITORY / name, clone / name, ignore=ignored)
    who = ("-c", "user.name=test", "-c", "user.email=test@forecourt.example")
    for command in (("init", "-q"), ("add", "indicators/registry"), (*who, "commit", "-qm", "registry")):
        subprocess.run(["git", *command], cwd=clone, check=True, capture_output=True)
    return clone


def edit(clone: Path, file: str, old: str, new: str) -> None:
    path = clone / "indicators" / "registry" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_changed_definition_is_shown_with_its_values_and_its_users(tiny, clone):
    edit(clone, "lead.yml", VALID, VALID.replace("is_valid", "not is_valid"))
    edit(clone, "service.yml", ABSORB, "formula: svc_amt / dealer_opex_amt")
    forecourt = Path(sys.executable).with_name("forecourt")
    variables = {"PYTHONPATH": str(clone), "FORECOURT_DATA_DIR": str(tiny.data_dir), "DO_NOT_TRACK": "1"}
    done = subprocess.run(
        [forecourt, "indicators", "diff", "HEAD", "--json", "--wait", "600"],
        cwd=clone, env=os.environ | variables, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = {one["compared"]["difference"]["code"]: one for one in json.loads(done.stdout)}
    assert {"lead_valid_cnt", "svc_absorb_rate"} <= set(found)
    valid = found["lead_valid_cnt"]["compared"]["values"]
    with tiny.connect() as connection:
        days = f"created_on between date '{valid['first']}' and date '{valid['last']}'"
        by_hand = f"select count(*) from core.fct_lead where is_counted and {{}} and {days}"
        for side, condition in (("before", "is_valid"), ("after", "not is_valid")):
            [[rows]] = connection.execute(by_hand.format(condition)).fetchall()
            assert valid[side] == rows
    assert valid["before"] != valid["after"]
    assert 0 < valid["days_differing"] <= valid["days"]
    assert "card_rate" in json.dumps(found["lead_valid_cnt"]["used_by"])
    absorb = found["svc_absorb_rate"]["compared"]["values"]  # of whole months: three of them
    assert (absorb["days"], absorb["first"][-2:]) == (3, "01")
    assert absorb["after"] > absorb["before"]
