"""A chat is connected by a code from a mail, and disconnected by a link in one."""

import re

import requests

from inspector_whatsapp.cloud_api import signature
from tests.journeys.fixtures import SECRETS
from tests.journeys.kept import holding, places, tokens
from tests.journeys.phone import Phone
from tests.journeys.service import Service
from tests.journeys.test_website import Website


def test_a_stranger_connects_with_the_code_from_the_mail(service: Service, stranger: Phone) -> None:
    assert "connect" in stranger.says("hello").text
    stranger.taps("Connect")
    assert "6-digit code" in stranger.says(stranger.email).text
    code = stranger.code()
    assert "Code correct" in stranger.says(code).text
    assert "Connected" in stranger.taps("Yes, connect").text
    assert "My inspections" in stranger.says("menu").options


def test_no_code_no_token_and_no_secret_is_found_anywhere(service: Service, stranger: Phone) -> None:
    tried = []
    stranger.says("hi")
    stranger.taps("Connect")
    stranger.says(stranger.email)
    code = stranger.code()
    before = places(service)
    assert holding(before, stranger.number.removeprefix("+")), "the search finds what is kept"
    for typed in (f"{(int(code) + 1) % 10**6:06d}", f"{code} {code}", code, code):
        tried.append(stranger.says(typed).text)
    assert "Code correct" in tried[2]
    stranger.taps("Yes, connect")
    stranger.says(code)  # once more, by somebody who is connected

    website = Website(service, "ada")
    website.wish("connect")
    link = re.search(r"LINK ([0-9A-Z]{16})", website.opens("/whatsapp"))
    assert link is not None
    ada = Phone(service, number="+2348030000001", email="ada@inspector.example")
    ada.says(link[0])
    website.wish("confirm")
    service.mail(ada.email, "WhatsApp connected")
    service.settle()
    ada.says("unlink")
    ada.taps("Disconnect")

    mail = service.mail(stranger.email, "WhatsApp connected")
    (address,) = set(re.findall(rf"{service.url}/unlink/\S+", mail["text"]))
    token = address.rstrip("/").rpartition("/")[2]
    jwt = (
        "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJjYW5hcnkifQ.Y2FuYXJ5LWNhbmFyeS1jYW5hcnk"  # pragma: allowlist secret
    )
    body = b'{"canary": "nobody signed this"}'
    expected = signature.sign(body, SECRETS["WHATSAPP_APP_SECRET"])
    said = [
        requests.post(address, timeout=30),  # no form of ours
        requests.get(f"{address.rstrip('/')}x/", timeout=30),
        requests.get(f"{service.url}/api/v1/links", headers={"Authorization": f"Bearer {jwt}"}, timeout=30),
        requests.get(f"{service.url}/nowhere", headers={"Cookie": f"sessionid={token}"}, timeout=30),
        requests.post(
            f"{service.url}/webhooks/whatsapp",
            data=body,
            headers={"X-Hub-Signature-256": f"{expected[:-1]}{'0' if expected[-1] != '0' else '1'}"},
            timeout=30,
        ),
        requests.get(
            f"{service.url}/webhooks/whatsapp?hub.mode=subscribe&hub.verify_token=guessed&hub.challenge=1",
            timeout=30,
        ),
        requests.post(
            f"{service.url}/webhooks/mail/sendgrid/tracking/", auth=("canary", "guessed"), timeout=30
        ),
    ]
    assert [answer.status_code for answer in said] == [403, 404, 401, 404, 401, 403, 400]
    pages = {f"answer {answer.url}": answer.text for answer in said}
    service.settle()

    found = places(service) | pages
    secrets = [*SECRETS.values(), SECRETS["EMAIL_WEBHOOK_SECRET"].partition(":")[2], jwt, expected]
    secrets += [link[1], token, service.plan.settings["INSPECTOR_WEBHOOK_SECRET"]]
    assert {secret: where for secret in secrets if (where := holding(found, secret))} == {}
    assert tokens(found) == []
    # A price may happen to be the same number: then it stood there before the code was typed.
    assert [place for place in holding(found, code) if place not in holding(before, code)] == []


def test_the_link_in_the_mail_disconnects_only_when_its_button_is_pressed(
    service: Service, seeker: Phone
) -> None:
    mail = service.mail(seeker.email, "WhatsApp connected")
    (address,) = set(re.findall(rf"{service.url}/unlink/\S+", mail["text"]))
    with requests.Session() as browser:
        for _ in range(2):  # scanners of mails open every link
            page = browser.get(address, timeout=30)
            assert page.status_code == 200
            assert seeker.email not in page.text  # the link may have been forwarded: it is masked
        assert "My inspections" in seeker.says("menu").options
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token is not None
        assert requests.post(address, timeout=30).status_code == 403
        done = browser.post(address, data={"csrfmiddlewaretoken": token[1]}, timeout=30)
        assert "Disconnected" in done.text
        assert "Already disconnected" in browser.get(address, timeout=30).text
    assert "My inspections" not in seeker.says("menu").options
    service.mail(seeker.email, "WhatsApp disconnected")
