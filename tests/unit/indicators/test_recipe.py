"""The recipe "add an indicator" of CONTRIBUTING.md works as it is written there."""

import shutil
from datetime import date

from indicators import compile as compiler
from indicators.check import check_folder
from indicators.loading import REGISTRY_FOLDER
from indicators.planner import Request, plan
from indicators.registry import load_registry
from tests.unit.indicators.recipe_text import recipe


def test_adding_an_indicator_takes_under_ten_lines(tmp_path):
    told = recipe()
    assert told.line_cnt < 10
    registry = tmp_path / "registry"
    shutil.copytree(REGISTRY_FOLDER, registry)
    told.write_process(registry)

    # Before the new words are registered, the checker says so, with the file and the line.
    unknown = [str(finding) for finding in check_folder(registry)]
    place = "indicators/registry/visit.yml:"
    assert any("booked" in finding and finding.startswith(place) for finding in unknown)
    assert any(told.period in finding for finding in unknown)

    told.write_words(registry)
    assert [str(finding) for finding in check_folder(registry)] == []

    project = tmp_path / "dbt"
    compiler.write(load_registry(registry), project)
    cube = (project / "models/indicators/ind_visit_1d.sql").read_text()
    assert f"count(visit_id) filter (where appointment_id is not null) as {told.code}" in cube

    request = Request(told.asked, by=["region"], date_to=date(2026, 9, 30))
    planned = plan(load_registry(registry), request)
    assert told.code in planned.sql
    assert "social" in planned.sql
    assert (planned.windows[0].first, planned.windows[0].last) == (date(2026, 9, 10), date(2026, 9, 30))
