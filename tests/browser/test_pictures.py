"""The pictures of the documentation show what people see."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser

from tests.journeys.phone import Phone
from tests.journeys.service import Service
from tests.pictures.listed import DESKTOP, HOME, PICTURES, SHOWN, Picture
from tests.pictures.taking import take

NAME = "Zainab"
CELLS = (32, 32)
# Of 255, on an average. People, days and figures are others here than in the pictures: that makes 3 to 5.5.
# Two of the console's pictures are 10 apart. (The other pictures are full of what a chat says: 7 to 15.)
LIMIT = 7


def test_pages_look_like_their_pictures(browser: Browser, service: Service, seeker: Phone) -> None:
    seeker.books("PR-1042")
    service.wish("people", {"phone": seeker.number, "name": NAME})
    for picture in (DESKTOP, HOME):
        seen = take(replace(picture, shows=replace(picture.shows, name=NAME)), of=service, browser=browser)
        off = difference(seen, kept(picture))
        assert off < LIMIT, f"{picture.file} is no longer what people see: make pictures, and look at them"
        others = (other for other in PICTURES if other.size == picture.size and other != picture)
        assert all(difference(seen, kept(other)) > off for other in others), picture.file


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.file)
def test_a_picture_is_as_large_as_is_said(picture: Picture) -> None:
    with Image.open(SHOWN / picture.file) as image:
        assert image.size == tuple(side * picture.sharp for side in picture.size)


def test_each_picture_can_be_made_anew() -> None:
    assert {file.name for file in SHOWN.iterdir()} == {picture.file for picture in PICTURES}


def kept(picture: Picture) -> bytes:
    return (SHOWN / picture.file).read_bytes()


def difference(one: bytes, other: bytes) -> float:
    """How much two pictures differ, in grey, and seen from so far that no word can be read."""
    images = [Image.open(BytesIO(each)).convert("L") for each in (one, other)]
    assert images[0].size == images[1].size
    far, off = (image.resize(CELLS, Image.Resampling.BOX) for image in images)
    return ImageStat.Stat(ImageChops.difference(far, off)).mean[0]
