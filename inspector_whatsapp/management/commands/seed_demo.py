"""manage.py seed_demo: the demo's people, properties, photos and slots."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from inspector_whatsapp.demo.people import ADA, ADMIN, BOLA, CHIDI, PASSWORD
from inspector_whatsapp.demo.seed import seed


class Command(BaseCommand):
    """Makes what is missing, adds slots for the coming three weeks, and changes nothing else."""

    help = "Fill the database with a believable market to try everything on. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The demo has a known password, so it is never put where DEBUG is off.")
        made = seed()
        self.stdout.write(
            f"Made {made.people} people, {made.properties} properties, {made.photos} photos "
            f"and {made.slots} slots."
        )
        for person in (ADA, BOLA, CHIDI, ADMIN):
            self.stdout.write(f"  {person.role:<10} {person.email:<28} {person.phone}")
        self.stdout.write(f"Everybody's password: {PASSWORD}")
