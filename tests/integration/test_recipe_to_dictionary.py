"""A newcomer's indicator, from the lines of CONTRIBUTING.md to the dictionary's page, by one command."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.unit.indicators.recipe_text import recipe

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGES = ("indicators", "serving", "orchestration", "dashboards", "identity", "ingestion", "dbt_project")
SHOW_PAGE = """
import sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("dashboards/app.py", default_timeout=120)
app.query_params["code"] = sys.argv[1]
app.run().switch_page("app_pages/indicator_dictionary.py").run()
assert not app.exception, app.exception
for kind in (app.header, app.metric, app.caption):
    print("\\n".join(str(element.value) for element in kind))
"""


def test_seven_lines_and_one_command_put_an_indicator_on_the_dictionary(tiny, tmp_path):
    """In a copy of the project: the registry that is installed is not to be written to."""
    told, built = recipe(), tiny.copy(tmp_path)
    clone = tmp_path / "clone"
    for name in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__", "target", "logs")
        shutil.copytree(REPOSITORY / name, clone / name, ignore=ignored)
    told.write_process(clone / "indicators" / "registry")
    told.write_words(clone / "indicators" / "registry")

    def run(*command: str) -> str:
        variables = {"PYTHONPATH": str(clone), "FORECOURT_DATA_DIR": str(built.data_dir), "DO_NOT_TRACK": "1"}
        done = subprocess.run(
            command, cwd=clone, env=os.environ | variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    forecourt = Path(sys.executable).with_name("forecourt")
    said = run(str(forecourt), "indicators", "apply")
    assert f"New: {told.code}, Booked visits (预约到店批次)" in said
    shown = run(sys.executable, "-c", SHOW_PAGE, told.code)
    assert "Booked visits" in shown
    assert "no data" not in shown
    assert told.asked in run(str(forecourt), "query", told.asked, "--json")
