"""`manage.py check_inspector`: whether Inspector's views can be read, and what differs."""

import psycopg
from django.core.management.base import BaseCommand, CommandError, CommandParser

from inspector_whatsapp import sync


class Command(BaseCommand):
    help = "Say what is missing or of the wrong type in Inspector's views; with --compare, which rows differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--compare", action="store_true", help="Compare every row with ours.")

        parser.add_argument("--fields", action="store_true", help="List the fields of every kind, no more.")

    def handle(self, *, compare: bool, fields: bool, **options: object) -> None:
        if fields:
            self.stdout.write(sync.described())
            return
        problems = sync.check()
        for problem in problems:
            self.stdout.write(problem)
        if compare and not problems:
            try:
                differences = sync.compare()
            except psycopg.Error as error:
                raise CommandError(f"The views cannot be read: {type(error).__name__}.") from error
            for difference in differences:
                self.stdout.write(difference.sentence)
            problems = [one.sentence for one in differences if one.rows]
        if problems:
            raise CommandError(
                "Inspector's views are not as they must be." if not compare else "There are differences."
            )
        self.stdout.write("All is well.")
