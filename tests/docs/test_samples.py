"""What Inspector's developers copy out of docs/integrating.md works as it stands there."""

import json
import re
import shlex
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from linking import intents
from notifications import messages
from tests.api.inspector import person_token, service_token, signed, with_token
from tests.api.world import SESSION
from tests.factories import (
    AgentFactory,
    ContactFactory,
    InspectionFactory,
    PropertyFactory,
    SeekerFactory,
    SlotFactory,
    UserFactory,
    at,
    now,
)

pytest_plugins = ("tests.api.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inspectors_keys")]

PAGE = Path(settings.BASE_DIR, "docs", "integrating.md").read_text()


def samples(heading: str) -> list[str]:
    """The samples of JSON under a heading."""
    part = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"```json\n(.*?)```", part, re.DOTALL)


def calls() -> Iterator[list[str]]:
    """Every `curl` of the page, as words."""
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL):
        for line in block.replace("\\\n", " ").split("curl ")[1:]:
            yield shlex.split(line, comments=True)


class Scene:
    """What the samples name: Ada, who sees one home and has an inspection of another; and the backend."""

    def __init__(self) -> None:
        self.ada = SeekerFactory(platform_id="user-2041")
        agent = AgentFactory()
        home = PropertyFactory(ref="PR-1042", agent=agent)
        SlotFactory(pk=7001, property=home, starts_at=at(15, days=2))
        booked = SlotFactory(property__agent=agent, starts_at=at(11, days=3))
        SlotFactory(pk=7002, property=booked.property, starts_at=at(16, days=3))
        InspectionFactory(ref="IN-3107", slot=booked, seeker=self.ada)
        chief = UserFactory(is_staff=True, is_superuser=True)
        self.values = {
            "$WA": "",
            "$ADA": person_token(self.ada, sid=SESSION),
            "$BACKEND": service_token("sync events notify read"),
            "$ADMIN": person_token(chief, scope="admin"),
            "$(openssl rand -hex 16)": "new",
            '"8c1f…"': "*",
            "inspector_message:0d0c…:17": messages.tell(account=self.ada, text="Hello.", name="hello"),
        }

    def claimed(self) -> str:
        intent = intents.begin(account=self.ada, session=SESSION, now=now())
        intents.claim(contact=ContactFactory(), token=intents.token(intent), now=now())
        return str(intent.public_id)

    def filled(self, word: str) -> str:
        for name, value in self.values.items():
            word = word.replace(name, value)
        return word

    def run(self, words: list[str]) -> Any:
        method, body, address, headers = "GET", "", "", {}
        given = iter(words)
        for word in given:
            match word:
                case "-X":
                    method = next(given)
                case "-d":
                    body = next(given)
                case "-H":
                    name, _, value = self.filled(next(given)).partition(": ")
                    headers[name] = value
                case _:
                    address = self.filled(word)
        kind = headers.pop("Content-Type", "application/json")
        return APIClient().generic(method, address, body, kind, headers=headers)


def test_every_call_of_the_page_works_as_it_stands() -> None:
    scene = Scene()
    answers = []
    for place, words in enumerate(calls()):
        scene.values |= {"$ID": scene.claimed(), "$(openssl rand -hex 16)": f"wish-{place}"}
        answers.append((words, scene.run(words)))
    assert len(answers) > 10
    assert [(words, answer.content) for words, answer in answers if answer.status_code >= 300] == []


def test_what_is_pushed_is_answered_as_it_stands() -> None:
    pushed, answered = (json.loads(sample) for sample in samples("Push what changes"))
    said = with_token(service_token("sync")).put("/api/v1/sync/users", pushed, format="json").json()
    answered["results"][0]["ref"] = said["results"][0]["ref"]
    assert said == answered


def test_a_link_is_begun_and_answered_as_it_stands() -> None:
    scene = Scene()
    (begun,) = [words for words in calls() if words[2].endswith("/links/intents")]
    (answered,) = samples("Connect WhatsApp")
    assert scene.run(begun).json().keys() == json.loads(answered).keys()


def test_the_tokens_of_the_page_are_taken() -> None:
    SeekerFactory(platform_id="user-2041")
    (block,) = samples("Tokens")
    claims = [json.loads(each) for each in re.findall(r"\{.*?\}", block, re.DOTALL)]
    for said, address in zip(claims, ("inspections", "changes"), strict=True):
        token = signed({**said, "exp": int(time.time()) + 300})
        assert with_token(token).get(f"/api/v1/{address}").status_code == 200
