"""Count the figures of some days anew, from the rows that are there."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inspector_whatsapp import clock, figures
from inspector_whatsapp.figures import days


class Command(BaseCommand):
    help = "Count the figures of the home page anew, for a span of days whose rows are still kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--from", dest="first", required=True, type=date.fromisoformat, metavar="DAY", help="2026-11-01"
        )
        parser.add_argument(
            "--until", dest="last", type=date.fromisoformat, metavar="DAY", help="Default: today."
        )

    def handle(self, *args: Any, first: date, last: date | None, **options: Any) -> None:
        last = last or days.of(clock.now())
        if last < first:
            raise CommandError("--until must not be before --from.")
        try:
            counted = figures.recount(first, last)
        except figures.Gone as gone:
            raise CommandError(str(gone)) from None
        self.stdout.write(f"{counted} days counted.")
