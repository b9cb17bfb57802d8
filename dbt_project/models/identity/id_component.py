"""Connected components of the evidence: exact on chains and stars of any length."""

import pyarrow as pa

from identity.components import components


def model(dbt, session):
    """One row for each source record (see id_component.yml)."""
    dbt.config(materialized="table")
    edges = dbt.ref("id_edge_candidate").filter("drop_reason is null").project("record_no, other_record_no")
    ends = edges.to_arrow_table()
    record_cnt = len(dbt.ref("id_record").project("record_no").to_arrow_table())
    labels = components(ends["record_no"].to_numpy(), ends["other_record_no"].to_numpy(), record_cnt)
    return pa.table({"record_no": pa.array(range(record_cnt), pa.int64()), "component_no": labels})
