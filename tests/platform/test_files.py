"""Files that are sent: as they are stored, small, and QR codes; and the page behind the share link."""

import io
from typing import Any

import pytest
import segno
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from inspector_whatsapp import files, sharing
from inspector_whatsapp.models.listings import PropertyStatus
from tests.factories import GroupFactory, PropertyFactory


@pytest.fixture(autouse=True)
def _a_storage_of_its_own(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def stored(name: str, size: tuple[int, int], *, mode: str = "RGB", exif: Image.Exif | None = None) -> bytes:
    data = io.BytesIO()
    more: dict[str, Any] = {"exif": exif} if exif else {}
    Image.new(mode, size, "teal").save(data, "PNG" if name.endswith("png") else "JPEG", **more)
    default_storage.save(name, ContentFile(data.getvalue()))
    return data.getvalue()


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def test_a_stored_file_is_read_as_it_is() -> None:
    photo, plan = stored("properties/a.jpg", (800, 600)), stored("properties/b.png", (10, 10))
    assert files.read("properties/a.jpg") == (photo, "image/jpeg")
    assert files.read("properties/b.png") == (plan, "image/png")


@given(st.integers(1, 900), st.integers(1, 900), st.sampled_from(["a.jpg", "a.png"]))
def test_a_small_photo_is_a_jpeg_of_the_same_shape(width: int, height: int, name: str) -> None:
    default_storage.delete(name)
    stored(name, (width, height), mode="RGBA" if name.endswith("png") else "RGB")
    data, mime = files.read(f"small/{name}")
    small = opened(data)
    assert (small.format, mime) == ("JPEG", "image/jpeg")
    assert max(small.size) == min(max(width, height), 320)
    longest = max(width, height)
    assert abs(min(small.size) - min(width, height) * min(320 / longest, 1)) <= 1


def test_a_small_photo_is_upright_and_weighs_little() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    stored("a.jpg", (1600, 1200), exif=exif)
    data, _mime = files.read("small/a.jpg")
    assert opened(data).size == (240, 320)
    assert len(data) < 20_000


@pytest.mark.parametrize(
    ("name", "path"),
    [("qr/PR-1042.png", "/p/PR-1042"), ("qr/PR-1042-bcdf2345.png", "/p/PR-1042?s=bcdf2345")],
)
def test_the_qr_code_holds_the_link(name: str, path: str, settings: Any) -> None:
    settings.PUBLIC_URL = "https://chat.inspector.example"
    data, mime = files.read(name)
    expected = segno.make_qr(f"https://chat.inspector.example{path}", error="m")
    picture = opened(data).convert("1")
    assert mime == "image/png"
    side = int(expected.symbol_size(scale=12, border=4)[0])
    assert picture.size == (side, side)
    modules = [
        [picture.getpixel((12 * x + 6, 12 * y + 6)) == 0 for x in range(side // 12)]
        for y in range(side // 12)
    ]
    assert modules == [[bool(dark) for dark in row] for row in expected.matrix_iter(border=4)]


@pytest.mark.parametrize(
    "name",
    [
        "gone.jpg",
        "small/gone.jpg",
        "qr/PR-.png",
        "qr/../x.png",
        "qr/PR-1042 x.png",
        "qr/PR-1042-.png",
        "qr/PR-1042-bcdf2345&x.png",
        "qr/PR-1042-aaaaaaaa.png",
        "qr/",
        "small/qr/PR-1.png",
    ],
)
def test_what_is_not_there_is_not_found(name: str) -> None:
    with pytest.raises(FileNotFoundError):
        files.read(name)


@pytest.mark.parametrize("name", ["../settings.py", "small/../../etc/passwd", "/etc/passwd"])
def test_nothing_outside_of_the_storage_is_read(name: str) -> None:
    with pytest.raises(Exception, match=r"outside|etected"):
        files.read(name)


@pytest.mark.django_db
def test_the_share_link_leads_to_the_live_property(client: Client, settings: Any) -> None:
    settings.PUBLIC_URL = "https://chat.inspector.example"
    property = PropertyFactory(url="https://inspector.example/properties/PR-77", ref="PR-77")
    assert sharing.link(property) == "https://chat.inspector.example/p/PR-77"
    person = {
        "user-agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0"
    }
    for ref in ("PR-77", "pr-77", "PR77"):
        answer = client.get(f"/p/{ref}", headers=person)
        assert (answer.status_code, answer["Location"]) == (302, "https://inspector.example/properties/PR-77")
        assert "no-cache" in answer["Cache-Control"]
    PropertyFactory(url="", ref="PR-78")
    assert client.get("/p/PR-78", headers=person)["Location"] == f"{settings.INSPECTOR_URL}/properties/PR-78"


@pytest.mark.django_db
def test_a_link_and_its_code_name_the_same_source(settings: Any) -> None:
    settings.PUBLIC_URL = "https://chat.inspector.example"
    property, source = PropertyFactory(ref="PR-77"), GroupFactory(code="bcdf2345")
    assert sharing.link(property, source) == "https://chat.inspector.example/p/PR-77?s=bcdf2345"
    assert sharing.qr_name(property, source) == "qr/PR-77-bcdf2345.png"


@pytest.mark.django_db
@pytest.mark.parametrize("status", [PropertyStatus.LET, PropertyStatus.SOLD, PropertyStatus.UNAVAILABLE])
def test_what_is_gone_says_so(client: Client, status: str) -> None:
    PropertyFactory(ref="PR-77", status=status)
    answer = client.get("/p/PR-77")
    assert answer.status_code == 410
    assert "This property is no longer on offer" in answer.content.decode()


@pytest.mark.django_db
def test_nothing_is_told_of_what_was_never_published(client: Client) -> None:
    PropertyFactory(ref="PR-77", status=PropertyStatus.PENDING, published_at=None)
    pages = [client.get(f"/p/{ref}") for ref in ("PR-77", "PR-78", "hello", "PR-" + "9" * 40, "%00")]
    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1
    assert "There is no such property" in pages[0].content.decode()


@pytest.mark.django_db
def test_the_share_page_takes_no_posts(client: Client) -> None:
    assert client.post("/p/PR-77").status_code == 405
