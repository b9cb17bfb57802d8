"""The layers of the warehouse, checked over dbt's manifest: data flows to the right only."""

import re
from pathlib import Path

import pytest

PREFIXES = {
    "staging": ("stg_",),
    "identity": ("id_",),
    "core": ("dim_", "fct_"),
    "indicators": ("ind_",),
    "serving": ("srv_",),
}
MAY_READ = {
    "staging": {"source", "staging"},
    "identity": {"staging", "identity"},
    "core": {"staging", "identity", "core"},
    "indicators": {"core", "indicators"},
    "serving": {"core", "indicators", "serving"},
}
PROJECT = Path(__file__).parents[3] / "dbt_project"


def models(manifest):
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


def layer(node):
    """A model's folder; a seed belongs to its schema (identity)."""
    return node["schema"] if node["resource_type"] == "seed" else node["path"].split("/")[0]


def complaints(manifest, check):
    return sorted(f"{node['name']}: {problem}" for node in models(manifest) if (problem := check(node)))


def test_every_model_stands_in_a_layer_under_its_prefix(manifest):
    def check(node):
        prefixes = PREFIXES.get(layer(node))
        if prefixes is None or not node["name"].startswith(prefixes):
            return f"folder {layer(node)} takes names with {prefixes}"
        return None if node["schema"] == layer(node) else f"schema {node['schema']} is not its folder"

    assert complaints(manifest, check) == []
    assert {layer(node) for node in models(manifest)} == set(PREFIXES)


def test_nothing_reads_to_its_right_and_only_staging_reads_sources(manifest):
    def check(node):
        parents = node["depends_on"]["nodes"]
        read = {"source" if key.startswith("source.") else layer(manifest["nodes"][key]) for key in parents}
        forbidden = read - MAY_READ[layer(node)]
        return f"reads {sorted(forbidden)}" if forbidden else None

    assert complaints(manifest, check) == []


def test_every_source_table_is_read_by_staging(manifest):
    read = {key for node in models(manifest) for key in node["depends_on"]["nodes"]}
    assert sorted(set(manifest["sources"]) - read) == []


def test_serving_is_contracted_and_public_and_what_nobody_else_may_read_is_not(manifest):
    def check(node):
        contracted, public = node["config"]["contract"]["enforced"], node["config"]["access"] == "public"
        if layer(node) == "serving":
            return None if contracted and public else "serving must be contracted and public"
        if layer(node) == "indicators":  # compiled; published beside serving
            return None
        return "inner layers change freely: no contract, not public" if contracted or public else None

    assert complaints(manifest, check) == []


def test_every_model_says_its_grain_first(manifest):
    assert (
        complaints(manifest, lambda node: not node["description"].startswith("One row for") and "no grain")
        == []
    )


def test_every_model_has_its_yaml_beside_it(manifest):
    def check(node):
        file = Path(node["original_file_path"]).with_suffix(".yml")
        return (
            None
            if (node["patch_path"] or "").endswith(f"//{file}")
            else f"is described in {node['patch_path']}"
        )

    assert complaints(manifest, check) == []


def test_every_model_has_a_group_with_an_owner(manifest):
    owners = {group["name"]: group["owner"] for group in manifest["groups"].values()}
    assert (
        complaints(
            manifest, lambda node: not owners.get(node["config"]["group"], {}).get("email") and "no owner"
        )
        == []
    )


@pytest.mark.parametrize("kind", ["staging", "identity", "core"])
def test_every_key_is_tested(manifest, kind):
    """A model may go without only where its grain has no key, and then its name stands here."""
    keyless = {
        "id_sign_in", "id_value_name", "id_edge_candidate", "id_edge", "id_history", "id_link",
        "id_reference", "id_withdrawn_edge", "id_dealer_contact", "id_match_input",
        # views: the key is tested once, on the table made of them
        "id_source_record", "stg_identity__record", "id_explain_edge", "id_review_pair",
        # events: the key is tested once, on the fact, since a pass over all of them costs seconds
        "stg_app__event", "stg_app__account_registered", "stg_app__vehicle_bound", "stg_app__session",
    }  # fmt: skip
    tested = {
        test["attached_node"].split(".")[-1]
        for test in manifest["nodes"].values()
        if test["resource_type"] == "test"
        and test["test_metadata"]["name"] in ("unique", "unique_together", "unique_grain")
    }
    names = {node["name"] for node in models(manifest) if layer(node) == kind}
    assert names - tested == keyless & names


def test_every_column_of_staging_identity_and_core_is_described(manifest):
    def check(node):
        bare = [name for name, column in node["columns"].items() if not column["description"]]
        return f"bare columns {bare}" if bare else None

    assert complaints(manifest, check) == []


def test_what_only_duckdb_can_do_stays_in_macros():
    """A second engine is a matter of macros: these functions must not appear in staging models."""
    engine_words = re.compile(r"try_cast|try_strptime|regexp_|json_extract|strip_accents|damerau|jaro_")
    hits = [
        f"{path.name}: {line.strip()}"
        for path in sorted((PROJECT / "models" / "staging").rglob("*.sql"))
        for line in path.read_text().splitlines()
        if engine_words.search(line)
    ]
    assert hits == []
