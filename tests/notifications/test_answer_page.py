"""The page behind the letter that asks whether a property is still there."""

import re
import time

import pytest
from django.core.signing import TimestampSigner, b62_encode
from django.test import Client

from inspector_whatsapp import clock
from inspector_whatsapp.models import Enquiry, Property
from inspector_whatsapp.models.enquiries import EnquiryState
from notifications import answer_page
from tests.factories import AgentFactory, EnquiryFactory

pytestmark = pytest.mark.django_db


def path(enquiry: Enquiry) -> str:
    return "/" + answer_page.address(enquiry).split("/", 3)[3]


def test_looking_changes_nothing_and_a_button_answers_once() -> None:
    enquiry = EnquiryFactory()
    client, address = Client(enforce_csrf_checks=True), path(enquiry)
    page = client.get(address).content.decode()
    assert [f'value="{each}"' in page for each in ("there", "under_offer", "taken")] == [True] * 3
    assert Enquiry.objects.get().state == EnquiryState.ASKED
    assert client.post(address, {"says": "taken"}).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None
    form = {"csrfmiddlewaretoken": token[1]}
    assert "Is it still there?" in client.post(address, form | {"says": "sold"}).content.decode()
    assert "Thank you" in client.post(address, form | {"says": "taken"}).content.decode()
    assert Property.objects.get().status == "let"
    for answer in (client.post(address, form | {"says": "there"}), client.get(address)):
        assert "Already answered" in answer.content.decode()
    assert Property.objects.get().status == "let"


def test_the_older_of_two_letters_answers_the_newest_question_or_says_that_there_is_one() -> None:
    old = EnquiryFactory(state=EnquiryState.UNANSWERED, ended_at=clock.now())
    new = EnquiryFactory(property=old.property)
    client = Client()
    assert "asked again since" in client.post(path(old), {"says": "taken"}).content.decode()
    new.refresh_from_db()
    assert (new.state, new.property.status) == (EnquiryState.ASKED, "live")
    assert "It is still there." in client.post(path(old), {"says": "there"}).content.decode()
    new.refresh_from_db()
    assert new.state == EnquiryState.THERE


class LongAgo(TimestampSigner):
    """Signs as it was done more than seven days ago."""

    def timestamp(self) -> str:
        return b62_encode(int(time.time()) - 8 * 24 * 3600)


def test_a_link_is_for_its_question_its_agent_and_seven_days() -> None:
    enquiry = EnquiryFactory()
    client, address = Client(), path(enquiry)
    assert client.get(address[:-3] + "/").status_code == 404
    Property.objects.update(agent=AgentFactory())
    assert client.get(address).status_code == 404
    fresh = EnquiryFactory()
    old = LongAgo(salt=answer_page.SALT).sign(f"{fresh.pk}.{fresh.property.agent_id}")
    assert (client.get(path(fresh)).status_code, client.get(f"/still-there/{old}/").status_code) == (200, 410)
