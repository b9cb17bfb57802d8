"""The indicators in dbt's own words, `semantic_models` and `metrics`: for MetricFlow, BI tools, dbt's docs.

They stand on the facts, not on the cubes, so that they are a second way to the same number. Each dimension is
a foreign entity of its name, which makes metrics of several processes meet in one query (`--group-by
metric_time,dealer`); attributes of a dimension are reached through it (`dealer__tier`).

What MetricFlow has no words for is left out: formulas with days(), and every modifier, period and compare but
those of `running`. Conditions stand inside the measure: of a cumulative metric, MetricFlow 0.213 drops
a filter on its measure without a word.
"""

from __future__ import annotations

import re
from typing import Any

from indicators import formula, measures
from indicators.codes import DerivedCode
from indicators.lookup import resolve
from indicators.measures import condition_sql
from indicators.models import PERSON, Atomic, Composite, Indicator, Process
from indicators.registry import Registry
from indicators.rendering.fact import dimension_columns
from indicators.rendering.yaml_text import to_yaml
from indicators.tables import DAY, tables

_TO_DATE = {"wtd": "week", "mtd": "month", "qtd": "quarter", "ytd": "year"}
_LAST_DAYS = re.compile(r"^([1-9]\d*)d$")


def semantic_yaml(registry: Registry, process: Process) -> str:
    """The semantic model of a process and the metrics on it."""
    model: dict[str, Any] = {"semantic_models": [_semantic_model(registry, process)]}
    metrics = [_simple(item) for item in process.atomic]
    metrics += [_formula(registry, item) for item in process.composite if not registry.uses_days(item.code)]
    metrics += [_cumulative(registry, name, code) for name, code in running(registry, process).items()]
    return to_yaml({**model, "metrics": metrics})


