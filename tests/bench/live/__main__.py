"""``python -m tests.bench.live VERB [ARGUMENTS]``: run one benchmark of the live path."""

import importlib
import sys

VERBS = ("collector", "latency", "kills", "soak", "crm")


def main() -> None:
    """Run the verb that is named."""
    if len(sys.argv) < 2 or sys.argv[1] not in VERBS:
        sys.exit(f"usage: python -m tests.bench.live {{{','.join(VERBS)}}} [arguments]")
    importlib.import_module(f"tests.bench.live.{sys.argv[1]}").main(sys.argv[2:])


if __name__ == "__main__":
    main()
