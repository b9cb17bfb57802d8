"""Brute force: any request answered from the rows of the facts, cell by cell, in Python."""

import ast
import math
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from tests.integration.three_ways import days
from tests.integration.three_ways.facts import Facts
from tests.integration.three_ways.formulas import evaluate, quantile

TOTAL = ("total",)
Key = tuple[Any, ...]


class Oracle:
    """`answer(request)` -> {key: {"value": ..., "before": ..., "n": ..., "is_mature": ...}}; a key is the
    period (with a grain) and the dimensions, TOTAL instead of these for the total.
    """

    def __init__(self, facts: Facts):
        self.facts = facts

    def taken_apart(self, code: str) -> tuple[str, str, tuple[str, ...], str | None]:
        """Base, period, modifiers and comparison of a code, by trying every way to read it."""
        facts = self.facts
        if code in facts.named:
            return self.taken_apart(facts.named[code]["of"])
        if code in facts.atomics or code in facts.composites:
            return code, "", (), None
        found = re.match(r"^(.*?)_(\d+d|wtd|mtd|qtd|ytd|1[wmqy]|td)(?:_(dod|wow|mom|qoq|yoy)(_pp)?)?$", code)
        rest, period, compare, points = found.groups()
        modifiers: list[str] = []
        while rest not in facts.atomics and rest not in facts.composites:
            rest, _, word = rest.rpartition("_")
            modifiers.insert(0, word)
        return rest, period, tuple(modifiers), compare + (points or "") if compare else None

    def operands(self, code: str) -> list[str]:
        if code in self.facts.atomics:
            return [code]
        names = [
            node.id for node in ast.walk(self._tree(code)) if isinstance(node, ast.Name) and node.id != "days"
        ]
        return list(dict.fromkeys(inner for name in names for inner in self.operands(name)))

    def _tree(self, code: str) -> ast.AST:
        return ast.parse(self.facts.composites[code]["formula"].strip(), mode="eval")

    def uses_days(self, code: str) -> bool:
        if code in self.facts.atomics:
            return False
        nodes = list(ast.walk(self._tree(code)))
        return any(isinstance(node, ast.Call) for node in nodes) or any(
            self.uses_days(node.id) for node in nodes if isinstance(node, ast.Name) and node.id != "days"
        )

    def answer(self, request: Any) -> dict[Key, dict[str, Any]]:
        base, period, _, compare = self.taken_apart(request.code)
        compare = compare or request.compare
        operands = self.operands(base)
        windows, cut = self._windows(request, base, period, compare, operands)
        levels: list[tuple[str, ...]] = [tuple(request.by)]
        if request.with_total and request.by:
            levels.append(TOTAL)
        found: dict[Key, dict[str, Any]] = {}
        for level in levels:
            by = () if level is TOTAL else level
            slots: defaultdict[Key, dict[str, dict[str, Any]]] = defaultdict(dict)
            for (label, slot, first, last), groups in self._cells(request, operands, by, windows).items():
                for group, cells in groups.items():
                    key = (*((label,) if request.grain else ()), *(TOTAL if level is TOTAL else group))
                    length = (last - first).days + 1
                    slots[key][slot] = {
                        "value": self._value(base, {c: cell["value"] for c, cell in cells.items()}, length),
                        "n": next(iter(cells.values()))["n"],
                        "is_mature": all(cell["is_mature"] for cell in cells.values()),
                    }
            found.update({key: self._row(one, compare) for key, one in slots.items()})
            for key in slots:
                if cut & ({key[0]} if request.grain else cut):
                    found[key]["is_mature"] = False
        return found

    def _row(self, slots: dict[str, dict[str, Any]], compare: str | None) -> dict[str, Any]:
        mature = all(one["is_mature"] for one in slots.values())
        now = slots.get("now", {"value": None, "n": None})
        if not compare:
            return {**now, "is_mature": mature}
        earlier = slots.get("before", {"value": None})["value"]
        value = None
        if now["value"] is not None and earlier is not None:
            if compare.endswith("_pp"):
                value = (now["value"] - earlier) * 100
            elif earlier:
                value = now["value"] / earlier - 1
        return {"value": value, "now": now["value"], "before": earlier, "is_mature": mature}

    # -- days

    def covered(self, operands: Iterable[str]) -> tuple[date, date]:
        """The days for which all processes have data."""
        firsts, lasts = [], []
        for name in self._processes(operands):
            frame = self.facts.frame(name)
            first = frame["day"].min().date()
            booked = any(item.get("whole") for item in self.facts.atomics.values() if item["process"] == name)
            firsts.append(first.replace(day=1) if booked else first)
            as_of = self.facts.as_of[self.facts.processes[name]["source"]]
            # what is measured on the day of a build may begin after the source's last day
            lasts.append(as_of if as_of >= firsts[-1] else frame["day"].max().date())
        return max(firsts), min(lasts)

    def whole_months(self, code: str) -> bool:
        """Is the code, or something in its formula, of whole months only?"""
        item = self.facts.atomics.get(code) or self.facts.composites[code]
        names = [] if code in self.facts.atomics else ast.walk(self._tree(code))
        inner = [node.id for node in names if isinstance(node, ast.Name) and node.id != "days"]
        return bool(item.get("whole")) or any(map(self.whole_months, inner))

    def has_no_answer(self, request: Any) -> bool:
        """Parts of months where only whole ones have a value, or of a series set against shorter ones?"""
        base, period, _, compare = self.taken_apart(request.code)
        word = (compare or request.compare or "").removesuffix("_pp")
        if not period and request.grain and not days.series_lines_up(request.grain, word):
            return True
        if not self.whole_months(base):
            return False
        if period:
            return period not in ("1m", "1q", "1y") or word in ("dod", "wow")
        first, last = request.date_from, request.date_to
        ends = (first and not days.is_start("m", first), last and not days.is_start("m", last + days.DAY))
        return any(ends) or request.grain in ("day", "week") or word in ("dod", "wow", "previous")

    def matures(self, operands: Iterable[str]) -> int | None:
        return max((self.facts.atomics[code].get("matures") or 0 for code in operands), default=0) or None

    def _windows(
        self, request: Any, base: str, period: str, compare: str | None, operands: list[str]
    ) -> tuple[list[days.Window], set[date | None]]:
        """The windows, and the labels of those whose younger cohorts are left out."""
        begin, end = self.covered(operands)
        if self.whole_months(base) and not period:
            begin, end = days.whole_months(begin, end)
        matures = self.matures(operands)
        counts_until = end - timedelta(days=matures + 1) if matures else end
        word = (compare or "").removesuffix("_pp")
        if period:
            last = request.date_to or counts_until
            dates = [last]
            if request.grain:
                dates = [
                    part_end
                    for _, _, part_end in days.parts(request.grain, request.date_from, min(last, end))
                ]
            ranges = [(on, *days.of_period(period, on)) for on in dates]
        else:
            first = request.date_from or begin
            last = request.date_to or end
            ranges = days.parts(request.grain, first, last) if request.grain else [(None, first, last)]
        found: list[days.Window] = []
        young: set[date | None] = set()
        for label, first, last in ranges:
            until = counts_until if word and first <= counts_until < last else last
            if matures and until != last:
                young.add(label)
            found.append((label, "now", first, until))
            if not word:
                continue
            if period:
                start, whole, cut = days.before(period, word, label, until)
            else:
                weekly = request.grain == "week" and word != "previous"
                start, whole = days.back(word, first, last, weekly)
                if until != last and word == "previous":
                    cut = start + (until - first)
                else:
                    start, cut = days.back(word, first, until, weekly)
            snapshots = all(
                self.facts.processes[self.facts.atomics[c]["process"]].get("snapshot") for c in operands
            )
            if period == "td" or (whole if snapshots else start) >= begin:
                found.append((label, "before", start, cut))
        if len(self._processes(operands)) > 1 or (self.uses_days(base) and period != "td"):
            found = days.clipped(found, begin, end)
        return found, young

    def _processes(self, operands: Iterable[str]) -> set[str]:
        return {self.facts.atomics[code]["process"] for code in operands}

    # -- cells

    def _cells(
        self, request: Any, operands: list[str], by: tuple[str, ...], windows: list[days.Window]
    ) -> dict[days.Window, dict[Key, dict[str, dict[str, Any]]]]:
        """For each window and group, the operands reduced."""
        found: dict = {window: defaultdict(dict) for window in windows}
        matures = self.matures(operands)
        for code in operands:
            frame, keep = self._kept(request, code)
            at, values = frame["day"].to_numpy()[keep], frame[code].to_numpy()[keep]
            young = self._young(code, at, matures)
            cut = [frame[name].to_numpy()[keep] for name in by]
            keys: dict[Key, int] = {}
            names = zip(*cut, strict=True) if by else ((),) * len(at)
            group = np.fromiter((keys.setdefault(key, len(keys)) for key in names), int, len(at))
            for window in windows:
                inside = self._inside(code, at, window)
                of_group, of_value, of_day, of_young = (
                    group[inside],
                    values[inside],
                    at[inside],
                    young[inside],
                )
                for key, number in keys.items():
                    mine = of_group == number
                    if mine.any():
                        old = ~of_young[mine]
                        cell = self._reduce(code, of_value[mine][old], of_day[mine][old])
                        found[window][key][code] = {**cell, "is_mature": bool(old.all())}
        empty = {"value": None, "n": None, "is_mature": True}
        return {
            window: {
                key: {code: cells.get(code, empty) for code in operands} for key, cells in groups.items()
            }
            for window, groups in found.items()
        }

    def _kept(self, request: Any, code: str) -> tuple[pd.DataFrame, np.ndarray]:
        """The process's rows, and which of them pass the filters and can speak of the code."""
        process = self.facts.atomics[code]["process"]
        rows = self.facts.frame(process)
        keep = self._speaks(process, code, rows)
        for name in self.taken_apart(request.code)[2]:
            keep &= rows[f"only_{name}"]
        for name, given in request.where.items():
            keep &= rows[name].isin(given if isinstance(given, list) else [given])
        return rows, keep.to_numpy(dtype=bool)

    def _young(self, code: str, at: np.ndarray, matures: int | None) -> np.ndarray:
        """Cohorts whose window is not over on the last day of their source."""
        if not matures:
            return np.zeros(len(at), dtype=bool)
        source = self.facts.processes[self.facts.atomics[code]["process"]]["source"]
        return at + np.timedelta64(matures, "D") >= np.datetime64(self.facts.as_of[source])

    def _speaks(self, process: str, code: str, rows: pd.DataFrame) -> pd.Series:
        """Of people, the rows of persons that something counts; of a median, those that have a value."""
        kind = self.facts.kind(code)
        if kind in ("median", "percentile"):
            return rows[code].notna()
        if kind not in ("distinct", "distinct_days"):
            return pd.Series(True, rows.index)
        people = [
            one
            for one, item in self.facts.atomics.items()
            if item["process"] == process and self.facts.kind(one) in ("distinct", "distinct_days", "count")
        ]
        return rows[people].notna().any(axis=1) & rows["person"].notna()

    def _inside(self, code: str, at: np.ndarray, window: days.Window) -> np.ndarray:
        """The rows of the window's days; of snapshots, those of the last that anything has."""
        first, last = np.datetime64(window[2]), np.datetime64(window[3])
        process = self.facts.atomics[code]["process"]
        if not self.facts.processes[process].get("snapshot"):
            return (at >= first) & (at <= last)
        every = self.facts.frame(process)["day"].to_numpy()
        every = every[(every >= first) & (every <= last)]
        return at == every.max() if len(every) else np.zeros(len(at), dtype=bool)

    def _reduce(self, code: str, values: np.ndarray, at: np.ndarray) -> dict[str, Any]:
        """One cell: the rows whose cohort is over, null where there are none."""
        kind = self.facts.kind(code)
        known = ~pd.isna(values)
        held = values[known].tolist()
        if not len(values):
            return {"value": None, "n": None}
        if kind == "count":
            return {"value": len(held), "n": None}
        if kind == "sum":
            return {"value": math.fsum(map(float, held)) if held else None, "n": None}
        if kind == "distinct":
            return {"value": len(set(held)), "n": None}
        if kind == "distinct_days":
            return {"value": len(set(zip(held, at[known].tolist(), strict=True))), "n": None}
        return {"value": quantile(sorted(map(int, held)), self.facts.quantile(code)), "n": len(held)}

    # -- formulas

    def _value(self, code: str, values: dict[str, Any], length: int) -> Any:
        if code in self.facts.atomics:
            return values[code]
        return evaluate(self._tree(code).body, lambda name: self._value(name, values, length), length)
