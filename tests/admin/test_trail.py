"""Who of the staff saw, searched, revealed, exported and changed what is kept, whichever page they used."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import models
from django.db.models import QuerySet
from django.test import Client

from bot.models import Conversation
from inspector_whatsapp import audit, clock
from inspector_whatsapp.audit import Act
from inspector_whatsapp.models import (
    AuditEntry,
    Contact,
    Inspection,
    Link,
    OutboxMessage,
    PriceCategory,
    Property,
    User,
)
from tests.admin.conftest import OURS, World, address

pytestmark = pytest.mark.django_db
LIST = address(AuditEntry)


def listed(answer: Any) -> QuerySet[AuditEntry]:
    """What a list shows, on all of its pages."""
    assert answer.status_code == 200
    found: QuerySet[AuditEntry] = answer.context_data["cl"].queryset
    return found


def grant(user: User, *rights: str) -> None:
    user.user_permissions.add(*Permission.objects.filter(codename__in=rights))


def entries(act: Act, subject: models.Model | type[models.Model]) -> list[AuditEntry]:
    found = AuditEntry.objects.filter(act=act, page=subject._meta.label_lower).order_by("pk")
    return list(found.filter(object_id=str(subject.pk)) if isinstance(subject, models.Model) else found)


def test_whoever_opens_a_page_or_its_history_has_seen_the_row(
    world: World, staff: Client, root: User
) -> None:
    for model in OURS:
        row = world[model]
        for page in ("change", "history"):
            assert staff.get(address(row, page), REMOTE_ADDR="41.58.1.2").status_code == 200
        seen = [entry for entry in entries(Act.SAW, row) if entry.actor == root]
        assert [entry.address for entry in seen] == ["41.58.1.2"], model


def test_a_page_that_stays_open_is_one_look_and_an_hour_later_another(world: World, staff: Client) -> None:
    talk = world[Conversation]
    for _ in range(3):
        staff.get(address(talk, "change"))
    assert len(entries(Act.SAW, talk)) == 1
    clock.move(timedelta(hours=1))
    staff.get(address(talk, "change"))
    assert len(entries(Act.SAW, talk)) == 2


def test_a_page_that_was_not_shown_was_not_seen(world: World, visitor: Client) -> None:
    message = world[OutboxMessage]
    assert visitor.get(address(message, "change")).status_code == 403
    assert visitor.get(f"{address(OutboxMessage)}none/change/").status_code in (302, 403)
    assert entries(Act.SAW, message) == []


@pytest.mark.parametrize("method", ["post", "put", "options", "head"])
def test_a_page_is_seen_by_whatever_method_it_is_asked_for(world: World, staff: Client, method: str) -> None:
    home = world[Property]
    answer = getattr(staff, method)(address(home, "change"))  # a form without anything is shown again
    assert answer.status_code == 200
    assert entries(Act.SAW, home)


def test_whoever_asks_for_the_news_of_a_chat_has_seen_it(world: World, staff: Client) -> None:
    talk = world[Conversation]
    news = f"/admin/bot/conversation/{talk.pk}/chat/news/"
    for _ in range(3):
        assert staff.get(news, headers={"X-Poll": "1"}).status_code == 200
    assert len(entries(Act.SAW, talk)) == 1


def test_what_is_found_by_the_one_box_is_found_again_in_the_audit(world: World, staff: Client) -> None:
    phone = world[Contact].phone
    assert staff.get("/admin/search/", {"s": phone, "extended": "1"}).status_code == 200
    entry = AuditEntry.objects.get(act=Act.SEARCHED)
    assert (entry.page, entry.address, entry.details["digest"]) == ("find", "127.0.0.1", audit.digest(phone))
    assert phone not in entry.says


def test_a_search_is_kept_with_how_much_it_found_and_not_with_its_words(world: World, staff: Client) -> None:
    phone = world[Contact].phone
    local = f"0{phone.removeprefix('+234')}"
    for words in (phone, local, "Ada Obi", world[User].email, world[Inspection].ref):
        staff.get(address(OutboxMessage), {"q": words})
    by_number, by_local, by_name, by_mail, by_ref = entries(Act.SEARCHED, OutboxMessage)
    assert by_number.says == by_local.says == f"•••{phone[-4:]}"
    assert by_number.details == {"digest": audit.digest(phone), "found": 1}
    assert by_number.details["digest"] == by_local.details["digest"]  # the same number, however it was typed
    assert (by_name.says, by_ref.says) == ("", world[Inspection].ref)
    assert "•••@" in by_mail.says
    kept = str([(entry.says, entry.details) for entry in entries(Act.SEARCHED, OutboxMessage)])
    assert not any(word in kept for word in (phone, local, "Ada", "Obi", world[User].email))


def test_whoever_chooses_a_person_for_a_form_has_searched(world: World, staff: Client) -> None:
    asked = {"app_label": "inspector_whatsapp", "model_name": "slot", "field_name": "inspector"}
    answer = staff.get("/admin/autocomplete/", {**asked, "term": world[User].email})
    assert answer.status_code == 200
    [entry] = entries(Act.SEARCHED, User)
    assert entry.details["found"] == len(answer.json()["results"])


def test_a_change_is_kept_by_the_names_of_its_fields(world: World, staff: Client, root: User) -> None:
    price = world[PriceCategory]
    form = {"category": "service", "price": "0.01", "currency": "USD"}
    assert staff.post(address(price, "change"), form).status_code == 302
    [entry] = entries(Act.CHANGED, price)
    assert (entry.actor, entry.details["changed"]) == (root, ["Category", "Price"])
    staff.post(address(PriceCategory, "add/"), {**form, "category": "utility"})
    added = PriceCategory.objects.get(category="utility")
    assert [entry.details["added"] for entry in entries(Act.CHANGED, added)] == [["row"]]
    staff.post(address(added, "delete"), {"post": "yes"})
    assert entries(Act.CHANGED, added)[-1].details["deleted"] == ["row"]


def test_what_an_action_did_is_kept_by_its_name(world: World, staff: Client) -> None:
    link = world[Link]
    staff.post(address(Link), {"action": "suspend", "_selected_action": [link.pk]})
    [entry] = entries(Act.CHANGED, link)
    assert entry.details == {"by": "suspend"}


def test_an_address_is_taken_from_no_header_that_anybody_can_write(
    world: World, staff: Client, settings: Any
) -> None:
    settings.TRUSTED_PROXIES = 1
    staff.get(address(world[Contact], "change"), headers={"X-Forwarded-For": "1.1.1.1, 41.58.1.2"})
    staff.get(address(world[Link], "change"), headers={"X-Forwarded-For": "nonsense"})
    assert entries(Act.SAW, world[Contact])[-1].address == "41.58.1.2"
    assert entries(Act.SAW, world[Link])[-1].address is None


# --- the page of the audit --------------------------------------------------------------------------------
def test_the_audit_says_who_saw_a_person_and_all_that_is_theirs(
    world: World, staff: Client, root: User
) -> None:
    contact, stranger = world[Contact], world[Inspection].property.agent
    for row in (contact, world[Conversation], world[OutboxMessage], stranger):
        staff.get(address(row, "change"))
    page = staff.get(address(contact, "change")).content.decode()
    link = f"{LIST}?whom=contact-{contact.pk}"
    assert link in page
    shown = staff.get(link)
    found = {(entry.page, entry.object_id) for entry in listed(shown) if entry.actor == root}
    assert found == {
        (row._meta.label_lower, str(row.pk)) for row in (contact, world[Conversation], world[OutboxMessage])
    }
    assert address(world[Conversation], "change") in shown.content.decode()


@pytest.mark.parametrize(
    "whom", ["contact-x", "contact-0", "nobody-1", "contact", "contact-99999999999999999999"]
)
def test_a_person_typed_by_hand_who_is_none_finds_nothing(world: World, staff: Client, whom: str) -> None:
    answer = staff.get(LIST, {"whom": whom})
    assert answer.status_code == 200
    assert not listed(answer).exists()


def test_the_audit_is_found_by_actor_act_page_and_what_was_searched_for(
    world: World, staff: Client, root: User
) -> None:
    staff.get(address(Contact), {"q": "0803 111 2222"})
    staff.get(address(world[Inspection], "change"))

    def found(**query: Any) -> set[str]:
        answer = staff.get(LIST, query)
        assert answer.status_code == 200
        shown = listed(answer).exclude(page="inspector_whatsapp.auditentry")
        return {f"{entry.act} {entry.page}" for entry in shown}

    assert "searched inspector_whatsapp.contact" in found(actor__id__exact=root.pk)
    assert found(act__exact="searched") == {"searched inspector_whatsapp.contact"}
    assert found(page__exact="inspector_whatsapp.inspection") == {"saw inspector_whatsapp.inspection"}
    assert found(q="+2348031112222") == {"searched inspector_whatsapp.contact"}
    assert found(q=world[Inspection].ref.lower()) == {"saw inspector_whatsapp.inspection"}
    assert found(actor__id__exact="x", act__exact="saw") == set()


def test_only_those_who_may_view_the_audit_find_it(world: World, visitor: Client, helper: User) -> None:
    grant(helper, "view_contact")
    shown = visitor.get(address(world[Contact], "change")).content.decode()
    assert LIST not in shown
    assert visitor.get(LIST).status_code == 403
    assert visitor.get(address(world[AuditEntry], "change")).status_code == 403
    grant(helper, "view_auditentry")
    assert visitor.get(LIST).status_code == 200
    assert LIST in visitor.get(address(world[Contact], "change")).content.decode()
