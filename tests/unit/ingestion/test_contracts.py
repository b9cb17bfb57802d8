"""Contracts: what they accept, and the reason they give."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.config import SOURCE_NAMES
from ingestion.contracts import SCHEMAS, entities, load_contracts, load_versions, read_contract
from tests.unit.ingestion.systems import event, row

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-10, 2_000_010),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: round(number, 3)),
    st.sampled_from(
        ["2025-03-01", "2025-02-30", "2025-03-01T10:00:00Z", "2025-03-01T10:00:00+01:00", "website"]
    ),
    st.sampled_from(["01.02.1990", "DE-BY", "WVWZZZ1KZAW000001", "2025-01", "2025-03-01 10:00:00", "", "A"]),
    st.text(max_size=5),
    st.just({}),
)
DATABASE_CONTRACTS = [
    contract for source in SOURCE_NAMES if source != "app" for contract in load_contracts(source).values()
]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.data())
def test_acceptance_agrees_with_the_reference_implementation(data: st.DataObject) -> None:
    contract = data.draw(st.sampled_from(DATABASE_CONTRACTS))
    columns = st.sampled_from(sorted(contract.schema["properties"]))
    changes = data.draw(st.dictionaries(columns, VALUES, max_size=3))
    given_row = row(contract.source, contract.name, data.draw(st.integers(0, 50))) | changes
    for name in data.draw(st.sets(columns, max_size=1)):
        del given_row[name]
    reference = jsonschema.Draft202012Validator(
        contract.schema, format_checker=jsonschema.FormatChecker(["date"])
    )
    times = [
        name for name, prop in contract.schema["properties"].items() if prop.get("format") == "date-time"
    ]
    expected = reference.is_valid(given_row) and all(_is_rfc3339(given_row.get(name)) for name in times)
    assert contract.accepts(given_row) == expected
    reason = contract.refusal(given_row)
    assert (reason is None) == expected
    if reason is not None:
        codes = {error.validator for error in reference.iter_errors(given_row)} | {"format"}
        assert reason.code in codes


def _is_rfc3339(value: Any) -> bool:
    """The few times that the strategy draws: the reference needs another package to check them."""
    return not isinstance(value, str) or value.endswith(("Z", "+01:00"))


def test_every_contract_can_be_used_and_every_valid_row_passes() -> None:
    for source in SOURCE_NAMES:
        for name, contract in load_contracts(source).items():
            assert contract.primary_key
            assert contract.cursor is None or contract.cursor in contract.columns
            valid = event(1, name) if source == "app" else row(source, name, 1)
            assert contract.refusal(valid) is None
    assert entities("app") == ("event",)
    assert len(entities("crm")) == len(list((SCHEMAS / "crm").iterdir()))


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"lead_id": "X"}, "pattern", "/lead_id"),
        ({"channel": None}, "type", "/channel"),
        ({"is_test": 7}, "enum", "/is_test"),
        ({"created_at": "yesterday"}, "format", "/created_at"),
        ({"email": "x" * 5000}, "maxLength", "/email"),
        ({"email": "M\udcfcller"}, "maxLength", None),
    ],
)
def test_a_refusal_names_keyword_and_place(changes: dict, code: str, path: str | None) -> None:
    reason = load_contracts("crm")["lead"].refusal(row("crm", "lead", 1, **changes))
    if path is None:  # lengths are counted without decoding: the batch finds these
        assert reason is None
        return
    assert reason is not None
    assert (reason.code, reason.path) == (code, path)
    assert reason.sentence.startswith(path)
    assert len(reason.sentence) < 500


def test_a_reason_holds_nothing_of_what_the_row_says() -> None:
    """Reasons are published, so that an e-mail in a number column must not come along."""
    reason = load_contracts("crm")["lead"].refusal(row("crm", "lead", 1, is_valid="anna@example.org"))
    assert reason is not None
    assert "anna" not in reason.sentence


def test_a_whole_number_beyond_64_bits_is_refused_before_it_breaks_the_load() -> None:
    contract = load_contracts("service")["customer"]
    assert contract.refusal(row("service", "customer", 1, customer_no=2**63)).code == "maximum"  # type: ignore[union-attr]
    assert contract.accepts(row("service", "customer", 1, customer_no=2**63 - 1))


@pytest.mark.parametrize("text", ["{", '{"type": "nothing"}', '{"type": "object", "properties": {}}'])
def test_a_contract_that_cannot_be_used_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "lead" / "1-0-0.json"
    file.parent.mkdir()
    file.write_text(text)
    with pytest.raises(ValueError, match=str(file)):
        read_contract(file, "crm")


def test_the_newest_version_of_a_contract_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "crm" / "lead"
    folder.mkdir(parents=True)
    for version in ("1-0-9", "1-0-10", "1-0-2"):
        (folder / f"{version}.json").write_text(
            json.dumps({"type": "object", "x-primary-key": ["a"], "properties": {"a": {}}})
        )
    monkeypatch.setattr("ingestion.contracts.SCHEMAS", tmp_path)
    load_contracts.cache_clear()
    load_versions.cache_clear()
    try:
        assert load_contracts("crm")["lead"].version == "1-0-10"
    finally:
        load_contracts.cache_clear()
        load_versions.cache_clear()
