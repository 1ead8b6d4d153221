"""`make pictures`: make every picture of the documentation anew. Look at each before it is committed."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.conftest import CHROMIUM, OPTIONS
from tests.journeys.service import Service, a_service
from tests.pictures.listed import HOME, PICTURES, SHOWN
from tests.pictures.taking import take

# The evening before a Tuesday in Lagos: what the demo's market books then is not of the day that is shown.
EVENING, TO_THE_MORNING = "2026-11-09 18:00+01", (15 * 60 + 41) * 60
INSPECTOR = "https://inspector.example"  # for the links in chats, that no port of this machine stands in them


def main() -> int:
    """0 when all are made."""
    if CHROMIUM is None:
        print("no Chromium is installed here (apt install chromium)", file=sys.stderr)
        return 1
    with (
        tempfile.TemporaryDirectory(prefix="pictures-") as folder,
        a_service(Path(folder), begins=EVENING, INSPECTOR_URL=INSPECTOR) as service,
        sync_playwright() as playwright,
    ):
        _in_the_market(service, "market.book_a_day(ahead=3)")
        service.settle()
        service.pass_time(seconds=TO_THE_MORNING)
        service.settle()
        _in_the_market(service, "market.live_a_month()")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        for picture in PICTURES:
            if picture is HOME:
                _in_the_market(service, "market.count_today()")
            made = take(picture, of=service, browser=browser)
            (SHOWN / picture.file).write_bytes(made)
            print(f"{picture.file}: {len(made) / 1000:.0f} kB", flush=True)
        browser.close()
    return 0


def _in_the_market(service: Service, does: str) -> None:
    service.manage("shell", "--no-imports", "-c", f"from tests.pictures import market; {does}")


if __name__ == "__main__":
    sys.exit(main())
