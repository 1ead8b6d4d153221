"""A worker that sends what is due until its input ends: `python -m tests.benchmarks.sender`."""

import os
import sys
import threading

import django

DRAINS = 4  # side by side


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from inspector_whatsapp import outbox

    over = threading.Event()

    def drain() -> None:
        while not over.is_set():
            outbox.drain()
            over.wait(0.1)

    threads = [threading.Thread(target=drain) for _ in range(DRAINS)]
    for thread in threads:
        thread.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()
    over.set()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
