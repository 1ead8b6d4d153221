"""PostgreSQL's trouble while messages leave is none of the messages'."""

import time
from concurrent.futures import Future
from threading import Thread
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models.expressions import RawSQL

from inspector_whatsapp import clock
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.outbox import sending, settling
from inspector_whatsapp.outbox.channel import Receipt
from tests.factories import ContactFactory
from tests.outbox import scenes

pytest_plugins = ("tests.outbox.fixtures",)


@pytest.mark.django_db
@pytest.mark.usefixtures("the_clock")
def test_a_message_that_could_not_be_prepared_for_want_of_the_database_is_tried_again() -> None:
    message = scenes.told()
    (claimed,) = scenes.claimed()

    def fails(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("UPDATE") and '"body"' in sql:
            raise OperationalError("canceling statement due to lock timeout")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fails):
        assert sending.put_into_words(claimed, {}, now=clock.now()) is None
    message.refresh_from_db()
    assert (message.status, message.lease_token) == (Status.WAITING, None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("the_clock")
def test_an_answer_outlives_a_deadlock_with_the_statuses_that_come_in() -> None:
    for _ in range(2):
        scenes.reply(ContactFactory())
    scenes.claimed()
    # As they lie in the table, which is the order in which they will be locked.
    claimed = list(OutboxMessage.objects.order_by(RawSQL("ctid", ())))
    first, second = claimed
    settled: list[BaseException | None] = []

    def settle() -> None:
        futures: list[Future[Receipt]] = [Future(), Future()]
        for future, message in zip(futures, claimed, strict=True):
            future.set_result(Receipt(provider_id=f"wamid.{message.pk}"))
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET deadlock_timeout = '1s'")  # so that it is this one that gives way
            settling.settle(list(zip(claimed, futures, strict=True)))
            settled.append(None)
        except OperationalError as error:
            settled.append(error)
        finally:
            connection.close()

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL deadlock_timeout = '20s'")
        OutboxMessage.objects.filter(pk=second.pk).update(reason="held")
        thread = Thread(target=settle)
        thread.start()
        until = time.monotonic() + 10
        while time.monotonic() < until and not _somebody_waits():
            time.sleep(0.01)
        OutboxMessage.objects.filter(pk=first.pk).update(reason="wanted")
    thread.join()
    assert settled == [None]
    assert set(OutboxMessage.objects.values_list("status", flat=True)) == {Status.ACCEPTED}


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])
