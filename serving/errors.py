# ruff: noqa: N818  the names say what is the matter; every one of them is raised, none is a warning
"""What can go wrong between the warehouse and a reader, one class for each thing a caller may want to tell
apart.
"""


class SnapshotError(Exception):
    """Base of every error of this package. The message is one sentence a person can act on."""


class NoSnapshot(SnapshotError):
    """Nothing has been published yet."""


class SnapshotBroken(SnapshotError):
    """The pointer or the file that it names cannot be read."""


class PublishFailed(SnapshotError):
    """A snapshot was not published; the last good one is still current."""


class PublishUnsure(SnapshotError):
    """The new version is current, but it is not sure that it would survive a power cut."""


class PublishBusy(PublishFailed):
    """Another process is publishing into the same folder, or still writes the warehouse."""


class QueryFailed(SnapshotError):
    """The snapshot is fine, the question is not: unknown indicator, dimension or column."""


class StateUnavailable(SnapshotError):
    """The store that readers write (`<data>/state`) cannot be opened or written."""


class IdentityKeyMissing(SnapshotError):
    """There is no usable key for the file of identifying values, or it is another one."""


class RevealRefused(SnapshotError):
    """Identifying values were not shown: no reason given, an unknown person, or a field that is not kept."""


class AccessRefused(SnapshotError):
    """A grant that cannot be given: no address, no part of the network, or an end before the beginning."""


class OutOfScope(QueryFailed):
    """The reader sees single dealers or regions, and this number is not counted by them."""
