"""Components that contradict themselves are cut along their weakest evidence; the others stay as they are."""

import numpy as np
import pyarrow as pa

from identity.components import recut


def model(dbt, session):
    """One row for each source record (see id_cluster.yml)."""
    dbt.config(materialized="table")
    labels = dbt.ref("id_component").order("record_no").to_arrow_table()
    contradictions = dbt.ref("id_contradiction").to_arrow_table().to_pylist()
    trait_rows = dbt.ref("id_trait").to_arrow_table().to_pylist()
    evidence = dbt.ref("id_edge_candidate").filter("drop_reason is null")
    edges = evidence.project("priority, record_no, other_record_no").to_arrow_table()

    component = labels.column("component_no").to_numpy()
    torn = np.unique([row["component_no"] for row in contradictions]).astype(np.int64)
    columns = [column.to_numpy() for column in edges.columns]
    columns = [column[np.isin(component[columns[1]], torn)] for column in columns]
    order = np.lexsort(columns[::-1])  # strongest rule first, then the oldest record

    traits: dict[int, list[str]] = {}
    for row in trait_rows:
        traits.setdefault(row["record_no"], []).append(f"{row['kind']}:{row['value']}")
    pairs = {(f"{row['kind']}:{row['value_a']}", f"{row['kind']}:{row['value_b']}") for row in contradictions}

    cluster = component.copy()
    in_torn = np.flatnonzero(np.isin(component, torn))
    cluster[in_torn] = in_torn  # alone, unless an edge that holds joins it
    held = zip(columns[1][order].tolist(), columns[2][order].tolist(), strict=True)
    for node, root in recut(held, traits, pairs).items():
        cluster[node] = root
    return pa.table({"record_no": np.arange(len(cluster)), "cluster_no": cluster})
