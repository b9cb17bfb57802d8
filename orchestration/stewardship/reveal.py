"""Identifying values of source records for somebody with a reason: an audit row first, then the values."""

from collections.abc import Sequence

from orchestration.settings import Settings
from orchestration.stewardship.warehouse import identity
from serving.identity_vault import record_reveal

_FIELDS = {
    "given_name": "typed_given_name",
    "family_name": "typed_family_name",
    "organisation": "typed_organisation",
    "birth_date": "birth_date",
    "email": "email",
    "phone": "phone",
    "street": "typed_street",
    "postal_code": "postal_code",
}


def revealed_records(
    settings: Settings, record_keys: Sequence[str], *, by: str, reason: str
) -> list[dict[str, str]]:
    """What each record says of its person, by field, in the order of the keys; what it does not say is not
    there.

    The audit names the records' person, or the record itself where it has none.
    """
    columns = ", ".join(f"record.{column} AS {name}" for name, column in _FIELDS.items())
    with identity(settings) as opened:
        found = opened.rows(
            f"SELECT record.record_key, map.one_id, {columns} FROM identity.id_record AS record "
            "LEFT JOIN identity.id_map AS map USING (record_key) WHERE list_contains($1, record.record_key)",
            [list(record_keys)],
        )
    by_key = {row["record_key"]: row for row in found}
    for person in sorted({row["one_id"] or row["record_key"] for row in found}):
        record_reveal(settings.state_file, person, list(_FIELDS), by=by, reason=reason, where="command line")
    return [
        {name: str(by_key[key][name]) for name in _FIELDS if by_key.get(key, {}).get(name) is not None}
        for key in record_keys
    ]
