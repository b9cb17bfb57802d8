"""The recipe "add an indicator" of CONTRIBUTING.md works as it is written there."""

import re
import shutil
from datetime import date
from pathlib import Path

from indicators import compile as compiler
from indicators.check import check_folder
from indicators.loading import REGISTRY_FOLDER
from indicators.planner import Request, plan
from indicators.registry import load_registry

CONTRIBUTING = Path(__file__).resolve().parents[3] / "CONTRIBUTING.md"


def recipe() -> tuple[str, str]:
    """The YAML of the recipe and the code that its last step asks for."""
    text = CONTRIBUTING.read_text()
    section = text.split("### … add an indicator")[1].split("\n### ")[0]
    block = re.search(r"```yaml\n(.*?)```", section, re.DOTALL)
    asked = re.search(r"forecourt query (\S+)", section)
    assert block and asked
    return "".join(line.removeprefix("   ") + "\n" for line in block[1].rstrip().splitlines()), asked[1]


def test_adding_an_indicator_takes_one_line_and_one_word(tmp_path):
    lines, asked = recipe()
    registry = tmp_path / "registry"
    shutil.copytree(REGISTRY_FOLDER, registry)
    visit, standard = registry / "visit.yml", registry / "_roots.yml"
    visit.write_text(visit.read_text().replace("atomic:\n", "atomic:\n" + lines, 1))

    # Before the new word is registered, the checker says so, with the file and the line.
    [unknown] = [finding for finding in check_folder(registry) if "booked" in str(finding)]
    assert "visit.yml" in str(unknown)

    standard.write_text(
        standard.read_text().replace("qualifier:\n", "qualifier:\n  booked: by appointment\n", 1)
    )
    assert [str(finding) for finding in check_folder(registry)] == []

    project = tmp_path / "dbt"
    compiler.write(load_registry(registry), project)
    cube = (project / "models/indicators/ind_visit_1d.sql").read_text()
    assert "count(visit_id) filter (where appointment_id is not null) as visit_booked_cnt" in cube

    request = Request(code=asked, by=["region"], date_from=date(2026, 10, 1), date_to=date(2026, 10, 31))
    assert "visit_booked_cnt" in plan(load_registry(registry), request).sql
