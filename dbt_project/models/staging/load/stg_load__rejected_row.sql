-- Without the original: the bytes may hold personal data and stay in raw.
{{ union_sources(
    'rejected_row',
    'rejected_id, source, entity, schema_version, reason_code, reason, path, position, octet_length(original) as byte_cnt, '
    ~ 'rejected_at, attempts, status, replayed_at'
) }}
