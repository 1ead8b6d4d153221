"""Two at the same time: two admins, two clicks, and somebody who writes while they are erased."""

from functools import partial

import pytest

from bot import conversation, inbox, storing
from bot.models import InboundEvent
from inspector_whatsapp.models import Contact, Erasure, Link, OutboxMessage, User
from inspector_whatsapp.privacy import erasing, exporting
from tests.at_once import at_once
from tests.factories import LinkFactory, SeekerFactory
from tests.privacy.person import Somebody, body

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_admins_ask_for_one_erasure_and_two_clicks_fetch_one_copy(boss: User) -> None:
    account = SeekerFactory()
    asked = at_once(*[partial(erasing.ask, account=account, by=boss)] * 4)
    assert len({one.pk for one in asked}) == Erasure.objects.count() == 1
    person = erasing.whose(account=account)
    _export, token = exporting.make(person, account=account, contact=None, by=boss)

    def fetch() -> bool:
        try:
            exporting.fetch(token)
        except exporting.CannotFetch:
            return False
        return True

    assert sorted(at_once(*[fetch] * 4)) == [False, False, False, True]


def test_somebody_who_writes_meanwhile_is_a_stranger_in_the_end(boss: User) -> None:
    ada = Somebody(mark="Zqxwj", digits="8077700011")
    storing.store(body(*(ada.said(f"Zqxwj {number}", f"wamid.Zqxwj{number}") for number in range(40))))
    inbox.drain()
    old = Contact.objects.get(phone=ada.phone)
    link = LinkFactory(contact=old)
    erasure = erasing.ask(account=link.account, by=boss)

    def writes() -> bool:
        for number in range(12):
            storing.store(body(ada.said("again", f"wamid.new{number}")))
            inbox.drain()
            conversation.drain()
        return True

    assert at_once(lambda: erasing.run(erasure), writes) == [True, True]
    while inbox.drain() + conversation.drain() + conversation.drain_slow():
        pass
    assert not Contact.objects.filter(pk=old.pk).exists()
    assert not Link.objects.exists()
    assert not InboundEvent.objects.filter(text__startswith="Zqxwj").exists()
    assert not OutboxMessage.objects.filter(contact=old.pk).exists()
    # Whatever came too late to be theirs is a stranger's, and nothing of it is lost half-way.
    assert not InboundEvent.objects.exclude(contact__phone=ada.phone).exists()
    assert not InboundEvent.objects.filter(state__in=("pending", "quarantined")).exists()
