"""The resident refresher: from a sealed segment to a published row in one process that stays.

Belongs here: what a pass does (`live_lane`, `full_lane`), dbt on cuts of its parsed project (`slices`),
when a pass is due and who else may write (`resident`), what is told about passes (`journal`). Does not
belong here: how rows are checked and loaded (`ingestion.live`), what models mean (`dbt_project`), how a
snapshot is made (`serving`).

Two lanes. The **live lane** runs with every pass: sealed segments, the critical lane first, then the models
that events reach and that can take in rows as they come, then a layer over the last snapshot. The **full
lane** runs when a batch source brought something, or when enough events came that OneID has not seen:
everything that follows from what changed, with the live lane in between, then a whole snapshot.

    from orchestration.refresher.resident import Refresher
    from orchestration.refresher.journal import read_passes, read_state  # light: for whoever looks on
"""
