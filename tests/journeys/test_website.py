"""Inspector's website and the chat on one market: the stand-in calls the real endpoints with real tokens."""

import re
from typing import Any

import pytest
import requests

from tests.journeys.fixtures import a_stranger
from tests.journeys.phone import Phone
from tests.journeys.service import Service


class Website:
    """The stand-in's pages as somebody who is logged in uses them."""

    def __init__(self, service: Service, person: str) -> None:
        self.service = service
        self._address = f"{service.plan.simulator}/inspector"
        self._session = requests.Session()
        self.wish("login", person=f"user-{person}")

    def opens(self, path: str) -> str:
        return self._session.get(self._address + path, timeout=30).text

    def wish(self, name: str, **said: Any) -> str:
        """What a button does; the page it leads to."""
        answer = self._session.post(f"{self._address}/do/{name}", json=said, timeout=30).json()
        assert "go" in answer, answer
        return str(answer["go"]).removeprefix("/inspector")

    def until(self, path: str, words: str) -> str:
        """A page, once it has these words."""
        return self.service.until(
            lambda: page if words in (page := self.opens(path)) else None, what=f"{words!r} on {path}"
        )


@pytest.fixture
def seeker(service: Service) -> Phone:
    phone = a_stranger(service)
    phone.connect()
    return phone


def test_what_an_agent_publishes_there_is_booked_here_and_the_website_is_told(
    service: Service, seeker: Phone
) -> None:
    bola = Website(service, "bola")
    form = {"title": "Sunny flat", "kind": "apartment", "listing_type": "rent", "price": "4500000"}
    form |= {"bedrooms": "2", "area": "Lekki Phase 1", "city": "Lagos", "state": "Lagos"}
    page = bola.wish("publish", **form)
    ref = page.rpartition("/")[2]
    assert re.fullmatch(r"PR-\d+", ref)

    inspection = seeker.books(ref)
    told = bola.until("/told", inspection)
    assert "inspection_booked" in told
    assert "Sunny flat" in bola.until("/inspections", inspection)


def test_the_website_and_the_chat_book_the_same_times(service: Service, seeker: Phone) -> None:
    ada = Website(service, "ada")
    page = ada.opens("/properties/PR-1042")
    slots = re.findall(r'name="slot" value="(\d+)"', page)
    inspection = ada.wish("book", property="demo-PR-1042", slot=slots[0])
    assert "Booked" in ada.opens(inspection)
    etag = re.findall(r'name="etag" value="([^"]*)"', ada.opens(inspection))[0].replace("&quot;", '"')
    ref = inspection.rpartition("/")[2]
    ada.wish("move", inspection=ref, slot=slots[1], etag=etag)
    # What Ada has is nobody else's, and what she gave back is.
    free = Website(service, "ada").opens("/properties/PR-1042")
    assert f'name="slot" value="{slots[0]}"' in free
    assert f'name="slot" value="{slots[1]}"' not in free
    ada.wish("cancel", inspection=ref)
    assert "Cancelled" in ada.opens(inspection)
    ada.until("/told", "inspection_cancelled")


def test_an_agent_s_no_in_the_chat_shows_on_the_website(service: Service, bola: Phone) -> None:
    website = Website(service, "bola")
    website.wish("status", property="demo-PR-1009", status="unavailable")
    assert "Not available" in website.opens("/properties/PR-1009")
    website.wish("status", property="demo-PR-1009", status="live")
    assert "Not available" not in website.opens("/properties/PR-1009")
