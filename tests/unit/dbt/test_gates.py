"""The gates that the registry names are dbt tests, and a failed one leaves the build to go on."""

from indicators.gates import gates
from indicators.registry import load_registry


def test_every_gate_is_a_test_that_only_warns(manifest):
    registry = load_registry()
    named = {
        gate.gate
        for code in (*registry.bases, *registry.named)
        for gate in gates(registry, code)
        if gate.kind == "test"
    }
    severity = {
        node["name"]: node["config"]["severity"].lower()
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
    }
    assert len(named) >= 8
    assert {name: severity.get(name) for name in named} == dict.fromkeys(named, "warn")


def test_a_composite_stands_behind_the_gates_of_all_its_operands():
    registry = load_registry()
    found = {(gate.gate, gate.action) for gate in gates(registry, "cpl")}
    assert {("crm_loads_balance", "withhold"), ("marketing_loads_balance", "withhold")} <= found
    assert ("crm data", "warn") in found
