"""Whether the time that an answer in the chat takes tells an address with an account from one without."""

import itertools
import math
import statistics
import time
from collections.abc import Callable

import numpy as np
import pytest

from bot import conversation, inbox
from inspector_whatsapp.models import User
from linking.models import LinkChallenge
from tests.bot.phone import Phone, deliver_mail

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 500  # of each kind, one after the other
GUESSES = 150  # a wrong code takes its time on purpose
SURE = 0.01  # two equal samples differ by more than that in one run of a hundred

_numbers = itertools.count(1)


def compared(known: list[float], unknown: list[float]) -> float:
    """Mann and Whitney's U test, two-sided: how likely so great a difference is where there is none."""
    together = np.concatenate([known, unknown])
    ranks = np.empty(len(together))
    ranks[np.argsort(together, kind="stable")] = np.arange(1, len(together) + 1)
    n, m = len(known), len(unknown)
    u = ranks[:n].sum() - n * (n + 1) / 2
    z = (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))


def asker(address: str) -> Phone:
    """Somebody new who is about to type an address."""
    phone = Phone(f"+23481112{next(_numbers):05}")
    phone.says("hi")
    phone.says("connect")
    phone.posts(phone.webhook({"type": "text", "text": {"body": address}}))
    inbox.drain()
    return phone


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def answer() -> None:
    """Until the answer stands in the outbox."""
    while conversation.drain() + conversation.drain_slow():
        pass


def judge(what: str, known: list[float], unknown: list[float], notes: list[str]) -> None:
    p = compared(known, unknown)
    medians = [statistics.median(each) * 1000 for each in (known, unknown)]
    notes.append(
        f"{what}: known {medians[0]:.2f} ms, unknown {medians[1]:.2f} ms "
        f"(medians of {len(known)} each), p = {p:.2f}"
    )
    assert abs(medians[0] - medians[1]) < 10
    assert p > SURE


def test_an_address_and_a_wrong_code_take_as_long_whether_or_not_there_is_an_account(
    notes: list[str],
) -> None:
    addresses = [f"somebody{number}@inspector.example" for number in range(PEOPLE)]
    User.objects.bulk_create(User(email=address, name="Somebody") for address in addresses)
    times: dict[bool, list[float]] = {True: [], False: []}
    for place, address in enumerate(addresses):
        for is_known in (True, False) if place % 2 else (False, True):
            phone = asker(address if is_known else f"no.{address}")
            times[is_known].append(timed(answer))
            assert "If an Inspector account has that e-mail" in phone.answers()
    judge("an address is typed", times[True], times[False], notes)

    times = {True: [], False: []}
    newest = LinkChallenge.objects.select_related("contact").order_by("-pk")[: 2 * GUESSES]
    deliver_mail()
    for challenge in newest:
        phone = Phone(str(challenge.contact.phone))
        phone.posts(phone.webhook({"type": "text", "text": {"body": "000000"}}))
        inbox.drain()
        times[challenge.account is not None].append(timed(answer))
    judge("a wrong code is typed", times[True], times[False], notes)
