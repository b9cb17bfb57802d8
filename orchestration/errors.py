"""Failures that a person can put right: one sentence that says what is wrong, where, and what to do."""

import errno

_FULL = ("no space left on device", "file too large", "disk quota exceeded")


class ForecourtError(Exception):
    """A failure whose message is shown as it stands, without a traceback."""


def explain_os_error(error: BaseException) -> str | None:
    """One sentence for a full disk (or a file-size limit) anywhere in the chain of ``error``; None for
    anything else.
    """
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        text = str(current).lower()
        full = isinstance(current, OSError) and current.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
        if full or any(words in text for words in _FULL):
            return (
                "The disk is full, or a limit on file size was reached. What was published is not harmed. "
                "Free some space or set FORECOURT_DATA_DIR to another disk, then run the same command again."
            )
        current = current.__cause__ or current.__context__
    return None
