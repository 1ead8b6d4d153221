"""A chat is connected by a code from a mail, and disconnected by a link in one."""

import re

import requests

from tests.journeys.phone import Phone
from tests.journeys.service import Service


def test_a_stranger_connects_with_the_code_from_the_mail(service: Service, stranger: Phone) -> None:
    assert "connect" in stranger.says("hello").text
    stranger.taps("Connect")
    assert "6-digit code" in stranger.says(stranger.email).text
    code = stranger.code()
    assert "Code correct" in stranger.says(code).text
    assert "Connected" in stranger.taps("Yes, connect").text
    assert "My inspections" in stranger.says("menu").options
    service.settle()
    # The code itself is kept nowhere: not in what came in, not in what any program said.
    kept = "SELECT string_agg(content::text, ' ') FROM bot_inboundevent"
    kept += " WHERE text || content::text LIKE '%%' || %s || '%%'"
    assert service.ask_database(kept, code) is None
    bodies = "SELECT count(*) FROM bot_webhookbody WHERE position(%s::bytea IN body) > 0"
    assert service.ask_database(bodies, f'"{code}"'.encode()) == 0
    assert not [log.name for log in service.logs.iterdir() if code in re.findall(r"\d+", log.read_text())]


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
