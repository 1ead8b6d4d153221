"""Nobody reads a whole number in the console but who may, asked for it, and was noted."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import models
from django.test import Client

from bot.models import Conversation, InboundEvent, WebhookBody
from inspector_whatsapp.audit import Act
from inspector_whatsapp.models import AuditEntry, Contact, Erasure, OutboxMessage, User
from tests.admin.conftest import OURS, SHAPED, World, address, log_in
from tests.admin.test_trail import grant

pytestmark = pytest.mark.django_db
REVEAL = {"_reveal": "1"}
# Names by which rows are told apart in links and ticks: kept short, and checked by themselves.
NAMES = {"name", "label", "title", "kind", "channel", "category", "city", "sentence"}


@pytest.fixture
def viewer(visitor: Client, helper: User) -> Client:
    """May look at everything, and see no number."""
    helper.user_permissions.add(*Permission.objects.filter(codename__startswith="view_"))
    return visitor


@pytest.fixture
def chatty(world: World) -> World:
    """People's numbers wherever words may stand: in what they wrote, in Meta's JSON, in raw bodies."""
    contact = world[Contact]
    digits = contact.phone.removeprefix("+")
    words = f"I am {contact.phone}, 0{digits.removeprefix('234')} or {digits}"
    for model, row in world.rows.items():
        if model.__name__ in ("ConsentEntry", "AuditEntry"):
            continue
        fields: dict[str, Any] = {}
        for column in model._meta.fields:
            if column.primary_key or column.name in SHAPED or column.choices or column.name in NAMES:
                continue
            if isinstance(column, models.TextField) or (
                isinstance(column, models.CharField) and (column.max_length or 0) >= 200 and not column.unique
            ):
                fields[column.name] = words[: column.max_length]
        if fields:
            model._default_manager.filter(pk=row.pk).update(**fields)
    as_meta = {"from": digits, "text": {"body": words}, "wa_id": digits}
    InboundEvent.objects.update(content={"is": "MessageReceived", "raw": as_meta})
    OutboxMessage.objects.update(body={"to": digits, "text": {"body": words}}, arguments={"phone": words})
    WebhookBody.objects.update(body=f'{{"contacts":[{{"wa_id":"{digits}"}}],"m":"\\n{digits}"}}'.encode())
    return world


def whole_numbers(world: World, html: str) -> list[str]:
    """Those of the world's people that can be read from a page."""
    known = set()
    for phone in (
        *Contact.objects.values_list("phone", flat=True),
        *User.objects.values_list("phone", flat=True),
    ):
        if phone:
            digits = phone.removeprefix("+")
            known |= {digits, digits.removeprefix("234")}
    return [number for number in known if number in html]


def test_a_viewer_reads_no_whole_number_on_any_page(chatty: World, viewer: Client) -> None:
    for model in OURS:
        row = chatty[model]
        for path in (address(model), address(row, "change"), address(row, "history")):
            answer = viewer.get(path)
            assert answer.status_code == 200, path
            assert whole_numbers(chatty, answer.content.decode()) == [], path


def test_nor_does_whoever_may_see_them_before_asking(chatty: World, staff: Client) -> None:
    for model in OURS:
        shown = staff.get(address(chatty[model], "change")).content.decode()
        # What is to be edited is edited as it was written: a masked word would be saved as such.
        shown = re.sub(r"<textarea\b.*?</textarea>|<input\b[^>]*>", "", shown, flags=re.DOTALL)
        assert whole_numbers(chatty, shown) == [], model


@pytest.mark.parametrize("model", [Contact, User, OutboxMessage, InboundEvent, WebhookBody])
def test_a_number_is_shown_once_to_whoever_may_see_it_and_that_is_noted(
    chatty: World, visitor: Client, helper: User, model: type[models.Model]
) -> None:
    grant(helper, "see_numbers", f"view_{model._meta.model_name}")
    row = chatty[model]
    page = address(row, "change")
    assert "Show whole numbers" in visitor.get(page).content.decode()
    asked = visitor.post(page, REVEAL)
    assert asked.status_code == 200
    assert whole_numbers(chatty, asked.content.decode())
    assert "messages" not in asked.cookies
    [entry] = AuditEntry.objects.filter(act=Act.REVEALED)
    assert (entry.actor, entry.page, entry.object_id) == (helper, row._meta.label_lower, str(row.pk))
    assert whole_numbers(chatty, visitor.get(page).content.decode()) == []
    assert whole_numbers(chatty, visitor.get(page, REVEAL).content.decode()) == []  # by no address


