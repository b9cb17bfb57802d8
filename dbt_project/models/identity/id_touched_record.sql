select ledger.record_no, ledger.record_key, ledger.is_gone, ledger.change, ledger.batch_no
from {{ ref('id_record_ledger') }} as ledger
cross join {{ ref('id_build') }} as build
where build.is_whole or ledger.batch_no > build.closed_batch_no
