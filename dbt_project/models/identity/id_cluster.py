"""People: components are cut where they contradict themselves, or where the evidence speaks against them."""

import pyarrow as pa

from identity.clustering import Links, cluster


def model(dbt, session):
    """One row for each source record (see id_cluster.yml)."""
    dbt.config(materialized="incremental", unique_key="record_no", touched_by="id_reached_record")
    nodes = dbt.ref("id_reached_record").filter("not is_gone")

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

    link, cannot_link = dbt.ref("id_link"), dbt.ref("id_cannot_link")
    record_no = nodes.order("node_no").project("record_no").to_arrow_table()["record_no"].to_numpy()
    labels = cluster(
        len(record_no),
        *ends(link.filter("weight is not null"), "weight"),
        must=Links(*ends(link.filter("weight is null"), "authority::bigint as authority")),
        cannot=Links(*ends(cannot_link, "authority::bigint as authority")),
    )
    return pa.table({"record_no": record_no, "cluster_no": record_no[labels]})
