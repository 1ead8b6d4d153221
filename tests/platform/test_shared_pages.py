"""What a shared link shows to whom: people the way on, programs a preview, and everybody nothing but ours."""

import io
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from inspector_whatsapp import files
from inspector_whatsapp.models import Property, PropertyPhoto, ShareCount
from inspector_whatsapp.models.listings import PropertyStatus
from tests.factories import GroupFactory, PropertyFactory

pytestmark = pytest.mark.django_db

ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"
PEOPLE = {
    "Chrome on Android": f"{ANDROID} Chrome/139.0.0.0 Mobile Safari/537.36",
    "Safari on an iPhone": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    "WhatsApp's own browser on Android": "Mozilla/5.0 (Linux; Android 15; SM-A556E Build/AP3A.240905; wv) "
    "AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/139.0 Mobile Safari/537.36 WA4A/2.26.30.97",
    "WhatsApp's own browser on an iPhone": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) "
    "AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [WAiOS/2.26.31]",
    "Facebook's own browser": "Mozilla/5.0 (Linux; Android 13; TECNO KG5k Build/TP1A; wv) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Version/4.0 Chrome/120.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/440.0.0.0;]",
    "Instagram's own browser": f"{ANDROID} Version/4.0 Chrome/121.0 Safari/537.36 Instagram 340.0.0.14",
    "Opera Mini": "Opera/9.80 (Android; Opera Mini/36.2/191.249; U; en) Presto/2.12.423 Version/12.16",
    "a phone called Cubot": "Mozilla/5.0 (Linux; Android 9; CUBOT_X19 Build/PPR1; wv) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Version/4.0 Chrome/97.0.4692.98 Mobile Safari/537.36",
    "Firefox": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0",
}
PROGRAMS = {
    "WhatsApp on Android": "WhatsApp/2.23.20.0 A",
    "WhatsApp on an iPhone": "WhatsApp/2.23.20.0 i",
    "WhatsApp on the web": "WhatsApp/2.2336.9 N",
    "WhatsApp on a Mac": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 "
    "(KHTML, like Gecko) WhatsApp/2.2424.0 Chrome/91.0.4472.164 Electron/13.6.9 Safari/537.36",
    "Facebook": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "iMessage": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) "
    "Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    "Meta": "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
    "Telegram": "TelegramBot (like TwitterBot)",
    "X": "Twitterbot/1.0",
    "Slack": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Google": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "curl": "curl/8.5.0",
    "a script": "python-requests/2.31.0",
    "nobody in particular": "",
}
PERSON, PREVIEW = PEOPLE["Chrome on Android"], PROGRAMS["WhatsApp on Android"]


@pytest.fixture(autouse=True)
def _addresses(settings: Any, tmp_path: Any) -> None:
    settings.PUBLIC_URL = "https://chat.inspector.example"
    settings.INSPECTOR_URL = "https://inspector.example"
    settings.WHATSAPP_PHONE_NUMBER = "+2347000000000"
    settings.MEDIA_ROOT = str(tmp_path)


def home(**more: Any) -> Property:
    return PropertyFactory(**({"ref": "PR-77", "url": "https://inspector.example/properties/PR-77"} | more))


def photo_of(
    property: Property, *, size: tuple[int, int] = (1600, 1200), noise: bool = False
) -> PropertyPhoto:
    data = io.BytesIO()
    picture = Image.effect_noise(size, 120).convert("RGB") if noise else Image.new("RGB", size, "teal")
    picture.save(data, "JPEG", quality=95)
    name = default_storage.save(f"properties/{property.ref}.jpg", ContentFile(data.getvalue()))
    return PropertyPhoto.objects.create(property=property, image=name)


def opens(path: str, agent: str = PERSON, **headers: str) -> Any:
    return Client(headers={"user-agent": agent, **headers}).get(path)


