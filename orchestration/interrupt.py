"""Ctrl-C that is remembered even where a library catches it.

dlt takes SIGINT for itself while it loads and wraps what it raises; DuckDB turns it into an error of the
running statement. The kernel-level wake-up descriptor gets a byte for every signal whatever handler is
installed, so it tells a failure from an interruption.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def remember_interrupts() -> Iterator[Callable[[], bool]]:
    """Give a function that says whether SIGINT or SIGTERM has arrived since the block began (main thread
    only).
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    read_end, write_end = os.pipe()
    os.set_blocking(read_end, False)
    os.set_blocking(write_end, False)
    before = signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
    terminate = signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite kill ends as Ctrl-C does
    seen = bytearray()

    def was_interrupted() -> bool:
        with suppress(BlockingIOError):
            seen.extend(os.read(read_end, 64))
        return any(number in seen for number in (signal.SIGINT, signal.SIGTERM))

    try:
        yield was_interrupted
    finally:
        signal.set_wakeup_fd(before)
        signal.signal(signal.SIGTERM, terminate)
        os.close(read_end)
        os.close(write_end)
