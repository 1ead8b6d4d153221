"""Properties and inspections on the stand-in's pages, and what it calls for them."""

import base64
import re
from datetime import datetime

from tests.simulator.website import HOME, Api, Site


def test_an_agent_publishes_and_the_backend_pushes_home_photo_and_slots(site: Site, api: Api) -> None:
    api.on("PUT", "sync/properties", {"results": [{"result": "created", "ref": "PR-2000"}]})
    for kind in ("photos", "slots"):
        api.on("PUT", f"sync/{kind}", {"results": []})
    photo = base64.b64encode(b"\x89PNG a photo").decode()
    form = {"title": "New flat", "kind": "apartment", "listing_type": "rent", "price": "4,500,000"}
    form |= {"bedrooms": "2", "area": "Yaba", "city": "Lagos", "state": "Lagos", "photo": photo}
    bola = site.log_in("bola")
    assert bola.wish("publish", **form) == "/inspector/properties/PR-2000"
    assert [one.path for one in api.requests if one.method == "PUT"] == [
        f"/api/v1/sync/{kind}" for kind in ("properties", "photos", "slots")
    ]
    [home] = api.asked("PUT", "sync/properties")[0].body["items"]
    assert (home["agent"], home["price"], home["period"], home["status"]) == (
        "user-bola",
        "4500000",
        "year",
        "live",
    )
    assert home["url"] == f"{site.inspector}/properties/{home['id']}"
    assert api.asked("PUT", "sync/photos")[0].body["items"][0]["content"] == photo
    slots = api.asked("PUT", "sync/slots")[0].body["items"]
    assert {slot["property"] for slot in slots} == {home["id"]}
    assert all(datetime.fromisoformat(slot["starts_at"]).tzinfo for slot in slots)
    assert "New flat" in bola.opens()
    assert bola.session.get(f"{site.inspector}/photos/{home['id']}", timeout=30).content == b"\x89PNG a photo"


def test_every_change_has_a_higher_version_and_only_its_agent_makes_it(site: Site, api: Api) -> None:
    api.on("PUT", "sync/properties", {"results": [{"result": "updated"}]})
    bola = site.log_in("bola")
    bola.wish("price", property="demo-PR-1042", price="9000000")
    bola.wish("status", property="demo-PR-1042", status="unavailable")
    first, second = (one.body["items"][0] for one in api.asked("PUT", "sync/properties"))
    assert (first["price"], second["status"]) == ("9000000", "unavailable")
    assert first["version"] < second["version"]
    page = bola.opens("/properties/PR-1042")
    assert "₦9,000,000 a year" in page
    assert "Not available" in page
    assert bola.wish("price", property="demo-PR-1043", price="1") == "It is another agent’s property."
    assert len(api.asked("PUT", "sync/properties")) == 2


def test_what_whatsapp_said_before_it_had_our_newest_version_is_old_news(site: Site, api: Api) -> None:
    api.on("PUT", "sync/properties", {"results": [{"result": "updated"}]})
    bola = site.log_in("bola")
    bola.wish("price", property="demo-PR-1042", price="9000000")
    version = api.asked("PUT", "sync/properties")[0].body["items"][0]["version"]
    for said, price in ((version - 1, "1"), (version, "8000000")):
        told = {**HOME, "version": said, "price": price}
        site.webhook({"type": "property_changed", "data": {"property": told}}, id=f"change-{said}")
        page = bola.opens("/properties/PR-1042")
        assert ("₦8,000,000" if said == version else "₦9,000,000") in page


def test_an_item_that_is_refused_changes_nothing_here(site: Site, api: Api) -> None:
    refused = {"result": "refused", "code": "invalid", "errors": [{"field": "price", "detail": "Too high."}]}
    api.on("PUT", "sync/properties", {"results": [refused]})
    bola = site.log_in("bola")
    assert bola.wish("price", property="demo-PR-1042", price="9000000") == "price: Too high."
    assert "₦10,000,000 a year" in bola.opens("/properties/PR-1042")


def test_a_seeker_keeps_a_home_in_view_books_and_moves_with_the_etag_that_was_shown(
    site: Site, api: Api
) -> None:
    api.on("PUT", "sync/interests", {"results": [{"result": "created"}]})
    free = [
        {"id": 991, "starts_at": "2026-12-01T10:00:00+01:00"},
        {"id": 992, "starts_at": "2026-12-02T10:00:00+01:00"},
    ]
    api.on("GET", "properties/PR-1042/slots", {"bookable": True, "results": free, "next": None})
    inspection = {
        "ref": "IN-3107",
        "state": "confirmed",
        "starts_at": free[0]["starts_at"],
        "slot": 991,
        "property": {"ref": "PR-1042", "title": "Flat in Lekki"},
        "seeker": {"name": "Ada X"},
        "agent": {"name": "Bola X"},
        "inspector": None,
        "why": "",
    }
    api.on("POST", "inspections", inspection, status=201)
    api.on("GET", "inspections/IN-3107", inspection)
    api.headers["ETag"] = '"7"'
    ada = site.log_in("ada")
    ada.wish("interest", property="demo-PR-1042", on="1")
    assert api.asked("PUT", "sync/interests")[0].body["items"][0]["seeker"] == "user-ada"
    assert "Tue 1 Dec, 10:00" in ada.opens("/properties/PR-1042")

    assert ada.wish("book", property="demo-PR-1042", slot="991") == "/inspector/inspections/IN-3107"
    [booked] = api.asked("POST", "inspections")
    assert booked.body == {"slot": 991, "property": "PR-1042"}
    assert booked.headers["Idempotency-Key"]

    page = ada.opens("/inspections/IN-3107")
    assert "Booked: Tue 1 Dec, 10:00" in page
    etag = re.findall(r'name="etag" value="([^"]*)"', page)[0].replace("&quot;", '"')
    api.on("PATCH", "inspections/IN-3107", {}, status=412)
    assert "changed meanwhile" in ada.wish("move", inspection="IN-3107", slot="992", etag=etag)
    [moved] = api.asked("PATCH", "inspections/IN-3107")
    assert (moved.body, moved.headers["If-Match"]) == ({"slot": 992}, '"7"')