class Tags(HTMLParser):
    """The tags of a page's head, and its links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "meta":
            self.meta[found.get("property") or found.get("name", "")] = found.get("content", "")
        if tag == "a":
            self.links.append(found["href"])


def tags(answer: Any) -> Tags:
    return Tags(answer.content.decode())


# --- who sees what ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("agent", PEOPLE.values(), ids=PEOPLE)
def test_people_are_led_on_and_counted(agent: str) -> None:
    home()
    answer = opens("/p/PR-77", agent)
    assert (answer.status_code, answer["Location"]) == (302, "https://inspector.example/properties/PR-77")
    assert "no-store" in answer["Cache-Control"]
    assert ShareCount.objects.get().people == 1


@pytest.mark.parametrize("agent", PROGRAMS.values(), ids=PROGRAMS)
def test_programs_get_a_preview_and_are_not_counted(agent: str) -> None:
    home()
    for path in ("/p/PR-77", "/p/PR-77/chat"):
        answer = opens(path, agent)
        assert answer.status_code == 200
        assert tags(answer).meta["og:title"] == "3-bedroom flat, Lekki Phase 1"
    assert not ShareCount.objects.exists()


def test_who_only_looks_or_fetches_ahead_is_not_counted() -> None:
    home()
    assert Client(headers={"user-agent": PERSON}).head("/p/PR-77").status_code == 302
    for headers in (
        {"sec-purpose": "prefetch;prerender"},
        {"sec-purpose": "prefetch"},
        {"purpose": "prefetch"},
        {"x-moz": "prefetch"},
    ):
        assert opens("/p/PR-77", **headers).status_code == 302
    assert not ShareCount.objects.exists()


def test_a_preview_says_what_it_is_about() -> None:
    property, source = home(price=10_000_000), GroupFactory()
    photo_of(property)
    answer = opens(f"/p/PR-77?s={source.code}", PREVIEW)
    seen = tags(answer)
    assert seen.meta | {"viewport": "", "": ""} == {
        "": "",
        "viewport": "",
        "robots": "noindex",
        "og:type": "website",
        "og:site_name": "Inspector",
        "og:title": "3-bedroom flat, Lekki Phase 1",
        "og:description": "₦10,000,000 a year · for rent · Lekki Phase 1, Lagos",
        "og:url": "https://chat.inspector.example/p/PR-77",
        "og:image": "https://chat.inspector.example/p/PR-77/photo.jpg",
        "og:image:type": "image/jpeg",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "3-bedroom flat, Lekki Phase 1",
        "twitter:card": "summary_large_image",
        "description": "₦10,000,000 a year · for rent · Lekki Phase 1, Lagos",
    }
    # A client that is taken for a program by mistake still finds the way on.
    assert seen.links == [
        f"https://inspector.example/properties/PR-77?utm_source=whatsapp&utm_campaign={source.code}",
        f"/p/PR-77/chat?s={source.code}",
    ]
    assert answer.content.index(b"og:image") < 300_000
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("without_file", [False, True])
def test_a_preview_without_a_photo_names_none(without_file: bool) -> None:
    property = home()
    if without_file:
        PropertyPhoto.objects.create(property=property, image="")
    assert opens("/p/PR-77/photo.jpg").status_code == 404
    seen = tags(opens("/p/PR-77", PREVIEW))
    assert "og:image" not in seen.meta
    assert seen.meta["twitter:card"] == "summary"


def test_words_that_mean_harm_stay_words() -> None:
    home(area='"><script>alert(1)</script>', city="{{ 7|add:7 }}")
    PropertyFactory(ref="PR-78", area='"><script>alert(2)</script>', city="{{ 7|add:7 }}")
    html = opens("/p/PR-77", PREVIEW).content.decode()
    Property.objects.filter(ref="PR-77").update(status=PropertyStatus.LET)
    html += opens("/p/PR-77").content.decode()
    assert "<script" not in html
    assert html.count("alert(") >= 3


# --- the photo --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("size", [(1600, 1200), (900, 1600), (120, 90), (3000, 200)])
def test_a_previews_photo_is_one_that_whatsapp_takes(size: tuple[int, int]) -> None:
    photo_of(home(), size=size, noise=True)
    answer = opens("/p/PR-77/photo.jpg", PREVIEW)
    picture = Image.open(io.BytesIO(answer.content))
    assert (answer["Content-Type"], picture.format, picture.size) == ("image/jpeg", "JPEG", (1200, 630))
    assert len(answer.content) <= 300_000
    assert "public" in answer["Cache-Control"]


def test_a_previews_photo_is_made_once_and_sent_once() -> None:
    photo = photo_of(home())
    first = opens("/p/PR-77/photo.jpg", PREVIEW)
    assert default_storage.exists(files.preview_name(photo.image.name or ""))
    default_storage.delete(photo.image.name or "")
    assert opens("/p/PR-77/photo.jpg", PREVIEW).content == first.content
    again = opens("/p/PR-77/photo.jpg", PREVIEW, **{"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_what_is_not_live_shows_no_photo() -> None:
    property = home()
    assert opens("/p/PR-77/photo.jpg").status_code == 404
    photo = photo_of(property)
    assert opens("/p/PR-77/photo.jpg").status_code == 200
    for status in (PropertyStatus.PENDING, PropertyStatus.DRAFT, PropertyStatus.LET):
        Property.objects.update(status=status)
        assert opens("/p/PR-77/photo.jpg").status_code == 404
    Property.objects.update(status=PropertyStatus.LIVE)
    broken = default_storage.save("properties/broken.jpg", ContentFile(b"\xff\xd8 no picture"))
    PropertyPhoto.objects.filter(pk=photo.pk).update(image=broken)
    assert opens("/p/PR-77/photo.jpg").status_code == 404
    assert opens("/p/hello/photo.jpg").status_code == 404


# --- what is gone -----------------------------------------------------------------------------------------
def test_what_is_gone_shows_what_is_like_it() -> None:
    source = GroupFactory()
    gone = home(status=PropertyStatus.LET, price=9_000_000)
    like = {"price": 9_500_000}
    near = [PropertyFactory(ref=f"PR-8{n}", bedrooms=2 + n % 3, **like) for n in range(5)]
    PropertyFactory(ref="PR-90", area="Ajah", **like)
    PropertyFactory(ref="PR-91", area="Ikeja", **like)
    photo_of(near[0])
    for other in (
        {"bedrooms": 5},
        {"price": 20_000_000},
        {"price": 1_000_000},
        {"listing_type": "sale", "period": ""},
        {"city": "Abuja", "area": "Wuse"},
        {"status": PropertyStatus.SOLD},
        {"currency": "USD"},
    ):
        PropertyFactory(**(like | other))
    answer = opens(f"/p/PR-77?s={source.code}")
    links = tags(answer).links
    assert answer.status_code == 410
    assert "This property is no longer on offer" in answer.content.decode()
    refs = [link.split("/")[2].partition("?")[0] for link in links if link.startswith("/p/PR-")]
    assert sorted(refs[:5]) == [each.ref for each in near]  # its own area first
    assert refs[5:] == ["PR-91", gone.ref]  # up to six, then the way into the chat
    assert all(link.endswith(f"?s={source.code}") for link in links if link.startswith("/p/"))
    assert f'src="/p/{near[0].ref}/photo.jpg"' in answer.content.decode()
    assert ShareCount.objects.get().source == source


def test_what_is_like_land_is_land() -> None:
    home(kind="land", bedrooms=None, status=PropertyStatus.SOLD)
    PropertyFactory(ref="PR-80", kind="land", bedrooms=None)
    PropertyFactory(ref="PR-81", kind="shop", bedrooms=None)
    PropertyFactory(ref="PR-82")
    page = opens("/p/PR-77").content.decode()
    assert "/p/PR-80" in page
    assert "/p/PR-81" not in page
    assert "/p/PR-82" not in page


@pytest.mark.parametrize("page", ["", "/chat", "/photo.jpg"])
def test_what_was_never_published_is_unknown(page: str) -> None:
    home(status=PropertyStatus.PENDING, published_at=None)
    for agent in (PERSON, PREVIEW):
        answer = opens(f"/p/PR-77{page}", agent)
        assert answer.status_code == 404
        assert "Lekki" not in answer.content.decode()
    assert not ShareCount.objects.exists()


# --- into the chat ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("status", [PropertyStatus.LIVE, PropertyStatus.LET])
def test_asking_opens_whatsapp_with_the_property_and_the_source(status: str) -> None:
    source = GroupFactory()
    home(status=status)
    to = urlsplit(opens(f"/p/PR-77/chat?s={source.code}")["Location"])
    assert (to.scheme, to.netloc, to.path) == ("https", "wa.me", "/2347000000000")
    words = f"Hello, I'd like to know more about PR-77 (s-{source.code})"
    assert parse_qs(to.query) == {"text": [words]}
    plain = opens("/p/PR-77/chat")["Location"]
    assert unquote(plain).endswith("?text=Hello, I'd like to know more about PR-77")


# --- no open redirect -------------------------------------------------------------------------------------
EVIL = (
    "//evil.example",
    "///evil.example",
    "////evil.example/%2e%2e",
    "https://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:\\\\evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "/%5cevil.example",
    "%2f%2fevil.example",
    "%252f%252fevil.example",
    "/%09/evil.example",
    "/%0a/evil.example",
    "%0d%0aLocation:%20https://evil.example",
    "%0d%0a%0d%0a<script>alert(1)</script>",
    "javascript:alert(1)",
    "java%0ascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "https://inspector.example@evil.example",
    "https://inspector.example:pw@evil.example",
    "https://inspector.example%00.evil.example",
    "https://inspector.example.evil.example",
    "https://evil.example/inspector.example",
    "https://evil.example?inspector.example",
    "https://evil.example#inspector.example",
    "https://evil.example\\@inspector.example",
    "https://evilinspector.example",
    "https://evil%E3%80%82example",
    "http://0x7f000001",
    "http://[::1]/",
    "http://169.254.169.254/latest",
    "ftp://evil.example",
    "//evil%00.example",
    "〱evil.example",
    "/.evil.example",
    "..//evil.example",
    ";@evil.example",
)
STORED = (
    "https://evil.example/x",
    "//evil.example/x",
    "http://inspector.example.evil.example/x",
    "https://evilinspector.example/x",
    "https://inspector.example@evil.example/x",
    "https://user:pw@inspector.example/x",
    "https://evil.example\\@inspector.example/x",
    "https://evil.example#@inspector.example/x",
    "https://inspector.example:8443/x",
    "https://inspector.example:x/x",
    "https://[::1/x",
    "http://inspector.example/x",
    "javascript:alert(1)//inspector.example",
    "javascript://inspector.example/%0aalert(1)",
    "data:text/html,inspector.example",
    "ftp://inspector.example/x",
    "https://inspector.example/\r\nSet-Cookie: a=b",
    "https://inspector.example /x",
    " https://inspector.example/x",
    "\thttps://inspector.example/x",
    "https:/inspector.example/x",
    "https:inspector.example/x",
    "/properties/PR-77",
    "",
)
OWN = "https://inspector.example/properties/PR-77"


@pytest.mark.parametrize("trick", EVIL)
def test_no_request_leads_anywhere_but_to_inspector_and_whatsapp(trick: str) -> None:
    home()
    paths = [
        f"/p/PR-77{page}?{name}={trick}" for page in ("", "/chat") for name in ("s", "next", "url", "to")
    ]
    paths += [
        f"/p/{trick}",
        f"/p/PR-77{trick}",
        f"/p/{trick}/PR-77",
        f"/p/PR-77/chat{trick}",
        f"/p/PR-77?{trick}",
    ]
    client = Client(headers={"user-agent": PERSON}, raise_request_exception=False)
    for path in paths:
        for more in ({}, {"x-forwarded-host": "evil.example", "referer": "https://evil.example/"}):
            answer = client.get(path, headers=more)
            assert answer.status_code in (302, 301, 400, 404), path
            leads = urlsplit(answer.get("Location", OWN))
            if answer.status_code in (301, 302):
                assert (leads.scheme, leads.netloc) in (("https", "inspector.example"), ("https", "wa.me")), (
                    path
                )
                assert "evil" not in answer["Location"], path
            assert "evil" not in str(answer.headers), path
            assert "<script" not in answer.content.decode(), path


@pytest.mark.parametrize("url", STORED)
def test_what_was_stored_wrongly_leads_to_inspectors_page_all_the_same(url: str) -> None:
    property = home()
    Property.objects.filter(pk=property.pk).update(url=url)
    assert opens("/p/PR-77")["Location"] == OWN
    assert OWN in opens("/p/PR-77", PREVIEW).content.decode()


@pytest.mark.parametrize(
    "url",
    [
        "https://inspector.example/p?id=77&a=%C3%A9#photos",
        "https://www.inspector.example/77",
        "https://INSPECTOR.example/77",
    ],
)
def test_inspectors_own_addresses_stay_and_learn_the_source(url: str) -> None:
    source = GroupFactory()
    home(url=url)
    assert opens("/p/PR-77")["Location"] == url
    led = urlsplit(opens(f"/p/PR-77?s={source.code.upper()}")["Location"])
    was = urlsplit(url)
    assert (led.netloc, led.path, led.fragment) == (was.netloc, was.path, was.fragment)
    assert parse_qs(led.query) == parse_qs(was.query) | {
        "utm_source": ["whatsapp"],
        "utm_campaign": [source.code],
    }


@pytest.mark.parametrize("code", ["zzzzzzz9", "x", "", "9" * 8, "%00", "bcdf2345&s=", "' OR 1=1"])
def test_a_wrong_code_leads_on_without_a_source(code: str) -> None:
    home()
    assert opens(f"/p/PR-77?s={code}")["Location"] == OWN
    assert ShareCount.objects.get().source is None


@pytest.mark.parametrize("page", ["/p/PR-77", "/p/PR-77/chat", "/p/PR-77/photo.jpg"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_changed_here(page: str, method: str) -> None:
    home()
    assert getattr(Client(), method)(page).status_code == 405
