"""`python -m config.embedded start|stop|status|remove`."""

import argparse
import sys

from config import embedded

USED = "A demo or a test run is using the servers; end that first."


def main() -> int:
    """Do what the command line says; 0 when it was done."""
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description=embedded.__doc__)
    parser.add_argument("verb", choices=["start", "stop", "status", "remove"])
    match parser.parse_args().verb:
        case "start":
            embedded.start_and_keep()
        case "stop" if not embedded.stop_kept():
            return tell(USED)
        case "remove" if not embedded.remove():
            return tell(USED)
    found = embedded.urls()
    if found is None:
        sys.stdout.write("No embedded server runs.\n")
        return 0
    sys.stdout.write(f"DATABASE_URL={found.database_url}\nREDIS_URL={found.redis_url}\n")
    return 0


def tell(sentence: str) -> int:
    """Say why it was not done."""
    sys.stderr.write(f"{sentence}\n")
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except embedded.NotStarted as problem:
        sys.exit(tell(str(problem)))
