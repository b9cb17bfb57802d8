"""``python -m ingestion.sources.marketing ADDRESS`` tries this source out on a throw-away warehouse."""

import sys

from ingestion.sources.smoke import smoke

if __name__ == "__main__":
    sys.exit(smoke("marketing", sys.argv[1:]))
