"""The facts of every business process as plain rows, by SQL that is written here from the registry's YAML.

Nothing of the compiler, the planner or the registry's classes is used: the YAML is read as text, conditions
are rewritten by the few rules below, and what a row counts for is decided row by row.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import yaml

import indicators

FOLDER = Path(indicators.__file__).parent / "registry"
_MEASURE = re.compile(r"^(\w+)\((.*)\)$", re.DOTALL)
_SPAN = re.compile(r"^(minutes|days)\((\w+),\s*(\w+)\)")


class Facts:
    """Definitions (`processes`, `atomics`, `composites`, `derived`, `named`) and rows (`frame`)."""

    def __init__(self, connection: duckdb.DuckDBPyConnection):
        self.connection = connection
        files = {file.stem: yaml.safe_load(file.read_text("utf-8")) for file in sorted(FOLDER.glob("*.yml"))}
        self.dimensions = files["_standard"]["dimensions"]
        self.processes = {f["process"]: f for name, f in files.items() if not name.startswith("_")}
        self.atomics = self._items("atomic")
        self.composites = self._items("composite")
        self.named = self._items("named")
        self.as_of = dict(connection.execute("select source, as_of_on from serving.srv_as_of").fetchall())
        self._frames: dict[str, pd.DataFrame] = {}

    def _items(self, kind: str) -> dict[str, dict[str, Any]]:
        return {
            item["code"]: {**item, "process": process}
            for process, file in self.processes.items()
            for item in file.get(kind, [])
        }

    def kind(self, code: str) -> str:
        """count, sum, distinct, distinct_days, median or percentile."""
        return _MEASURE.match(self.atomics[code]["measure"].strip())[1]

    def quantile(self, code: str) -> float:
        inner = _MEASURE.match(self.atomics[code]["measure"].strip())[2]
        return 0.5 if self.kind(code) == "median" else float(inner.rpartition(",")[2])

    def dims(self, process: str) -> dict[str, str]:
        """Dimension -> column of the fact."""
        found = {}
        for item in self.processes[process]["dims"]:
            name, column = next(iter(item.items())) if isinstance(item, dict) else (item, None)
            found[name] = column or self.dimensions[name]["column"]
        return found

    def frame(self, process: str) -> pd.DataFrame:
        """One row for each fact: `day`, `person`, the dimensions (reached ones too), `only_<modifier>`, and a
        column for each atomic code with what the row counts for (null: nothing).
        """
        if process not in self._frames:
            self._frames[process] = self._read(process)
        return self._frames[process]

    def _read(self, process: str) -> pd.DataFrame:
        file = self.processes[process]
        entity = file.get("entity") or "null"
        columns = [f"{file['time']} as day", f"cast({entity} as varchar) as person"]
        columns += [f'{column} as "{name}"' for name, column in self.dims(process).items()]
        renamed = {self.dimensions[name]["column"]: column for name, column in self.dims(process).items()}
        for name, condition in file.get("modifiers", {}).items():
            text = re.sub(r"\w+", lambda word: renamed.get(word[0], word[0]), condition)
            columns.append(f"coalesce({text}, false) as only_{name}")
        columns += [f"{self._counts(process, code)} as {code}" for code in self._codes(process)]
        where = f" and ({self._condition(process, file['filter'])})" if file.get("filter") else ""
        sql = f"select {', '.join(columns)} from core.{file['model']} where {file['time']} is not null{where}"
        found = self.connection.execute(sql).df().astype({"day": "datetime64[s]"})
        return self._reached(process, found)

    def _codes(self, process: str) -> list[str]:
        return [code for code, item in self.atomics.items() if item["process"] == process]

    def _counts(self, process: str, code: str) -> str:
        item, kind = self.atomics[code], self.kind(code)
        inner = _MEASURE.match(item["measure"].strip())[2].strip()
        condition = self._condition(process, item["where"]) if item.get("where") else "true"
        if kind == "count":
            return f"case when ({condition}) and {inner} is not null then 1 end"
        if kind in ("median", "percentile"):
            value = inner if kind == "median" else inner.rpartition(",")[0].strip()
            span = _SPAN.match(value)
            if span:
                unit = 60 if span[1] == "minutes" else 86_400
                value = f"floor((epoch({span[3]}) - epoch({span[2]})) / {unit})"
            return f"case when ({condition}) and {value} >= 0 then {value} end"
        value = f"cast({inner} as varchar)" if kind.startswith("distinct") else inner
        return f"case when ({condition}) then {value} end"

    def _condition(self, process: str, text: str) -> str:
        for name, meaning in self.processes[process].get("conditions", {}).items():
            text = re.sub(rf"\b{name}\b", lambda _, m=meaning: f"({m})", text)
        text = re.sub(
            r"\bwithin\((\w+),\s*(\w+),\s*(\d+)\)", r"(\1 is not null and \1 <= \2 + to_days(\3))", text
        )
        return re.sub(r"\bhas_rows\((\w+)\)", lambda m: self._has_rows(m[1]), text)

    @cache  # noqa: B019  (one object for a test module)
    def _has_rows(self, model: str) -> str:
        return str(self.connection.execute(f"select count(*) > 0 from core.{model}").fetchone()[0])

    def _reached(self, process: str, frame: pd.DataFrame) -> pd.DataFrame:
        """Attributes of dealers, series and people, looked up one by one."""
        held = self.dims(process)
        people = "select {}, person_no from core.dim_customer"
        numbers = {
            key: number
            for column in ("one_id", "person_no::varchar")  # some facts hold the number itself
            for key, number in self.connection.execute(people.format(column)).fetchall()
        }
        for name, dimension in self.dimensions.items():
            through = dimension.get("through")
            if through == "person" and self.processes[process].get("entity"):
                key = frame["person"].map(numbers)
            elif through in held:
                key = frame[through]
            else:
                continue
            column = self.dimensions[through]["column"]
            lookup = f"select {column}, {dimension['column']} from serving.{dimension['table']}"
            frame[name] = key.map(dict(self.connection.execute(lookup).fetchall()))
        names = [name for name in self.dimensions if name in frame]
        frame[names] = frame[names].astype(object).where(frame[names].notna(), None)
        return frame
