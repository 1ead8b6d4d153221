"""The phone in a real browser, as people use it: by finger, by keyboard, on a small and a large screen."""

import re
import smtplib
from collections.abc import Callable, Iterator
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.journeys.phone import picture
from tests.simulator.conftest import ADA, Receiver, Simulator, until

SMALL, LARGE = (360, 740), (1280, 800)
BOLA = "+2348030000002"
Opener = Callable[[tuple[int, int]], Page]


@pytest.fixture
def show(browser: Browser, simulator: Simulator) -> Iterator[Opener]:
    """Opens Ada's phone on a screen of that size; nothing may go wrong in the page meanwhile."""
    complaints: list[str] = []
    context = browser.new_context(locale="en-GB")
    context.set_default_timeout(20_000)

    def opened(size: tuple[int, int]) -> Page:
        page = context.new_page()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        page.goto(simulator.url)
        page.get_by_role("button", name=re.compile("^Ada")).click()
        expect(page.locator("#text")).to_be_visible()
        return page

    yield opened
    context.close()
    until(lambda: simulator.tell("idle")["pages"] == 0)
    assert complaints == []


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_a_chat_by_keyboard_with_ticks(
    show: Opener, simulator: Simulator, webhook: Receiver, size: tuple[int, int]
) -> None:
    page = show(size)
    page.locator("#text").fill("Good *morning*")
    page.locator("#text").press("Enter")
    mine = page.locator(".entry.mine")
    expect(mine.locator("strong")).to_have_text("morning")
    expect(mine.get_by_label("delivered")).to_be_visible()
    said = until(lambda: webhook.messages)[0]
    mark = {"messaging_product": "whatsapp", "status": "read", "message_id": said["id"]}
    assert simulator.api("POST", "106540352242922/messages", json=mark).ok
    expect(mine.get_by_label("read")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_an_old_button_and_a_row_can_be_tapped(show: Opener, simulator: Simulator, webhook: Receiver) -> None:
    page = show(SMALL)
    simulator.say(text="hi")
    buttons = [{"type": "reply", "reply": {"id": "v1|book", "title": "Book"}}]
    interactive = {"type": "button", "body": {"text": "A home"}, "action": {"buttons": buttons}}
    assert simulator.send(type="interactive", interactive=interactive).ok
    rows = [{"id": "s1", "title": "10:00"}, {"id": "s2", "title": "14:00", "description": "With Bola"}]
    action = {"button": "See times", "sections": [{"title": "Saturday", "rows": rows}]}
    listed = {"type": "list", "body": {"text": "When?"}, "action": action}
    assert simulator.send(type="interactive", interactive=listed).ok
    page.get_by_role("button", name="See times").click()
    page.keyboard.press("Escape")
    expect(page.locator("#sheet")).not_to_be_visible()
    page.get_by_role("button", name="See times").press("Enter")
    page.locator("#sheet").get_by_role("button", name="14:00").click()
    page.get_by_role("button", name="Book").click()
    replies = until(lambda: webhook.messages[1:] if len(webhook.messages) == 3 else None)
    assert replies[0]["interactive"]["list_reply"]["id"] == "s2"
    assert replies[1]["interactive"]["button_reply"] == {"id": "v1|book", "title": "Book"}


def test_photos_places_and_reactions_go_out(show: Opener, simulator: Simulator, webhook: Receiver) -> None:
    page = show(LARGE)
    page.locator("#attach").click()
    page.get_by_role("menuitem", name="Sample photo").click()
    expect(page.locator(".picture img")).to_be_visible()
    page.locator("#attach").click()
    page.get_by_role("menuitem", name="Location").click()
    page.get_by_role("button", name="Yaba").click()
    expect(page.locator(".place")).to_be_visible()
    simulator.text()
    page.locator(".entry:not(.mine) .bubble").hover()
    page.locator(".entry:not(.mine) .more").click()
    page.get_by_role("menuitem", name="React with 🙏").click()
    kinds = until(lambda: webhook.messages if len(webhook.messages) == 3 else None)
    assert [message["type"] for message in kinds] == ["image", "location", "reaction"]


def test_files_and_voice_notes_go_out_as_what_they_are(
    show: Opener, simulator: Simulator, webhook: Receiver
) -> None:
    page = show(SMALL)
    page.locator("#attach").click()
    page.get_by_role("menuitem", name="Voice note").click()
    expect(page.locator(".mine audio")).to_be_visible()
    terms: FilePayload = {"name": "terms.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    page.locator("#file").set_input_files(terms)
    expect(page.locator(".mine .file")).to_have_text("terms.pdf")
    voice, document = until(lambda: webhook.messages if len(webhook.messages) == 2 else None)
    assert (voice["audio"]["mime_type"], voice["audio"]["voice"]) == ("audio/ogg; codecs=opus", True)
    assert (document["document"]["mime_type"], document["document"]["filename"]) == (
        "application/pdf",
        "terms.pdf",
    )


def test_an_album_is_a_message_for_each_photo_and_the_end_of_the_chat_stays_in_view(
    show: Opener, simulator: Simulator, webhook: Receiver
) -> None:
    page = show(SMALL)
    page.locator("#text").fill("The front")
    front: FilePayload = {"name": "front.jpg", "mimeType": "image/jpeg", "buffer": picture("maroon")}
    page.locator("#photos").set_input_files([front, front, front])
    sent = until(lambda: webhook.messages if len(webhook.messages) == 3 else None)
    assert [message["image"].get("caption") for message in sent] == ["The front", None, None]
    simulator.text("Got them")
    expect(page.locator(".entry", has_text="Got them")).to_be_in_viewport()
    expect(page.locator("#to-end")).not_to_be_visible()


def test_another_phone_shows_how_many_are_unread_until_it_is_looked_at(
    show: Opener, simulator: Simulator, webhook: Receiver
) -> None:
    page = show(SMALL)
    simulator.say(person=BOLA, text="hi")
    wamid = simulator.wamid(simulator.text("Are you there?", to=BOLA))
    page.get_by_role("button", name="Back to the phones").click()
    bola = page.get_by_role("button", name=re.compile("^Bola"))
    expect(bola.get_by_label("1 unread")).to_be_visible()
    assert [status["status"] for status in webhook.statuses_of(wamid)] != ["sent", "delivered", "read"]
    bola.click()
    until(lambda: webhook.statuses_of(wamid)[-1]["status"] == "read")


def test_typing_shows_until_the_answer_comes(show: Opener, simulator: Simulator) -> None:
    page = show(LARGE)
    said = simulator.say(text="hi")
    mark = {"messaging_product": "whatsapp", "status": "read", "message_id": said["id"]}
    simulator.api("POST", "106540352242922/messages", json=mark | {"typing_indicator": {"type": "text"}})
    expect(page.locator("#typing-dots")).to_be_visible()
    simulator.text("Here I am")
    expect(page.locator("#typing-dots")).to_have_count(0)
    expect(page.locator("#spoken")).to_have_text("Inspector: Here I am")


def test_what_people_write_is_never_markup(show: Opener, simulator: Simulator) -> None:
    page = show(LARGE)
    simulator.say(text="<img src=x onerror=alert(1)> https://inspector.example/a?b=c. ```a*b*c```")
    bubble = page.locator(".entry .body")
    expect(bubble).to_contain_text("<img src=x onerror=alert(1)>")
    expect(bubble.get_by_role("link")).to_have_attribute("href", "https://inspector.example/a?b=c")
    expect(bubble.locator("code")).to_have_text("a*b*c")
    assert page.locator(".body img").count() == 0


def test_a_mail_opens_with_its_code(show: Opener, simulator: Simulator) -> None:
    page = show(SMALL)
    page.get_by_role("button", name="Back to the phones").click()
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        "a@inspector.example",
        "ada@inspector.example",
        "Code",
    )
    message.set_content("Your code is 482913.")
    message.add_alternative("<p>Your code is <b>482913</b>.</p>", subtype="html")
    with smtplib.SMTP("127.0.0.1", simulator.smtp_port, timeout=20) as line:
        line.send_message(message)
    page.get_by_role("button", name="Mailbox 1").click()
    page.get_by_role("button", name=re.compile("ada@inspector.example")).click()
    expect(page.locator(".code b")).to_have_text("482913")
    expect(page.frame_locator(".mail-frame").locator("b")).to_have_text("482913")


def test_the_clock_moves_and_a_lost_web_process_is_said(show: Opener, simulator: Simulator) -> None:
    page = show(LARGE)
    expect(page.locator("#notice")).to_contain_text("be reached")
    page.get_by_role("button", name="+1 day").click()
    expect(page.locator("#offset")).to_have_text("+1 d ahead")
    assert simulator.tell("clock")["offset_seconds"] == 86400
    simulator.say(person=ADA, text="tomorrow")
    expect(page.locator(".day")).to_have_text("Today")


def test_a_fault_from_the_drawer_strikes_the_next_message(show: Opener, simulator: Simulator) -> None:
    page = show(SMALL)
    page.get_by_role("button", name="Back to the phones").click()
    fits = "(bar) => bar.scrollWidth <= bar.clientWidth"
    assert page.locator(".bar").evaluate(fits)
    page.get_by_role("button", name="Faults and switches").click()
    page.get_by_role("button", name="meets a server error").click()
    expect(page.locator("#rules")).to_contain_text("error 131000")
    simulator.say(text="hi")
    assert simulator.text().status_code == 500
    expect(page.locator("#rules")).to_have_text("Nothing is broken at the moment.")
