"""Inspector's website and the chat on one market: the stand-in calls the real endpoints with real tokens."""

import re
from typing import Any

import requests

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


def test_who_books_there_moves_and_cancels_there_and_the_agent_is_told(service: Service, bola: Phone) -> None:
    ada = Website(service, "ada")
    slots = re.findall(r'name="slot" value="(\d+)"', ada.opens("/properties/PR-1042"))
    # The last ones: the first may be where others have her come.
    page = ada.wish("book", property="demo-PR-1042", slot=slots[-1])
    ref = page.rpartition("/")[2]
    bola.hears(ref)
    shown = ada.opens(page)
    assert "Booked" in shown
    etag = re.findall(r'name="etag" value="([^"]*)"', shown)[0].replace("&quot;", '"')
    ada.wish("move", inspection=ref, slot=slots[-2], etag=etag)
    ada.wish("cancel", inspection=ref)
    assert "Cancelled" in ada.opens(page)
    ada.until("/told", "inspection_cancelled")
    service.settle()  # before she disconnects her chat


def test_what_an_agent_sets_in_the_chat_shows_on_the_website_and_back(service: Service, bola: Phone) -> None:
    website = Website(service, "bola")
    bola.says("menu")
    bola.says("1")
    bola.says("PR-1264")
    assert "unavailable" in bola.taps("Unavailable").text
    website.until("/properties/PR-1264", 'data-status="unavailable"')
    website.wish("status", property="demo-PR-1264", status="live")
    bola.says("menu")
    bola.says("1")
    assert "*available*" in bola.says("PR-1264").text
    assert "data-status" not in website.opens("/properties/PR-1264")
