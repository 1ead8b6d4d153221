"""Signs of fraud: found by what is odd in the rows, ended when it is not so any more, judged by admins."""

import io
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image, ImageDraw

from inspector_whatsapp import clock, fraud, listings
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.console import groups
from inspector_whatsapp.models import AuditEntry, FraudSign, Property, PropertyPhoto
from inspector_whatsapp.models.fraud import Judgement, SignKind
from inspector_whatsapp.models.listings import PropertyStatus
from tests.admin.conftest import log_in
from tests.at_once import at_once
from tests.factories import (
    AgentFactory,
    ContactFactory,
    FraudSignFactory,
    InspectionFactory,
    LinkFactory,
    PropertyFactory,
    SlotFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def house(*, left: int = 40, size: tuple[int, int] = (320, 240)) -> Image.Image:
    """A picture that shows something: a house, so far from the left."""
    picture = Image.new("RGB", (320, 240), "skyblue")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 170, 320, 240), fill="darkgreen")
    draw.rectangle((left, 80, left + 120, 200), fill="firebrick")
    draw.polygon(((left - 20, 80), (left + 60, 20), (left + 140, 80)), fill="black")
    draw.rectangle((left + 30, 120, left + 60, 160), fill="white")
    return picture.resize(size)


def photo(home: Property, picture: Image.Image, *, quality: int = 90) -> PropertyPhoto:
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=quality)
    position = home.photos.count()
    row = PropertyPhoto(property=home, position=position)
    row.image.save(f"{home.pk}-{position}.jpg", ContentFile(data.getvalue()))
    return row


def signs(kind: SignKind) -> list[FraudSign]:
    fraud.look()
    return list(FraudSign.objects.filter(kind=kind, ended_at=None).order_by("pk"))


def test_one_picture_on_listings_of_two_agents_is_found_however_it_was_saved() -> None:
    one, other, third = PropertyFactory(), PropertyFactory(), PropertyFactory()
    first = photo(one, house())
    again = photo(other, house(size=(1024, 768)), quality=60)
    photo(third, house(left=180))
    (sign,) = signs(SignKind.SAME_PHOTO)
    assert sign.rows == [first.pk, again.pk]
    assert sign.property == other
    assert sign.figures == {"homes": 2, "agents": 2, "areas": 1}
    more = photo(PropertyFactory(area="Ikeja"), house())
    (same,) = signs(SignKind.SAME_PHOTO)
    assert same.pk == sign.pk, "a picture is one sign, on however many listings"
    assert (same.rows[-1], same.figures["homes"], same.figures["areas"]) == (more.pk, 3, 2)


def test_an_agent_may_show_a_picture_twice_in_one_area_only() -> None:
    agent = AgentFactory()
    here, beside, elsewhere = (
        PropertyFactory(agent=agent, area=area) for area in ("Yaba", "Yaba", "Surulere")
    )
    for home in (here, beside):
        photo(home, house())
    assert signs(SignKind.SAME_PHOTO) == []
    photo(elsewhere, house())
    (sign,) = signs(SignKind.SAME_PHOTO)
    assert sign.figures == {"homes": 3, "agents": 1, "areas": 2}


def test_pictures_of_nothing_are_like_nothing_and_a_broken_file_stops_nobody() -> None:
    one, other = PropertyFactory(), PropertyFactory()
    for home in (one, other):
        photo(home, Image.new("RGB", (320, 240), "white"))
    PropertyPhoto.objects.create(property=one, position=5, image="properties/gone.jpg")
    assert signs(SignKind.SAME_PHOTO) == []
    assert set(PropertyPhoto.objects.values_list("looks", flat=True)) == {0}


