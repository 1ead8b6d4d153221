"""Message templates in the console: looked at, reworded, submitted and tried out, by whoever may."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_static.models import StaticDevice

from inspector_whatsapp.models import OutboxMessage, User
from notifications.models import MessageTemplate
from tests.factories import UserFactory
from tests.notifications.approved import approve_all
from tests.notifications.test_registry import BOOKED, DECLARED, WORDING, row, stands
from tests.notifications.test_registry_heard import said_by_template
from tests.outbox.witness import Meta

pytest_plugins = ("tests.outbox.fixtures",)
pytestmark = pytest.mark.django_db

LIST = reverse("admin:notifications_messagetemplate_changelist")


def logged_in(*rights: str, **fields: str | bool) -> Client:
    user = UserFactory(is_staff=True, **fields)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    device = StaticDevice.objects.create(user=user, name="paper", confirmed=True)
    client = Client()
    client.force_login(user)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()
    return client


@pytest.fixture
def editor() -> Client:
    rights = ("view_messagetemplate", "change_messagetemplate", "view_outboxmessage")
    return logged_in(*rights, email="editor@example.com", phone="+2348030000098")


@pytest.fixture
def reader() -> Client:
    return logged_in("view_messagetemplate")


def page(which: MessageTemplate) -> str:
    return reverse("admin:notifications_messagetemplate_change", args=[which.pk])


def shown(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def press(client: Client, act: str) -> str:
    """What the page says after a button on it was pressed."""
    answer = client.post(reverse("admin:template_act", args=[row().pk, act]), follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def save(client: Client, which: MessageTemplate, body: str, *titles: str) -> str:
    answer = client.post(page(which), {"body": body, "titles": "\r\n".join(titles)}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_says_how_each_stands_and_when_it_was_last_used(reader: Client) -> None:
    approve_all()
    said_by_template("inspection_booked")
    MessageTemplate.objects.exclude(name=BOOKED).delete()
    stands(components=[{"type": "BODY", "text": "Hello"}], category_at_meta="marketing")
    text = shown(reader, LIST)
    assert "approved" in text
    assert "marketing" in text
    assert "has other parameters at Meta" in text
    assert 'class="field-last_used nowrap">-' not in text


def test_the_page_shows_the_newest_message_by_it_else_the_examples(reader: Client) -> None:
    assert "You will meet Chidi Eze." in shown(reader, page(row()))
    said_by_template("inspection_booked", text="<b>Old")
    said_by_template("inspection_booked", text="<b>Bisi\u202e")
    text = shown(reader, page(row()))
    assert "You will meet &lt;b&gt;Bisi" in text
    assert 'title="RIGHT-TO-LEFT OVERRIDE">U+202E' in text
    assert "Not sent now" in text


def test_another_wording_is_saved_as_a_new_version(editor: Client) -> None:
    approve_all()
    said = save(editor, row(), WORDING, "Move it", "Cancel")
    assert "Saved as inspection_booked_v2 (en)." in said
    newer = row(version=2)
    assert (newer.body, newer.buttons, newer.status) == (WORDING, ["Move it", "Cancel"], "draft")
    assert row().body == DECLARED.body


def test_a_wording_that_cannot_be_is_refused_on_the_page(editor: Client) -> None:
    said = save(editor, row(), WORDING.replace("{{when}}", "soon"), "Change", "Cancel")
    assert "It must have exactly these variables: {{address}}, {{person}}" in said
    assert "It must have 2 buttons, one per line." in save(editor, row(), WORDING, "Change")
    assert MessageTemplate.objects.filter(name=BOOKED).count() == 1


def test_saving_the_same_makes_nothing(editor: Client) -> None:
    save(editor, row(), DECLARED.body, *DECLARED.buttons)
    assert MessageTemplate.objects.filter(name=BOOKED).count() == 1


def test_submitting_and_asking_how_it_stands(editor: Client, meta: Meta) -> None:
    assert "Submitted: inspection_booked (en)." in press(editor, "submit")
    assert row().status == "pending"
    meta.settle()
    answer = editor.post(reverse("admin:template_sync"), follow=True)
    assert "Meta has 1 of them; 1 stood otherwise than we knew." in answer.content.decode()
    assert row().status == "approved"
    assert "Meta has inspection_booked (en) already: approved." in press(editor, "submit")


def test_several_are_submitted_from_the_list(editor: Client, meta: Meta) -> None:
    some = [str(each.pk) for each in MessageTemplate.objects.all()[:3]]
    chosen = {"action": "submit_chosen", "_selected_action": some}
    assert "3 templates were submitted." in editor.post(LIST, chosen, follow=True).content.decode()
    assert len(meta.requests("/message_templates")) == 3


def test_when_meta_cannot_be_asked_the_page_says_so(editor: Client, meta: Meta) -> None:
    fault = {"action": "error", "path": "/message_templates", "code": 190, "status": 401, "times": 2}
    meta.control("faults", fault)
    said = editor.post(reverse("admin:template_sync"), follow=True).content.decode()
    assert "Meta could not be asked: (#190)" in said
    assert "Not submitted, inspection_booked (en): (#190)" in press(editor, "submit")
    assert row().status == "draft"


def test_a_test_to_oneself_is_written_and_a_missing_number_is_said(editor: Client) -> None:
    assert "It cannot be sent: inspection_booked (en) has not been submitted." in press(editor, "test")
    approve_all()
    assert "on its way to your WhatsApp" in press(editor, "test")
    message = OutboxMessage.objects.select_related("contact").get(kind="template_test")
    assert message.contact is not None
    assert message.contact.phone == "+2348030000098"
    User.objects.filter(email="editor@example.com").update(phone="")
    assert "Your account has no phone number" in press(editor, "test")
    assert "Somebody who may change accounts can do that." in press(editor, "test")


def test_whoever_may_mend_a_missing_number_is_led_to_their_account() -> None:
    approve_all()
    client = logged_in(email="root@example.com", phone="", is_superuser=True)
    me = User.objects.get(email="root@example.com")
    path = reverse("admin:inspector_whatsapp_user_change", args=[me.pk])
    assert f'href="{path}">Your account</a>' in press(client, "test")


def test_whoever_may_only_look_changes_submits_and_sends_nothing(reader: Client) -> None:
    assert "Submit to Meta" not in shown(reader, page(row()))
    assert "Sync now" not in shown(reader, LIST)
    for path in (
        page(row()),
        reverse("admin:template_sync"),
        *(reverse("admin:template_act", args=[row().pk, act]) for act in ("submit", "test")),
    ):
        assert reader.post(path, {"body": WORDING, "titles": "A\nB"}).status_code == 403
    assert set(MessageTemplate.objects.values_list("status", flat=True)) == {"draft"}
    assert not OutboxMessage.objects.exists()


def test_nothing_is_added_or_deleted_by_hand_and_buttons_are_no_links(editor: Client) -> None:
    assert editor.get(reverse("admin:notifications_messagetemplate_add")).status_code == 403
    delete = reverse("admin:notifications_messagetemplate_delete", args=[row().pk])
    assert editor.post(delete, {"post": "yes"}).status_code == 403
    assert editor.get(reverse("admin:template_sync")).status_code == 405
    assert editor.post(reverse("admin:template_act", args=[row().pk, "other"])).status_code == 404


def test_what_this_release_does_not_use_is_only_shown(editor: Client) -> None:
    stands(name="gone_since")
    gone = row(name="gone_since")
    assert "<textarea" not in shown(editor, page(gone))
    assert "is not used by this release" in shown(editor, page(gone))
