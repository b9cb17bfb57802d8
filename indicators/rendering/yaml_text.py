"""YAML as the house writes it: keys in the order given, real characters, short lists on one line."""

from __future__ import annotations

from typing import Any

import yaml

_HEADER = "# Compiled from indicators/registry: edit there, then `forecourt indicators compile`.\n"
_WIDTH = 120


class Inline(dict[str, Any]):
    """A mapping that is written on one line."""


class _Dumper(yaml.SafeDumper):
    """Indents lists under their key, as the YAML that is written by hand does."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        return super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _list(dumper: _Dumper, data: list[Any]) -> yaml.Node:
    is_short = all(isinstance(item, str | int | float) for item in data)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=is_short)


def _inline(dumper: _Dumper, data: Inline) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=True)


_Dumper.add_representer(list, _list)
_Dumper.add_representer(Inline, _inline)


def to_yaml(data: dict[str, Any]) -> str:
    """The text of a YAML file, with the line that says where it comes from."""
    return _HEADER + yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)