def test_a_photo_whose_storage_fails_is_looked_at_again() -> None:
    row = photo(PropertyFactory(), house())
    path = Path(row.image.path)
    data = path.read_bytes()
    path.unlink()
    path.mkdir()  # what is there cannot be read
    good = photo(PropertyFactory(), house(left=180))
    assert fraud.look()["photos"] == 1
    assert list(PropertyPhoto.objects.filter(looks=None)) == [row]
    path.rmdir()
    path.write_bytes(data)
    assert fraud.look()["photos"] == 1
    assert not PropertyPhoto.objects.filter(looks__in=(0, None)).exists()
    assert PropertyPhoto.objects.exclude(pk=good.pk).get().looks


def test_a_listing_that_is_gone_ends_its_sign_and_one_that_comes_back_goes_on() -> None:
    one, other = PropertyFactory(), PropertyFactory()
    photo(one, house())
    photo(other, house())
    (sign,) = signs(SignKind.SAME_PHOTO)
    Property.objects.filter(pk=other.pk).update(status="let")
    assert signs(SignKind.SAME_PHOTO) == []
    Property.objects.filter(pk=other.pk).update(status="live")
    assert signs(SignKind.SAME_PHOTO) == [sign]


@pytest.mark.parametrize(("price", "many", "found"), [(999_999, 5, 1), (1_000_000, 5, 0), (999_999, 4, 0)])
def test_a_price_is_compared_with_its_like_in_the_area(price: int, many: int, found: int) -> None:
    """Under half of what is usual, where at least five make it so: it is one of them."""
    like = {"area": "Yaba", "city": "Lagos", "bedrooms": 2, "kind": "apartment"}
    for _number in range(many - 1):
        PropertyFactory(**like, price=2_000_000)
    cheap = PropertyFactory(**like, price=price)
    PropertyFactory(**like | {"bedrooms": 1}, price=1)
    PropertyFactory(**like, price=Decimal(1), status="let")
    seen = signs(SignKind.LOW_PRICE)
    assert [sign.property for sign in seen] == [cheap] * found
    if found:
        assert seen[0].figures == {"price": "999999.00", "usual": "2000000", "many": 5}


def test_a_price_that_was_judged_harmless_is_looked_at_again_only_once_it_falls_below_that() -> None:
    like = {"area": "Yaba", "city": "Lagos", "bedrooms": 2, "kind": "apartment"}
    PropertyFactory.create_batch(5, **like, price=2_000_000)
    cheap = PropertyFactory(**like, price=800_000)
    (sign,) = signs(SignKind.LOW_PRICE)
    FraudSign.objects.filter(pk=sign.pk).update(judged=Judgement.HARMLESS, judged_at=clock.now())
    for price, judged in ((800_000, "harmless"), (900_000, "harmless"), (850_000, "harmless"), (799_999, "")):
        Property.objects.filter(pk=cheap.pk).update(price=price)
        (sign,) = signs(SignKind.LOW_PRICE)
        assert sign.judged == judged, price
    assert sign.figures["price"] == "799999.00"


def test_four_accounts_on_one_whatsapp_within_ninety_days() -> None:
    contact = ContactFactory()
    old = clock.now() - timedelta(days=91)
    made = [
        LinkFactory(contact=contact, state="ended", current=False, ended_at=clock.now()) for _ in range(4)
    ]
    type(made[0]).objects.filter(pk=made[0].pk).update(made_at=old)
    assert signs(SignKind.MANY_ACCOUNTS) == []
    last = LinkFactory(contact=contact)
    (sign,) = signs(SignKind.MANY_ACCOUNTS)
    assert sign.contact == contact
    assert set(sign.rows) == {link.account_id for link in (*made[1:], last)}


def test_homes_that_go_while_somebody_comes_to_them_three_times_in_thirty_days() -> None:
    agent = AgentFactory()

    def goes(*, with_a_visit: bool = True) -> None:
        home = PropertyFactory(agent=agent)
        if with_a_visit:
            slot = SlotFactory(property=home, starts_at=clock.now() + timedelta(days=1))
            InspectionFactory(slot=slot, created_at=clock.now() - timedelta(hours=1))
        listings.set_availability(property=home, status=PropertyStatus.LET, actor=agent, origin=Origin.CHAT)

    goes()
    clock.move(timedelta(days=29))
    goes()
    goes(with_a_visit=False)
    assert signs(SignKind.GONE_AGAIN) == []
    goes()
    (sign,) = signs(SignKind.GONE_AGAIN)
    assert (sign.account, sign.figures, len(sign.rows)) == (agent, {"many": 3}, 3)
    clock.move(timedelta(days=2))
    assert signs(SignKind.GONE_AGAIN) == []


