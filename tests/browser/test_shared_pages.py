"""The pages behind shared links in a real browser: they fit a small phone, by day and by night."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.templatetags.static import static
from django.test import Client
from PIL import Image
from playwright.sync_api import Route, sync_playwright

from inspector_whatsapp.models import Property, PropertyPhoto
from inspector_whatsapp.models.listings import PropertyStatus
from tests.browser.conftest import Shoot
from tests.browser.test_mails import CONTRAST
from tests.conftest import CHROMIUM, OPTIONS
from tests.factories import GroupFactory, PropertyFactory

Answer = tuple[int, dict[str, str], bytes]
SITE = "http://127.0.0.1"
LONG = "Ikota-on-the-Lagoon-Extension-Phase-Two-behind-the-Old-Market"


@pytest.fixture
def pages(db: None, settings: Any, tmp_path: Any) -> dict[str, Answer]:
    """What is answered at each address: Django itself is not to be asked while a browser is there."""
    settings.MEDIA_ROOT = str(tmp_path)
    settings.PUBLIC_URL = SITE
    source = GroupFactory(code="bcdf2345")
    live = PropertyFactory(ref="PR-77")
    over = PropertyFactory(ref="PR-78", status=PropertyStatus.LET)
    homes = [live, *(PropertyFactory(bedrooms=n, price=8_765_432 + n) for n in (2, 3, 4))]
    PropertyFactory(ref="PR-79", area=LONG[:80], price=9_123_456.78)
    for home, color in zip(homes, ("teal", "tan", "slategray", "maroon"), strict=True):
        _photo(home, color)
    paths = [f"/p/{live.ref}?s={source.code}", f"/p/{over.ref}?s={source.code}", "/p/PR-1"]
    client = Client(headers={"user-agent": "WhatsApp/2.23.20.0 A"})
    paths += [f"/p/{home.ref}/photo.jpg" for home in homes]
    found = {path: client.get(path) for path in paths}
    looks = Path(str(finders.find("inspector_whatsapp/page.css"))).read_bytes()
    return {path: (each.status_code, dict(each.items()), each.content) for path, each in found.items()} | {
        static("inspector_whatsapp/page.css"): (200, {"Content-Type": "text/css"}, looks)
    }


def _photo(home: Property, color: str) -> None:
    data = io.BytesIO()
    Image.new("RGB", (800, 600), color).save(data, "JPEG")
    name = default_storage.save(f"properties/{home.ref}.jpg", ContentFile(data.getvalue()))
    PropertyPhoto.objects.create(property=home, image=name)


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed here (apt install chromium)")
def test_shared_pages_fit_a_small_phone_and_can_be_read_by_day_and_by_night(
    pages: dict[str, Answer], shoot: Shoot
) -> None:
    def answer(route: Route) -> None:
        status, headers, body = pages[route.request.url.removeprefix(SITE)]
        route.fulfill(status=status, headers=headers, body=body)

    complaints: list[str] = []

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        for scheme in ("light", "dark"):
            page = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme).new_page()
            page.route("**/*", answer)
            page.on("console", lambda line: complaints.append(line.text))
            for path, (status, headers, _body) in pages.items():
                if not headers["Content-Type"].startswith("text/html"):
                    continue
                page.goto(SITE + path)
                assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
                for words in page.locator("h1, h2, p, b, span, a.go").all():
                    if words.inner_text():
                        assert words.evaluate(CONTRAST) >= 4.5, (path, scheme, words.inner_text())
                for way_on in page.locator("main a").all():
                    assert (way_on.bounding_box() or {"height": 0})["height"] >= 44
                for photo in page.locator("img").all():
                    photo.scroll_into_view_if_needed()
                    assert photo.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1200
                page.evaluate("window.scrollTo(0, 0)")
                shoot(page, f"shared-{status}-{scheme}")
        browser.close()
    # A page that is not there (404, 410) is complained of as well.
    assert [line for line in complaints if "Failed to load resource" not in line] == []
