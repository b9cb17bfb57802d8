"""A running app and a real Chromium for it: what the screenshots and the browser tests share."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# A container has no sandbox to give and no GPU; the rest keeps the browser itself from calling home.
CHROMIUM_ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
# Streamlit's own marks: the script has run to its end, and the page is connected to the server.
READY = "[data-testid=stApp][data-test-script-state=notRunning][data-test-connection-state=CONNECTED]"


def chromium() -> str | None:
    """Path of Debian's Chromium, or None."""
    return shutil.which("chromium")


@contextmanager
def running_app(data_dir: Path, *, provider: str | None = None, timeout: float = 60.0) -> Iterator[str]:
    """Serve the dashboards on a free port of this host until the block ends; give the address.

    `provider` is the address of an OpenID Connect provider to sign in with.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://localhost:{port}"
    environment = {**os.environ, "FORECOURT_DATA_DIR": str(data_dir)}
    if provider:
        environment |= _sign_in(provider, address)
    command = [sys.executable, "-m", "dashboards", "--port", str(port)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait(f"{address}/_stcore/health", process, timeout)
            yield address
        finally:
            process.terminate()


def _sign_in(provider: str, address: str) -> dict[str, str]:
    """The settings of a local provider that takes any client."""
    settings = {
        "CLIENT_ID": "forecourt",
        "CLIENT_SECRET": secrets.token_hex(),
        "COOKIE_SECRET": secrets.token_hex(),
        "METADATA_URL": f"{provider}/.well-known/openid-configuration",
        "ADDRESS": address,
    }
    return {f"FORECOURT_SIGN_IN__{name}": value for name, value in settings.items()}


@contextmanager
def running_browser() -> Iterator[Any]:
    """A headless Chromium (a Playwright browser). Raises FileNotFoundError where it is not installed."""
    from playwright.sync_api import sync_playwright

    path = chromium()
    if path is None:
        raise FileNotFoundError("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        try:
            yield browser
        finally:
            browser.close()


def settle(page: Any) -> None:
    """Wait until the app has drawn everything, charts included."""
    from playwright.sync_api import expect

    page.wait_for_selector(READY, timeout=30_000)
    # Not wait_for_function: it evaluates a string, which the content security policy forbids.
    expect(page.locator("[data-testid=stSkeleton],[data-stale=true]")).to_have_count(0, timeout=30_000)
    page.evaluate("() => document.fonts.ready.then(() => true)")


def _wait(address: str, process: subprocess.Popen[bytes], timeout: float) -> None:
    end = time.monotonic() + timeout
    while True:
        try:
            with urllib.request.urlopen(address, timeout=1):  # noqa: S310  our own server
                return
        except OSError:
            if process.poll() is not None:
                raise RuntimeError(f"The dashboards stopped with code {process.returncode}.") from None
            if time.monotonic() > end:
                raise TimeoutError(f"{address} did not answer within {timeout:.0f} s.") from None
            time.sleep(0.05)
