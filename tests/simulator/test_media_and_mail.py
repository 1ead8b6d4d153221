"""Photos both ways, and the mailbox."""

import base64
import hashlib
import smtplib
import time
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
import requests

from tests.simulator.conftest import NUMBER, Receiver, Simulator

PHOTO = b"\xff\xd8\xff\xe0\r\n--x\n\r\x00 a photo"


def upload(simulator: Simulator, data: bytes = PHOTO, mime: str = "image/jpeg") -> requests.Response:
    form = {"messaging_product": "whatsapp", "type": mime}
    return simulator.api("POST", f"{NUMBER}/media", files={"file": ("a.jpg", data, mime)}, data=form)


def mail(subject: str = "Your code is 482913", to: str = "ada@inspector.example") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "no-reply@inspector.example", to, subject
    message.set_content("Type 482913 into the chat.")
    message.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="visit.ics")
    return message


def post(simulator: Simulator, message: EmailMessage, timeout: float = 20) -> None:
    with smtplib.SMTP("127.0.0.1", simulator.smtp_port, timeout=timeout) as line:
        line.send_message(message)


def test_an_uploaded_photo_comes_back_byte_for_byte(simulator: Simulator) -> None:
    number = upload(simulator).json()["id"]
    facts = simulator.api("GET", number).json()
    assert (facts["mime_type"], facts["file_size"]) == ("image/jpeg", len(PHOTO))
    assert base64.b64decode(facts["sha256"]) == hashlib.sha256(PHOTO).digest()
    assert simulator.session.get(facts["url"], timeout=30).content == PHOTO
    assert requests.get(facts["url"], timeout=30).status_code == 401
    assert simulator.api("DELETE", number).json() == {"success": True}
    assert simulator.api("GET", number).json()["error"]["error_subcode"] == 33


def test_the_address_of_a_photo_lives_five_minutes(simulator: Simulator) -> None:
    simulator.say(image=True)
    simulator.settle()
    url = simulator.chat()[-1]["message"]["image"]["url"]
    assert simulator.session.get(url, timeout=30).ok
    assert simulator.session.get(url.replace("hash=", "hash=0"), timeout=30).status_code == 404
    simulator.control("clock", {"offset_seconds": 301})
    assert simulator.session.get(url, timeout=30).status_code == 404


@pytest.mark.parametrize(
    ("data", "mime"),
    [(PHOTO, "image/webp2"), (PHOTO, "image/png"), (b"text", "image/jpeg"), (b"", "image/png")],
)
def test_what_meta_would_not_take_is_refused(simulator: Simulator, data: bytes, mime: str) -> None:
    assert upload(simulator, data, mime).json()["error"]["code"] == 100


def test_a_photo_from_a_person_names_its_digest_and_id(simulator: Simulator, webhook: Receiver) -> None:
    simulator.say(image={"base64": base64.b64encode(PHOTO).decode(), "caption": "The gate"})
    simulator.settle()
    [message] = webhook.messages
    image = message["image"]
    assert (image["caption"], image["mime_type"]) == ("The gate", "image/jpeg")
    assert base64.b64decode(image["sha256"]) == hashlib.sha256(PHOTO).digest()
    assert simulator.api("GET", image["id"]).json()["id"] == image["id"]


def test_a_sent_photo_is_shown_by_id_and_by_link(simulator: Simulator, webhook: Receiver) -> None:
    simulator.say(text="hi")
    assert simulator.send(type="image", image={"id": upload(simulator).json()["id"]}).ok
    link = f"http://127.0.0.1:{webhook.port}/photo.jpg"
    assert simulator.send(type="image", image={"link": link}).ok
    simulator.settle()
    urls = [message["view"]["media"]["url"] for message in simulator.chat()[1:]]
    assert all(requests.get(simulator.url + url, timeout=30).ok for url in urls)


def test_a_link_that_can_t_be_fetched_fails_after_the_200(simulator: Simulator, webhook: Receiver) -> None:
    simulator.say(text="hi")
    wamid = simulator.wamid(simulator.send(type="image", image={"link": "https://elsewhere.example/a.jpg"}))
    simulator.settle()
    [status] = webhook.statuses_of(wamid)
    assert status["errors"][0]["code"] == 131053


def test_a_mail_is_in_the_mailbox_with_its_code_and_file(simulator: Simulator) -> None:
    post(simulator, mail(to="bola@inspector.example"))
    post(simulator, mail())
    mails = requests.get(f"{simulator.url}/mailbox.json?to=Ada@inspector.example", timeout=30).json()["mails"]
    [one] = mails
    assert (one["subject"], one["codes"]) == ("Your code is 482913", ["482913"])
    [file] = one["attachments"]
    fetched = requests.get(simulator.url + file["url"], timeout=30)
    assert (file["name"], fetched.content) == ("visit.ics", b"BEGIN:VCALENDAR")
    assert fetched.headers["Content-Disposition"].startswith("attachment")
    everything = requests.get(f"{simulator.url}/mailbox.json", timeout=30).json()["mails"]
    assert [mail["to"] for mail in everything] == [["ada@inspector.example"], ["bola@inspector.example"]]
    assert simulator.ledger("mail")[-1]["subject"] == "Your code is 482913"


def test_the_html_of_a_mail_is_caged(simulator: Simulator) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@inspector.example", "b@inspector.example", "x"
    message.set_content("text")
    message.add_alternative("<script>alert(1)</script><b>html</b>", subtype="html")
    post(simulator, message)
    number = requests.get(f"{simulator.url}/mailbox.json", timeout=30).json()["mails"][0]["id"]
    page = requests.get(f"{simulator.url}/mail/{number}/html", timeout=30)
    assert page.headers["Content-Security-Policy"].startswith("sandbox allow-popups")
    assert "<b>html</b>" in page.text


@pytest.mark.parametrize("status", [451, 550])
def test_a_mail_may_be_rejected(simulator: Simulator, status: int) -> None:
    simulator.control("faults", {"on": "mail", "action": "reject", "status": status})
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        post(simulator, mail())
    assert [code for code, _ in refused.value.recipients.values()] == [status]
    post(simulator, mail())


def test_the_mail_server_may_not_be_there(simulator: Simulator) -> None:
    simulator.control("faults", {"on": "mail", "action": "refuse"})
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        post(simulator, mail())
    post(simulator, mail())


def test_a_mail_may_be_taken_without_an_answer(simulator: Simulator) -> None:
    simulator.control("faults", {"on": "mail", "action": "hang", "seconds": 60})
    began = time.monotonic()
    line = smtplib.SMTP("127.0.0.1", simulator.smtp_port, timeout=2)
    with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
        line.send_message(mail())
    line.close()
    assert time.monotonic() - began < 30
    mails = requests.get(f"{simulator.url}/mailbox.json", timeout=30).json()["mails"]
    assert len(mails) == 1


def test_a_download_of_another_path_is_no_door(simulator: Simulator) -> None:
    path = urlsplit(simulator.url)
    for wanted in ("/static/../server.py", "/static/%2e%2e/server.py", "/page/media/../../server.py"):
        assert requests.get(f"http://{path.netloc}{wanted}", timeout=30).status_code == 404
