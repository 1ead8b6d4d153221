"""What people send is taken only from Meta, and only the picture of it is kept."""

import base64
import contextlib
import hashlib
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from inspector_whatsapp.cloud_api.media import (
    PHOTO_BYTES,
    MediaRefused,
    check_digest,
    check_url,
    photo,
    strip_exif,
)

META = "https://graph.facebook.com"
LOCAL = "http://127.0.0.1:8100"
GPS = 0x8825
ORIENTATION = 0x0112


def picture(name: str = "JPEG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **more: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size).save(buffer, name, **more)
    return buffer.getvalue()


def with_exif() -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x010E] = "the secret garden"
    exif.get_ifd(GPS)[2] = (6.0, 25.0, 41.0)
    return picture(exif=exif, comment=b"a secret comment")


@pytest.mark.parametrize(
    ("url", "api_url"),
    [
        ("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1", META),
        ("https://lookaside.fbsbx.com:443/a", LOCAL),
        ("http://127.0.0.1:8100/media/1", LOCAL),
        ("http://localhost:8100/media/1", "http://localhost:8100/"),
    ],
)
def test_metas_own_addresses_are_followed(url: str, api_url: str) -> None:
    check_url(url, api_url=api_url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "not an address",
        "http://lookaside.fbsbx.com/a",
        "https://lookaside.fbsbx.com:8443/a",
        "https://lookaside.fbsbx.com.evil.example/a",
        "https://lookaside.fbsbx.com@evil.example/a",
        "https://user:pw@lookaside.fbsbx.com/a",
        "https://evil.example\\@lookaside.fbsbx.com/a",
        "https://evil.example/lookaside.fbsbx.com",
        "https://graph.facebook.com/a",
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1:6379/",
        "http://127.0.0.1:8100/",
        "http://[::1]/",
        "http://[::1",
        "https://lookaside.fbsbx.com:99999/",
        "file:///etc/passwd",
        "ftp://lookaside.fbsbx.com/a",
    ],
)
def test_no_other_address_gets_the_token(url: str) -> None:
    with pytest.raises(MediaRefused):
        check_url(url, api_url=META)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/a", "https://127.0.0.1:8100/a", "http://10.0.0.1:8100/a"]
)
def test_a_local_api_vouches_for_its_own_address_only(url: str) -> None:
    with pytest.raises(MediaRefused):
        check_url(url, api_url=LOCAL)


def test_a_digest_counts_in_base64_and_in_hex() -> None:
    digest = hashlib.sha256(b"data")
    check_digest(b"data", base64.b64encode(digest.digest()).decode())
    check_digest(b"data", digest.hexdigest())
    for wrong in ("", "é", base64.b64encode(b"other").decode(), digest.hexdigest()[:-1]):
        with pytest.raises(MediaRefused):
            check_digest(b"data", wrong)


def test_a_photo_loses_its_place_and_stands_upright() -> None:
    data = with_exif()
    assert b"secret" in data

    kept = photo(data)

    assert (kept.mime, kept.width, kept.height) == ("image/jpeg", 20, 40)
    assert b"secret" not in kept.data
    assert b"Exif" not in kept.data
    with Image.open(io.BytesIO(kept.data)) as again:
        assert not again.getexif()
        assert again.size == (20, 40)


def test_what_follows_the_picture_goes() -> None:
    for name in ("JPEG", "PNG"):
        kept = strip_exif(picture(name) + b"PK\x03\x04<script>alert(1)</script>")
        assert b"script" not in kept
        assert kept.startswith((b"\xff\xd8", b"\x89PNG"))


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
def test_a_png_of_any_kind_becomes_a_plain_one(mode: str) -> None:
    kept = photo(picture("PNG", mode=mode))
    assert kept.mime == "image/png"
    with Image.open(io.BytesIO(kept.data)) as again:
        assert again.mode in ("RGB", "RGBA")
        assert "icc_profile" not in again.info


def test_a_photo_with_a_second_one_behind_it_is_its_first() -> None:
    second = Image.new("RGB", (40, 20), "red")
    kept = photo(picture("MPO", save_all=True, append_images=[second]))
    assert (kept.mime, kept.data.count(b"\xff\xd8\xff")) == ("image/jpeg", 1)


def test_a_print_photo_becomes_one_for_screens() -> None:
    with Image.open(io.BytesIO(photo(picture(mode="CMYK")).data)) as again:
        assert again.mode == "RGB"


def test_a_png_that_is_too_large_becomes_a_jpeg() -> None:
    noise = Image.effect_noise((2400, 2400), 90)
    buffer = io.BytesIO()
    Image.merge("RGBA", [noise, noise.rotate(90), noise.rotate(180), noise]).save(
        buffer, "PNG", compress_level=1
    )

    kept = photo(buffer.getvalue())

    assert kept.mime == "image/jpeg"
    assert len(kept.data) <= PHOTO_BYTES


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>",
        b"%PDF-1.7",
        b"\xff\xd8\xff",
        picture()[:-300],
        picture("GIF"),
        picture("WEBP"),
        picture("BMP"),
        picture("TIFF"),
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 50,
    ],
    ids=range(10),
)
def test_what_is_no_jpeg_or_png_is_refused(data: bytes) -> None:
    with pytest.raises(MediaRefused):
        photo(data)


def test_a_small_file_that_unpacks_to_gigabytes_is_refused() -> None:
    bomb = picture("PNG", size=(20_000, 10_000), mode="1")
    assert len(bomb) < 1_000_000
    with pytest.raises(MediaRefused):
        photo(bomb)


@given(st.binary(max_size=60), st.integers(0, 600))
def test_a_broken_photo_is_refused_or_read(junk: bytes, at: int) -> None:
    for data in (picture(), picture("PNG")):
        with contextlib.suppress(MediaRefused):
            photo(data[:at] + junk + data[at + len(junk) :])
