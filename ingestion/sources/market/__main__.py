"""``python -m ingestion.sources.market ADDRESS`` tries this source out on a throw-away warehouse."""

import sys

from ingestion.sources.smoke import smoke

if __name__ == "__main__":
    sys.exit(smoke("market", sys.argv[1:]))
