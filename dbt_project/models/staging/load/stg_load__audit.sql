{{ union_sources(
    'load_audit',
    'run_id, source, entity, started_at, finished_at, read_cnt, loaded_cnt, rejected_cnt, repeated_cnt, is_balanced'
) }}
