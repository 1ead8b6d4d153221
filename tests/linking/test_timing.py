"""From the chat nobody learns which addresses have accounts: not by the words, the rows or the work done.

`make bench` has the measurement itself (tests/benchmarks/bench_linking.py).
"""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bot.questions import prove
from bot.questions.codes import NO_SOONER
from bot.said import Said
from inspector_whatsapp import outbox
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.cloud_api.events import TextSaid
from inspector_whatsapp.models import Contact, User
from inspector_whatsapp.outbox import Outgoing
from inspector_whatsapp.words import say
from tests.factories import ContactFactory
from tests.linking.conftest import Asked, another, begin
from tests.outbox.witness import Meta, until

pytest_plugins = ("tests.outbox.fixtures",)


def shapes(captured: CaptureQueriesContext) -> list[str]:
    """What was asked of the database, without its values."""
    return [
        re.sub(r"'[^']*'|\"s\d+_x\d+\"|\b\d+\b|NULL", "?", query["sql"])
        for query in captured.captured_queries
    ]


@pytest.mark.django_db
def test_asking_for_a_known_and_an_unknown_address_is_the_same_work(ada: User, stranger: Contact) -> None:
    with CaptureQueriesContext(connection) as known:
        begin(stranger)
    other = ContactFactory()
    with CaptureQueriesContext(connection) as unknown:
        begin(other, "nobody@inspector.example")
    assert shapes(known) == shapes(unknown)


@pytest.mark.django_db(transaction=True)
def test_a_wrong_code_is_answered_no_sooner_for_an_unknown_address(
    ada: User, stranger: Contact, asked: Asked
) -> None:
    challenge, code = asked(stranger)
    other = ContactFactory()
    unknown = begin(other, "nobody@inspector.example")
    for contact, begun in ((stranger, challenge), (other, unknown)):
        answer = prove(say("Code?"), contact_id=contact.pk, challenge_id=begun.pk)
        found = answer.before(Said(TextSaid(another(code)), another(code)))
        assert found is not None
        began = time.monotonic()
        found.run(lambda verdict: None)
        assert time.monotonic() - began >= NO_SOONER


@pytest.mark.django_db(transaction=True)
def test_the_answer_is_with_meta_before_the_letter_is_written(
    ada: User, stranger: Contact, meta: Meta
) -> None:
    begin(stranger)
    body = cloud.payload(cloud.Text("Type the code."))
    outbox.add(Outgoing(kind="reply", channel="whatsapp", contact=stranger, body=body, text="Type the code."))
    written = []

    def look(execute: Callable[..., Any], sql: str, *how: Any) -> Any:
        if sql.startswith('UPDATE "inspector_whatsapp_outboxmessage" SET "body"'):
            until(meta.requests)
            written.append(sql)
        return execute(sql, *how)

    with connection.execute_wrapper(look):
        outbox.drain()
    assert len(written) == 1
