"""`python -m dashboards`: serve the dashboards on this host."""

import argparse
import os
from pathlib import Path

LOCAL = "127.0.0.1"


def main() -> None:
    """Serve the published snapshot until stopped."""
    parser = argparse.ArgumentParser(prog="python -m dashboards", description=__doc__)
    parser.add_argument("--port", type=int, default=int(os.environ.get("FORECOURT_DASHBOARD_PORT", "8501")))
    parser.add_argument(
        "--host", default=LOCAL, help=f"address to listen on (default {LOCAL}); others need sign_in"
    )
    parser.add_argument(
        "--data-dir", type=Path, help="folder with snapshots/ (default: FORECOURT_DATA_DIR, ./data)"
    )
    arguments = parser.parse_args()
    if arguments.data_dir:
        os.environ["FORECOURT_DATA_DIR"] = str(arguments.data_dir.resolve())
    from serving.settings import ReaderSettings

    if arguments.host != LOCAL and ReaderSettings().sign_in is None:
        parser.error(
            f"Listening on {arguments.host} shows all dealers to whoever can reach it: configure sign_in "
            "first (forecourt.example.toml), or leave --host out."
        )
    from dashboards.asgi import app

    print(f"Dashboards on http://localhost:{arguments.port} (Ctrl-C stops them)", flush=True)
    app.run(config={"server.port": arguments.port, "server.address": arguments.host})


if __name__ == "__main__":
    main()