def test_what_was_called_harmless_stays_so_until_there_is_more_of_it() -> None:
    contact = ContactFactory()
    for _number in range(4):
        LinkFactory(contact=contact, state="ended", current=False, ended_at=clock.now())
    (sign,) = signs(SignKind.MANY_ACCOUNTS)
    admin = UserFactory(is_staff=True)
    assert fraud.judge(sign=sign, judgement=Judgement.HARMLESS, actor=admin)
    assert not fraud.judge(sign=sign, judgement=Judgement.HARMLESS, actor=admin)
    assert signs(SignKind.MANY_ACCOUNTS)[0].judged == "harmless"
    LinkFactory(contact=contact)
    again = signs(SignKind.MANY_ACCOUNTS)[0]
    assert (again.pk, again.judged, again.judged_at) == (sign.pk, "", None)
    fraud.judge(sign=again, judgement=Judgement.FRAUD, actor=admin)
    LinkFactory(contact=contact, state="ended", current=False, ended_at=clock.now())
    assert signs(SignKind.MANY_ACCOUNTS)[0].judged == "fraud"


@pytest.mark.django_db(transaction=True)
def test_two_who_look_at_once_write_a_sign_once() -> None:
    contact = ContactFactory()
    for _number in range(4):
        LinkFactory(contact=contact, state="ended", current=False, ended_at=clock.now())
    at_once(fraud.look, fraud.look)
    assert FraudSign.objects.count() == 1


@pytest.fixture
def support() -> Client:
    groups.make()
    return log_in(Client(), UserFactory(is_staff=True, is_superuser=True))


def test_an_admin_sees_the_rows_behind_a_sign_and_says_what_it_is(support: Client) -> None:
    one, other = PropertyFactory(title="<b>One</b>"), PropertyFactory()
    photo(one, house())
    photo(other, house())
    (sign,) = signs(SignKind.SAME_PHOTO)
    page = support.get(f"/admin/inspector_whatsapp/fraudsign/{sign.pk}/change/").content.decode()
    assert "2 agents show the same photo on 2 listings." in page
    for home in (one, other):
        assert f'href="/admin/inspector_whatsapp/property/{home.pk}/change/"' in page
    for number in sign.rows:
        assert f"/admin/inspector_whatsapp/property/photo/{number}/" in page
    support.post(
        "/admin/inspector_whatsapp/fraudsign/", {"action": "is_fraud", "_selected_action": [sign.pk]}
    )
    sign.refresh_from_db()
    assert sign.judged == "fraud"
    assert AuditEntry.objects.filter(page="inspector_whatsapp.fraudsign", object_id=str(sign.pk)).exists()


@pytest.mark.parametrize(
    ("kind", "figures", "said"),
    [
        (SignKind.LOW_PRICE, {"price": "400000", "usual": "2000000", "many": 7}, "₦400,000, where 7"),
        (SignKind.MANY_ACCOUNTS, {"many": 4}, "4 accounts were connected"),
        (SignKind.GONE_AGAIN, {"many": 3}, "3 times in 30 days"),
        (SignKind.SAME_PHOTO, {"homes": 3, "agents": 1, "areas": 2}, "in 2 areas"),
    ],
)
def test_the_list_says_what_was_noticed(
    support: Client, kind: SignKind, figures: dict[str, Any], said: str
) -> None:
    FraudSignFactory(kind=kind, figures=figures)
    assert said in support.get("/admin/inspector_whatsapp/fraudsign/").content.decode()
