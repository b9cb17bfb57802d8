"""Phone numbers -> E.164 with the phonenumbers library; numbers that were read before are not read again."""

from identity.phone import to_e164_table


def model(dbt, session):
    """One row for each distinct dialled text (see id_phone.yml)."""
    dbt.config(materialized="incremental", incremental_strategy="append", full_refresh=False)
    texts = dbt.ref("id_phone_text")
    if dbt.is_incremental:
        texts = texts.filter(f"phone_digits not in (select phone_digits from {dbt.this})")
    return to_e164_table(texts.to_arrow_table()["phone_digits"].to_pylist())
