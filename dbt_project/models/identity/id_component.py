"""Connected components of the evidence: exact on chains and stars of any length."""

import pyarrow as pa

from identity.clustering import components


def model(dbt, session):
    """One row for each source record (see id_component.yml)."""
    dbt.config(materialized="incremental", unique_key="record_no", touched_by="id_reached_record")
    nodes = dbt.ref("id_reached_record").filter("not is_gone")
    record_no = nodes.order("node_no").project("record_no").to_arrow_table()["record_no"].to_numpy()

    def labels(links):
        """The oldest record of each component."""
        ends = (
            links.set_alias("link")
            .join(nodes.set_alias("one"), "link.record_no = one.record_no")
            .join(nodes.set_alias("other"), "link.other_record_no = other.record_no")
            .project("one.node_no as node, other.node_no as other_node")
            .to_arrow_table()
        )
        found = components(ends["node"].to_numpy(), ends["other_node"].to_numpy(), len(record_no))
        return record_no[found]

    link = dbt.ref("id_link")
    return pa.table(
        {
            "record_no": record_no,
            "component_no": labels(link.filter("weight is null or weight > 0")),
            "certain_component_no": labels(link.filter("weight is null")),
        }
    )
