"""`python -m dashboards`: serve the dashboards on this host."""

import argparse
import os
import sys
from pathlib import Path

APP = Path(__file__).with_name("app.py")


def main() -> None:
    """Start Streamlit on the published snapshot; replaces this process."""
    parser = argparse.ArgumentParser(prog="python -m dashboards", description=__doc__)
    parser.add_argument("--port", type=int, default=int(os.environ.get("FORECOURT_DASHBOARD_PORT", "8501")))
    parser.add_argument(
        "--data-dir", type=Path, help="folder with snapshots/ (default: FORECOURT_DATA_DIR, ./data)"
    )
    arguments = parser.parse_args()
    environment = dict(os.environ)
    if arguments.data_dir:
        environment["FORECOURT_DATA_DIR"] = str(arguments.data_dir.resolve())
    print(f"Dashboards on http://localhost:{arguments.port} (Ctrl-C stops them)", flush=True)
    command = [sys.executable, "-m", "streamlit", "run", str(APP), f"--server.port={arguments.port}"]
    os.execve(sys.executable, command, environment)  # noqa: S606  no shell, arguments are ours


if __name__ == "__main__":
    main()