def test_whoever_may_not_see_numbers_is_not_shown_them_for_asking(chatty: World, viewer: Client) -> None:
    for model in OURS:
        row = chatty[model]
        for path in (address(row, "change"), address(row, "history"), address(model)):
            assert viewer.post(path, REVEAL).status_code == 403, path
        assert "Show whole numbers" not in viewer.get(address(row, "change")).content.decode()
    assert not AuditEntry.objects.filter(act=Act.REVEALED).exists()


def test_no_other_site_asks_for_numbers_in_somebodys_name(world: World, root: User) -> None:
    browser = log_in(Client(enforce_csrf_checks=True), root)
    assert browser.post(address(world[Contact], "change"), REVEAL).status_code == 403
    assert not AuditEntry.objects.filter(act=Act.REVEALED).exists()


def test_where_many_are_seen_at_once_nobody_is_shown_whole_numbers(world: World, staff: Client) -> None:
    assert staff.post(address(Contact), REVEAL).status_code == 403


def test_the_right_to_see_numbers_alone_opens_no_page(world: World, visitor: Client, helper: User) -> None:
    grant(helper, "see_numbers")
    assert visitor.post(address(world[Contact], "change"), REVEAL).status_code == 403
    assert not AuditEntry.objects.filter(act=Act.REVEALED).exists()


def test_a_masked_number_is_not_felt_out_digit_by_digit(world: World, viewer: Client) -> None:
    phone = world[Contact].phone
    for model, query in (
        (Contact, {"phone__startswith": phone[:8]}),
        (Contact, {"phone__regex": phone[:8]}),
        (Contact, {"phone": phone}),
        (User, {"phone__gt": phone[:8]}),
        (OutboxMessage, {"body__icontains": phone[:8]}),
        (OutboxMessage, {"contact__phone__startswith": phone[:8]}),
        (InboundEvent, {"content__raw__from__startswith": "234"}),
    ):
        assert viewer.get(address(model), query).status_code == 400, query


def test_nor_by_its_end_or_by_what_names_who_is_being_erased(
    world: World, viewer: Client, helper: User
) -> None:
    contact = world[Contact]
    Contact.objects.filter(pk=contact.pk).update(phone="+2348035557001")
    Erasure.objects.update(words=["2348035557001"], done_at=None)
    talks = address(Conversation)

    def finds(client: Client, typed: str) -> bool:
        answer: Any = client.get(talks, {"q": typed})
        return bool(answer.context_data["cl"].queryset.exists())

    assert finds(viewer, "7001")
    assert finds(viewer, "57001") == finds(viewer, "67001")  # right or wrong, it is the same
    assert finds(viewer, "+2348035557001")  # who knows it whole may look for it
    grant(helper, "see_numbers")
    again = log_in(Client(), helper)
    assert finds(again, "57001")
    assert not finds(again, "67001")
    for query in ({"words__0__startswith": "234"}, {"words__contains": "2348035557001"}):
        assert viewer.get(address(Erasure), query).status_code == 400, query


def account_form(user: User, **changed: Any) -> dict[str, Any]:
    plain = {name: getattr(user, name) for name in ("email", "name", "role", "time_zone", "language")}
    return plain | {"is_active": "on"} | changed


def test_an_account_is_changed_without_its_number_by_whoever_does_not_see_it(
    world: World, visitor: Client, helper: User
) -> None:
    grant(helper, "view_user", "change_user")
    user = world[User]
    phone, page = user.phone, address(user, "change")
    assert 'name="phone"' not in visitor.get(page).content.decode()
    assert visitor.post(page, account_form(user, name="Ada", phone="+2348030009999")).status_code == 302
    user.refresh_from_db()
    assert (user.name, user.phone) == ("Ada", phone)


def test_whoever_sees_the_number_changes_it(world: World, visitor: Client, helper: User) -> None:
    grant(helper, "view_user", "change_user", "see_numbers")
    user = world[User]
    page = address(user, "change")
    assert 'name="phone"' not in visitor.get(page).content.decode()
    assert 'name="phone"' in visitor.post(page, REVEAL).content.decode()
    assert visitor.post(page, account_form(user, phone="0803 000 9999")).status_code == 302
    user.refresh_from_db()
    assert user.phone == "+2348030009999"
