"""Broadcasts: who gets one and who does not, what it costs, its pace, and how it is paused and stopped."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import localtime
from pytest_django import Settings

from inspector_whatsapp import clock, jobs, outbox
from inspector_whatsapp.models import (
    AuditEntry,
    Contact,
    Incident,
    Job,
    LeftOut,
    OutboxMessage,
    PriceCategory,
    PriceCount,
    Role,
    SavedSearch,
    User,
)
from inspector_whatsapp.models.jobs import JobState
from inspector_whatsapp.outbox import Rehearsal
from notifications import broadcasts, consent, preferences
from notifications.broadcasts import CannotSend, Why
from notifications.kind import Topic
from notifications.models import Broadcast, BroadcastRecipient, MessageTemplate, Reachability
from notifications.models.broadcasts import Standing
from tests.at_once import at_once
from tests.factories import (
    AgentFactory,
    BroadcastFactory,
    InspectionFactory,
    LinkFactory,
    PropertyFactory,
    SeekerFactory,
    UserFactory,
)
from tests.notifications.scenes import linked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("approved", "no_quiet_hours")]


@pytest.fixture
def admin() -> User:
    return UserFactory(role=Role.ADMIN, is_staff=True, is_superuser=True, phone="+2348090000000")


@pytest.fixture
def no_quiet_hours(settings: Settings) -> None:
    settings.QUIET_HOURS = None


def seekers(many: int) -> list[User]:
    return [linked(SeekerFactory()) for _number in range(many)]


def confirmed(draft: Broadcast, admin: User, *, number: int) -> Broadcast:
    return broadcasts.confirm(draft, number=number, revision=draft.revision, actor=admin)


def work(**after: float) -> int:
    clock.move(timedelta(**after))
    return jobs.work()


def written() -> int:
    return BroadcastRecipient.objects.exclude(message=None).count()


# --- who gets it -------------------------------------------------------------------------------------------


def test_everybody_who_is_meant_gets_it_or_is_left_out_for_the_first_reason_that_holds(admin: User) -> None:
    now = clock.now()
    getting, stopped, unwanted, mute, blocked = seekers(5)
    SeekerFactory()  # no WhatsApp
    linked(SeekerFactory(is_active=False))
    linked(SeekerFactory(is_staff=True))
    Reachability.objects.create(account=stopped, stopped_at=now)
    preferences.refuse(account=unwanted, topic=Topic.MESSAGES, channel="whatsapp")
    long_ago = now - timedelta(days=91)
    mute.links.update(made_at=long_ago)
    Contact.objects.filter(links__account=mute).update(last_inbound_at=long_ago)
    Contact.objects.filter(links__account=blocked).update(blocked_reason="blocked")
    LinkFactory(contact=getting.links.get().contact, current=False)
    linked(AgentFactory())  # not meant
    draft = BroadcastFactory()
    assert broadcasts.counts(draft, now=now) == {"": 1} | dict.fromkeys(
        (
            *(Why.NO_WHATSAPP, Why.CLOSED, Why.STAFF, Why.STOPPED, Why.UNWANTED, Why.SILENT, Why.BLOCKED),
            Why.ELSEWHERE,
        ),
        1,
    )
    assert [person.pk for person in broadcasts.people(draft, now=now).filter(why="")] == [getting.pk]


def test_an_offer_goes_only_to_who_agreed_to_offers_and_did_not_stop_them() -> None:
    never, agreed, stopped = seekers(3)
    for person in (agreed, stopped):
        contact = person.links.get().contact
        consent.resume(contact=contact, account=person, how="word", at=clock.now())
        if person == stopped:
            consent.stop_offers(contact=contact, account=person, how="word", at=clock.now())
    now, offer = clock.now(), BroadcastFactory(kind="broadcast_offer")
    why = {person.pk: person.why for person in broadcasts.people(offer, now=now)}
    assert why == {never.pk: Why.NEVER_AGREED, agreed.pk: "", stopped.pk: Why.OPTED_OUT}
    assert broadcasts.counts(BroadcastFactory(), now=now) == {"": 3}, "news is no offer"


def test_an_area_is_theirs_who_look_list_or_inspect_there() -> None:
    looks, keeps, elsewhere = seekers(3)
    home = PropertyFactory(agent=linked(AgentFactory()), area="Yaba")
    visit = InspectionFactory(slot__property=home, seeker=keeps)
    assert visit.inspector is not None
    linked(visit.inspector)
    linked(AgentFactory())
    SavedSearch.objects.create(seeker=looks, criteria={"areas": ["Yaba"]}, created_at=clock.now())
    SavedSearch.objects.create(seeker=elsewhere, criteria={"areas": ["Ikeja"]}, created_at=clock.now())
    draft = BroadcastFactory(roles=["seeker", "agent", "inspector"], area="Yaba")
    found = {person.pk for person in broadcasts.people(draft, now=clock.now())}
    assert found == {looks.pk, keeps.pk, home.agent.pk, visit.inspector.pk}


def test_who_has_an_inspection_ahead_or_wrote_lately_can_be_meant() -> None:
    ahead, quiet = seekers(2)
    InspectionFactory(seeker=ahead)
    Contact.objects.filter(links__account=quiet).update(last_inbound_at=clock.now() - timedelta(days=10))

    def meant(**fields: Any) -> list[int]:
        found = broadcasts.people(BroadcastFactory(**fields), now=clock.now())
        return [person.pk for person in found.order_by("pk")]

    assert meant(ahead="yes") == [ahead.pk]
    assert meant(ahead="no") == [quiet.pk]
    assert meant(active_days=9) == [ahead.pk]
    assert meant(active_days=11) == [ahead.pk, quiet.pk]


def test_whoever_is_about_to_get_one_is_spared_the_next_for_some_days(admin: User) -> None:
    seekers(2)
    first = confirmed(BroadcastFactory(), admin, number=2)
    second = BroadcastFactory(spare_days=3)
    assert broadcasts.counts(second, now=clock.now()) == {Why.LATELY: 2}
    assert broadcasts.counts(BroadcastFactory(spare_days=0), now=clock.now()) == {"": 2}
    assert broadcasts.counts(second, now=clock.now() + timedelta(days=4)) == {"": 2}
    broadcasts.stop(first, actor=admin)
    assert broadcasts.counts(second, now=clock.now()) == {"": 2}, "they never got it"


# --- confirming --------------------------------------------------------------------------------------------


def test_it_begins_once_the_right_number_was_typed_for_the_draft_that_was_looked_at(admin: User) -> None:
    seekers(2)
    draft = BroadcastFactory(revision=3)
    for number, revision in ((3, 3), (2, 2)):
        with pytest.raises(CannotSend):
            broadcasts.confirm(draft, number=number, revision=revision, actor=admin)
    assert not Job.objects.exists()
    sent = confirmed(draft, admin, number=2)
    assert sent.standing(clock.now()) == Standing.GOING
    with pytest.raises(CannotSend):
        confirmed(draft, admin, number=2)
    assert [entry.says for entry in AuditEntry.objects.filter(page="notifications.broadcast")] == [
        "confirmed a broadcast"
    ]


def test_nothing_begins_for_nobody_or_by_a_template_that_cannot_be_sent(admin: User) -> None:
    with pytest.raises(CannotSend, match="Nobody"):
        confirmed(BroadcastFactory(), admin, number=0)
    seekers(1)
    MessageTemplate.objects.filter(name="broadcast_news").update(status="paused")
    with pytest.raises(CannotSend, match="paused by Meta"):
        confirmed(BroadcastFactory(), admin, number=1)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_once_one_does_and_of_two_broadcasts_the_second_spares_the_first(
    admin: User,
) -> None:
    seekers(3)
    same, other = BroadcastFactory(), BroadcastFactory()

    def confirm(draft: Broadcast) -> str:
        try:
            confirmed(draft, admin, number=3)
        except CannotSend as why:
            return str(why)
        return ""

    answers = at_once(lambda: confirm(same), lambda: confirm(same), lambda: confirm(other))
    assert answers.count("") == 1
    assert BroadcastRecipient.objects.count() == 3
    assert Job.objects.count() == 1


def test_postgresql_has_each_person_in_a_broadcast_once(admin: User) -> None:
    seekers(1)
    sent = confirmed(BroadcastFactory(), admin, number=1)
    one = BroadcastRecipient.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        BroadcastRecipient.objects.create(broadcast=sent, account=one.account, at=clock.now())


# --- what it costs -----------------------------------------------------------------------------------------


def test_one_that_would_go_beyond_the_months_budget_is_refused(admin: User, settings: Settings) -> None:
    settings.WHATSAPP_MONTHLY_BUDGET = 10
    seekers(3)
    draft = BroadcastFactory()
    with pytest.raises(CannotSend, match="no price of utility"):
        confirmed(draft, admin, number=3)
    PriceCategory.objects.create(category="utility", price=Decimal(3), currency="USD")
    PriceCount.objects.create(day=localtime(clock.now()).date(), category="utility", billable=True, count=1)
    with pytest.raises(CannotSend, match=r"up to 9\.00 USD, and 7\.00 USD is left of .* 10\.00 USD"):
        confirmed(draft, admin, number=3)
    settings.WHATSAPP_MONTHLY_BUDGET = 12
    confirmed(draft, admin, number=3)
    cost = broadcasts.cost_of(BroadcastFactory(spare_days=0), 1, now=clock.now())
    assert [cost.spent, cost.bound, cost.left] == [3, 9, 0], "what is on its way is bound"
    assert cost.too_much


def test_one_that_runs_into_the_budget_pauses_and_tells(admin: User, settings: Settings) -> None:
    settings.WHATSAPP_MONTHLY_BUDGET = 4
    seekers(4)
    PriceCategory.objects.create(category="utility", price=Decimal(1), currency="USD")
    sent = confirmed(BroadcastFactory(per_minute=60), admin, number=4)
    PriceCount.objects.create(day=localtime(clock.now()).date(), category="utility", billable=True, count=2)
    assert work(seconds=30) == 1
    assert work(seconds=30) == 1
    assert work(seconds=30) == 0
    sent.refresh_from_db()
    assert sent.standing(clock.now()) == Standing.PAUSED
    assert Incident.objects.get(kind="broadcast_paused").key == str(sent.pk)
    settings.WHATSAPP_MONTHLY_BUDGET = 10
    assert broadcasts.resume(sent, actor=admin)
    assert work(seconds=30) == 2
    assert Incident.objects.get(kind="broadcast_paused").closed_at is not None


# --- on its way --------------------------------------------------------------------------------------------


def test_it_is_written_at_its_pace_from_its_time_on_and_never_makes_up_for_more_than_a_minute(
    admin: User,
) -> None:
    seekers(20)
    begins = clock.now() + timedelta(hours=1)
    sent = confirmed(BroadcastFactory(starts_at=begins, per_minute=6), admin, number=20)
    assert (work(), sent.standing(clock.now())) == (0, Standing.PLANNED)
    assert work(hours=1, seconds=1) == 1
    assert work(seconds=5) == 0
    assert work(seconds=10) == 1
    assert work(minutes=10) == 6
    assert work() == 0
    while work(minutes=1):
        pass
    sent = Broadcast.objects.with_job().get(pk=sent.pk)
    assert written() == 20
    assert sent.standing(clock.now()) == Standing.DONE
    assert sent.job is not None
    assert sent.job.state == JobState.DONE


def leaves(message: OutboxMessage) -> Rehearsal:
    return outbox.rehearse(OutboxMessage.objects.get(pk=message.pk), now=clock.now())


def message_of(person: User) -> OutboxMessage:
    message = BroadcastRecipient.objects.get(account=person).message
    assert message is not None
    return message


def all_written(admin: User, people: int, **fields: Any) -> Broadcast:
    sent = confirmed(BroadcastFactory(per_minute=600, **fields), admin, number=people)
    jobs.work()
    while work(seconds=1):
        pass
    return sent


def test_it_is_said_by_the_template_with_ones_name_in_ones_language_whatever_the_window(admin: User) -> None:
    ada, bisi = seekers(2)
    User.objects.filter(pk=bisi.pk).update(language="pcm", name="Bisi")
    all_written(admin, 2, text="Open {late} & *long*.", text_pcm="We dey open till night.")
    message = message_of(ada)
    assert (message.priority, message.category, message.if_uncertain) == (2, "utility", "hold")
    said = "[template broadcast_news, en]\nuser: {}\ntext: {}"
    assert leaves(message).text == said.format(ada.name, "Open {late} & *long*.")
    assert leaves(message_of(bisi)).text == said.format("Bisi", "We dey open till night.")


def test_in_somebodys_quiet_hours_theirs_waits_for_their_end(admin: User, settings: Settings) -> None:
    (ada,) = seekers(1)
    all_written(admin, 1)
    local = localtime(clock.now())
    settings.QUIET_HOURS = ((local - timedelta(hours=1)).time(), (local + timedelta(hours=2)).time())
    until = leaves(message_of(ada)).until
    assert until is not None
    assert timedelta(hours=1) < until - clock.now() <= timedelta(hours=2)


def test_who_opts_out_meanwhile_gets_none_and_what_is_withheld_is_counted_with_its_reason(
    admin: User,
) -> None:
    ada, bisi = seekers(2)
    for person in (ada, bisi):
        consent.resume(contact=person.links.get().contact, account=person, how="word", at=clock.now())
    sent = all_written(admin, 2, kind="broadcast_offer")
    consent.stop_offers(contact=ada.links.get().contact, account=ada, how="word", at=clock.now())
    assert leaves(message_of(ada)).withheld == "left out of the broadcast: stopped offers"
    assert leaves(message_of(bisi)).text
    OutboxMessage.objects.filter(pk=message_of(ada).pk).update(status="withheld", reason="stopped offers")
    OutboxMessage.objects.filter(pk=message_of(bisi).pk).update(status="read")
    found = broadcasts.progress(Broadcast.objects.with_job().get(pk=sent.pk))
    assert (found.people, found.queued, found.sent, found.delivered, found.read) == (2, 0, 1, 1, 1)
    assert (found.withheld, found.reasons) == (1, [("stopped offers", 1)])


def test_who_has_disconnected_is_left_out_when_their_turn_comes(admin: User) -> None:
    ada, _bisi = seekers(2)
    sent = confirmed(BroadcastFactory(per_minute=600), admin, number=2)
    ada.links.update(state="ended", ended_at=clock.now(), current=False)
    jobs.work()
    while work(seconds=1):
        pass
    assert LeftOut.objects.get().why == "No WhatsApp is connected to the account any more."
    assert broadcasts.progress(Broadcast.objects.with_job().get(pk=sent.pk)).left_out == 1


def test_two_accounts_whose_whatsapps_turn_out_to_be_one_get_one_message(admin: User) -> None:
    ada, bisi = seekers(2)
    confirmed(BroadcastFactory(per_minute=1), admin, number=2)
    assert work() == 1
    bisi.links.update(contact=ada.links.get().contact, current=False)
    assert work(minutes=2) == 1
    assert written() == 1
    assert LeftOut.objects.get().why == "It was written to that WhatsApp already."


def test_while_it_is_paused_nothing_is_written_and_what_is_written_does_not_leave(admin: User) -> None:
    ada, _bisi = seekers(2)
    sent = confirmed(BroadcastFactory(per_minute=1), admin, number=2)
    assert work() == 1
    assert broadcasts.pause(sent, actor=admin)
    assert not broadcasts.pause(sent, actor=admin)
    assert work(minutes=5) == 0
    until = leaves(message_of(ada)).until
    assert until is not None
    OutboxMessage.objects.update(status="held", not_before=until)
    assert broadcasts.resume(sent, actor=admin)
    assert not broadcasts.resume(sent, actor=admin)
    assert message_of(ada).not_before <= clock.now()
    assert leaves(message_of(ada)).text
    assert work(minutes=1) == 1


def test_stopped_it_withdraws_what_has_not_left_and_nothing_follows(admin: User) -> None:
    ada, bisi, _chi = seekers(3)
    sent = confirmed(BroadcastFactory(per_minute=2), admin, number=3)
    assert (work(), work(minutes=1)) == (1, 2)
    OutboxMessage.objects.filter(pk=message_of(ada).pk).update(status="delivered")
    late = message_of(bisi)
    assert broadcasts.stop(sent, actor=admin) == 2
    assert broadcasts.stop(sent, actor=admin) is None
    assert [row.status for row in OutboxMessage.objects.order_by("pk")] == ["delivered", *["withheld"] * 2]
    assert leaves(late).withheld == "the broadcast was stopped", "one that was on its way just then"
    assert not broadcasts.resume(sent, actor=admin)
    says = AuditEntry.objects.filter(page="notifications.broadcast").order_by("pk")
    assert [entry.says for entry in says] == ["confirmed a broadcast", "stopped a broadcast"]
    assert says[1].details == {"withdrawn": 2}


def test_whoever_stops_its_job_has_stopped_it(admin: User) -> None:
    ada, _bisi = seekers(2)
    sent = confirmed(BroadcastFactory(per_minute=1), admin, number=2)
    assert work() == 1
    assert sent.job is not None
    assert jobs.cancel(sent.job, actor=admin)
    sent = Broadcast.objects.with_job().get(pk=sent.pk)
    assert sent.standing(clock.now()) == Standing.STOPPED
    assert leaves(message_of(ada)).withheld == "the broadcast was stopped"


def test_a_test_goes_to_oneself_in_each_language_it_has_words_in(admin: User) -> None:
    draft = BroadcastFactory(text_pcm="We dey open till night.")
    broadcasts.send_test(draft, to=admin)
    english, pidgin = OutboxMessage.objects.filter(kind="template_test").order_by("pk")
    assert draft.text in leaves(english).text
    assert draft.text_pcm in leaves(pidgin).text
    assert admin.name in leaves(pidgin).text
    assert not BroadcastRecipient.objects.exists()
