"""`manage.py migrate` on a database that people work with."""

from io import StringIO

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from inspector_whatsapp.management.commands import migrate
from tests.at_once import environment

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_holds_a_lock_is_given_way_to_and_that_is_said_in_words() -> None:
    said = StringIO()
    with psycopg.connect(environment()["DATABASE_URL"], autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [migrate.ALONE])
        with pytest.raises(CommandError, match="Given up: somebody held a lock .* 1 times"):
            call_command("migrate", tries=1, verbosity=0, stderr=said)
    call_command("migrate", tries=1, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)
