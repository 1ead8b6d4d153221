"""Whatever comes in signed: kept, answered with 200, taken apart once, and in nobody's way."""

import json

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from bot import conversation, inbox
from bot.models import BodyState, InboundEvent, InboundState, WebhookBody
from inspector_whatsapp.cloud_api.signature import sign
from tests.api.world import undone
from tests.fuzz.bodies import PAYLOADS, mutated, texts
from tests.fuzz.json_texts import BAD, GOOD, ODD
from tests.fuzz.often import examples

pytestmark = pytest.mark.django_db

SECRET = settings.WHATSAPP_APP_SECRETS[0]


def post(body: bytes, signature: str) -> int:
    headers = {"HTTP_X_HUB_SIGNATURE_256": signature}
    return Client().generic("POST", "/webhooks/whatsapp", body, "application/json", **headers).status_code  # type: ignore[arg-type]


def work() -> None:
    """Take apart and answer everything, also what has to be found out first."""
    while inbox.drain() + conversation.drain() + conversation.drain_slow():
        pass


@pytest.fixture(autouse=True)
def a_transaction(db: None) -> None:
    assert not WebhookBody.objects.exists()


@examples(50, 20_000)
@given(body=mutated().filter(bool))  # an empty one has no length, and no way in
def test_a_damaged_body_is_kept_and_read_as_far_as_it_goes(body: bytes) -> None:
    with undone():  # the ids in it are always the same: of what is known already nothing would be read
        assert post(body, sign(body, SECRET)) == 200
        work()
        assert not WebhookBody.objects.filter(state=BodyState.NEW).exists()
        assert not InboundEvent.objects.filter(state=InboundState.PENDING).exists()
        twice = InboundEvent.objects.count()
        assert post(body, sign(body, SECRET)) == 200
        work()
        assert InboundEvent.objects.count() == twice


def test_no_json_is_an_accident() -> None:
    bodies = texts()
    assert len({*GOOD, *BAD, *ODD}) >= 318
    for name, body in bodies.items():
        assert post(body, sign(body, SECRET)) == 200, name
    good = json.dumps(json.loads(PAYLOADS[0])).encode()
    assert post(good, sign(good, SECRET)) == 200
    work()
    kept = {bytes(row.body): row.state for row in WebhookBody.objects.all()}
    assert kept.keys() == {*bodies.values(), good}
    assert kept[good] == BodyState.PARSED, "what came behind them is read"
    for name, body in bodies.items():
        if name.removesuffix(", alone") in BAD:
            assert kept[body] == BodyState.UNPARSEABLE, name
        assert kept[body] in (BodyState.PARSED, BodyState.UNPARSEABLE), name


SIGNED = sign(PAYLOADS[0], SECRET)
HEADERS = (
    st.text(st.characters(codec="latin-1"), max_size=90)
    | st.text("0123456789abcdefABCDEF", min_size=60, max_size=68).map("sha256={}".format)
    | st.builds(
        lambda at, letter: SIGNED[:at] + letter + SIGNED[at + 1 :],
        st.integers(0, len(SIGNED) - 1),
        st.characters(codec="latin-1"),
    )
    | st.builds(
        lambda before, after: before + SIGNED + after, *[st.sampled_from(["", " ", ",", "\t", "0", '"'])] * 2
    )
    | st.sampled_from(["sha1", "sha512", "SHA256", "md5", ""]).map(
        lambda name: SIGNED.replace("sha256", name)
    )
).filter(lambda header: header != SIGNED)


@examples(60, 5_000)
@given(header=HEADERS)
def test_no_other_signature_opens_the_door(header: str) -> None:
    assert post(PAYLOADS[0], header) == 401
    assert not WebhookBody.objects.exists()