def reached_yaml(registry: Registry) -> str:
    """Semantic models of the tables by which further dimensions are reached."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, dimension in registry.standard.dimensions.items():
        if dimension.through and dimension.table and dimension.through != PERSON:
            found.setdefault((dimension.through, dimension.table), []).append(name)
    models = [
        {
            "name": through,
            "description": f"{registry.standard.dimensions[through].name.en}: the attributes to cut by.",
            "model": f"ref('{table}')",
            "entities": [
                {
                    "name": through,
                    "type": "primary",
                    "expr": registry.standard.dimensions[through].column,
                }
            ],
            "dimensions": [_categorical(registry, name) for name in names],
        }
        for (through, table), names in found.items()
    ]
    return to_yaml({"semantic_models": models})


def running(registry: Registry, process: Process) -> dict[str, DerivedCode]:
    """The cumulative metrics of a process by name: distinct people of the last days and to date.

    Of anything that adds up, the metric itself answers for any period.
    """
    found = {str(code): code for code in registry.derived.values()}
    found |= {item.code: resolve(registry, item.code) for item in process.named}
    return {
        name: code
        for name, code in found.items()
        if registry.process_of[code.base] is process
        and not (code.modifiers or code.compare)
        and code.base in registry.atomics
        and registry.additivity(code.base) == "U"
        and not process.snapshot
        and (code.period in _TO_DATE or code.period == "td" or _LAST_DAYS.match(code.period))
    }


def _semantic_model(registry: Registry, process: Process) -> dict[str, Any]:
    is_cube = _asks_for_presence(process)
    cube = next(table for table in tables(registry, process) if table.kind == "cube") if is_cube else None
    columns = dict(zip(process.dims, dimension_columns(registry, process), strict=True))
    entities = [
        {"name": name, "type": "foreign", "expr": column if cube else expression}
        for name, (expression, column) in columns.items()
    ]
    time = {"name": DAY, "type": "time", "type_params": {"time_granularity": "day"}}
    return {
        "name": process.process,
        "description": f"What {cube.name if cube else process.model} says of {process.process}.",
        "model": f"ref('{cube.name if cube else process.model}')",
        "defaults": {"agg_time_dimension": DAY},
        "primary_entity": f"{process.process}_row",
        "entities": entities,
        "dimensions": [time if cube or process.time == DAY else {**time, "expr": process.time}],
        "measures": [
            {"name": item.code, "agg": "sum"} if cube else _measure(registry, process, item)
            for item in process.atomic
        ],
    }


def _asks_for_presence(process: Process) -> bool:
    """has_rows() looks at a second table, which a measure cannot: such a process is read from its cube."""
    return any(measures.presence(text) for text in process.conditions.values())


def _measure(registry: Registry, process: Process, item: Atomic) -> dict[str, Any]:
    measure = registry.measures[item.code]
    aggregation = {
        "distinct": "count_distinct",
        "distinct_days": "count_distinct",
    }.get(measure.kind, measure.kind)
    value = measure.value_sql
    conditions = [text for text in (process.filter, item.where) if text]
    if measure.kind == "distinct_days":
        value = f"{value} || ' ' || {process.time}"
    if measure.quantile is not None:
        conditions.append(f"{measure.value_sql} >= 0")
    found: dict[str, Any] = {"name": item.code, "agg": aggregation, "expr": _case(process, conditions, value)}
    if measure.kind == "percentile":
        found["agg_params"] = {"percentile": measure.quantile, "use_discrete_percentile": False}
    if process.snapshot:
        found["non_additive_dimension"] = {"name": DAY, "window_choice": "max"}
    return found


def _case(process: Process, conditions: list[str], value: str) -> str:
    """The value where the conditions hold, else null; named conditions are written out."""
    texts = [f"{process.time} is not null"]
    for text in conditions:
        written = condition_sql(text)
        for name, meaning in process.conditions.items():
            written = re.sub(rf"\b{name}\b", f"({condition_sql(meaning)})", written)
        texts.append(f"({written})" if re.search(r"\bor\b", written, re.IGNORECASE) else written)
    return f"case when {' and '.join(texts)} then {value} end"


def _categorical(registry: Registry, name: str) -> dict[str, Any]:
    dimension = registry.standard.dimensions[name]
    found = {"name": name, "type": "categorical", "label": dimension.name.en}
    return found if dimension.column == name else {**found, "expr": dimension.column}


def _simple(item: Atomic) -> dict[str, Any]:
    return {**_head(item.code, item), "type": "simple", "type_params": {"measure": item.code}}


def _formula(registry: Registry, item: Composite) -> dict[str, Any]:
    if ratio := re.fullmatch(r"(\w+) / (\w+)", item.formula):
        params: dict[str, Any] = {"numerator": ratio[1], "denominator": ratio[2]}
        return {**_head(item.code, item), "type": "ratio", "type_params": params}
    params = {
        "expr": formula.render(item.formula, str),
        "metrics": [{"name": code} for code in formula.codes(item.formula)],
    }
    return {**_head(item.code, item), "type": "derived", "type_params": params}


def _cumulative(registry: Registry, name: str, code: DerivedCode) -> dict[str, Any]:
    days = _LAST_DAYS.match(code.period)
    params: dict[str, Any] = {"measure": code.base}
    if days:
        params["cumulative_type_params"] = {"window": f"{days[1]} days"}
    elif code.period in _TO_DATE:
        params["cumulative_type_params"] = {"grain_to_date": _TO_DATE[code.period]}
    base = registry.atomics[code.base]
    label = registry.named[name].name.en if name in registry.named else f"{base.name.en}, {code.period}"
    return {**_head(name, base), "label": label, "type": "cumulative", "type_params": params}


def _head(code: str, item: Indicator) -> dict[str, Any]:
    return {
        "name": code,
        "label": item.name.en,
        "description": f"{item.name.en} ({item.name.zh}), {item.id}."
        + (f" {item.note}" if item.note else ""),
        "config": {"meta": {"owner": item.owner, "status": item.status}},
    }
