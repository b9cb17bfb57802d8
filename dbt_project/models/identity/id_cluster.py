"""People: components are cut where they contradict themselves, or where the evidence speaks against them; a
cluster that nobody can be is held back to what ties most surely.
"""

import numpy as np
import pyarrow as pa

from identity.clustering import Links, cluster_or_hold_back

# Authority (id_link): keys that records carry of each other (rules of priority 1 to 5), and stewards.
SURE = (95, 1000)


def model(dbt, session):
    """One row for each source record (see id_cluster.yml)."""
    dbt.config(materialized="incremental", unique_key="record_no", touched_by="id_reached_record")
    nodes = dbt.ref("id_reached_record").filter("not is_gone")
    record = dbt.ref("id_record").filter("given_name is not null and family_name is not null")

    def ends(links, *columns):
        """The rows of `links` among the records reached, as arrays: both nodes, then `columns`."""
        table = (
            links.set_alias("link")
            .join(nodes.set_alias("one"), "link.record_no = one.record_no")
            .join(nodes.set_alias("other"), "link.other_record_no = other.record_no")
            .project(", ".join(["one.node_no as node", "other.node_no as other_node", *columns]))
            .to_arrow_table()
        )
        return [column.to_numpy() for column in table.columns]

    def initials(chosen):
        """A number by node for its initials; -1 without, and where the node is not `chosen`."""
        named = (
            nodes.set_alias("node")
            .join(record.set_alias("record"), "node.record_no = record.record_no")
            .project("node.node_no, left(given_name, 1) || left(family_name, 1) as initials")
            .to_arrow_table()
        )
        node, found = named["node_no"].to_numpy(), named["initials"].combine_chunks().dictionary_encode()
        number = np.full(len(chosen), -1, dtype=np.int64)
        number[node] = found.indices.to_numpy()
        return np.where(chosen, number, -1)

    link, cannot_link = dbt.ref("id_link"), dbt.ref("id_cannot_link")
    record_no = nodes.order("node_no").project("record_no").to_arrow_table()["record_no"].to_numpy()
    cluster_no, alarm_no = cluster_or_hold_back(
        len(record_no),
        *ends(link.filter("weight is not null"), "weight"),
        must=Links(*ends(link.filter("weight is null"), "authority::bigint as authority")),
        cannot=Links(*ends(cannot_link, "authority::bigint as authority")),
        names=initials,
        most_names=int(dbt.config.get("most_names")),
        most_nodes=int(dbt.config.get("most_records")),
        sure=SURE,
    )
    alarm = pa.array(record_no[alarm_no], mask=alarm_no < 0)
    return pa.table({"record_no": record_no, "cluster_no": record_no[cluster_no], "alarm_no": alarm})
