"""``python -m ingestion.sources.service ADDRESS`` tries this source out on a throw-away warehouse."""

import sys

from ingestion.sources.smoke import smoke

if __name__ == "__main__":
    sys.exit(smoke("service", sys.argv[1:]))
