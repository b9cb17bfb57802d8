"""An indicator that was written and not built yet is said to be so, and what to run."""

import shutil
from pathlib import Path

import pytest

from indicators.loading import REGISTRY_FOLDER
from indicators.planner import Request
from indicators.registry import load_registry
from serving.errors import QueryFailed
from serving.query import ask
from serving.store import Store

BOOKED = (
    "  - {code: visit_booked_cnt, id: IND-ACT-0901, name: {en: Booked visits, zh: 预约到店批次},\n"
    "     measure: count(visit_id), where: appointment_id is not null, unit: visit, "
    "stage: activation, owner: sales_ops}\n"
)


def test_a_code_that_is_not_built_yet_says_what_to_run(tiny, tmp_path: Path):
    folder = tmp_path / "registry"
    shutil.copytree(REGISTRY_FOLDER, folder)
    file = folder / "visit.yml"
    file.write_text(file.read_text("utf-8").replace("atomic:\n", f"atomic:\n{BOOKED}", 1), encoding="utf-8")
    snapshot = Store(tiny.snapshots_dir).snapshot()
    with pytest.raises(
        QueryFailed, match=r"The registry has 'visit_booked_cnt', snapshot 1 .* run `make indicators`"
    ):
        ask(snapshot, load_registry(folder), Request("visit_booked_cnt"))
