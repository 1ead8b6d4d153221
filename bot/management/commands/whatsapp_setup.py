"""`manage.py whatsapp_setup`: first contact with Meta, step by step; see docs/going-live.md."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from bot.first_contact import Mark, Walk


class Command(BaseCommand):
    """Harmless to run again: what stands is left alone."""

    help = "Check what stands at Meta (token, number, webhook, templates …), and set what is missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="change nothing, say what would be done")
        parser.add_argument(
            "--take-over", action="store_true", help="have webhooks come here that go elsewhere now"
        )
        parser.add_argument("--form", action="store_true", help="only the booking form")

    def handle(self, *, dry_run: bool, take_over: bool, form: bool, **options: object) -> None:
        wrong = 0
        walk = Walk(dry_run=dry_run, take_over=take_over)
        for finding in walk.form() if form else walk.all():
            self.stdout.write(f"{finding.mark:>5}  {finding.says}")
            wrong += finding.mark == Mark.WRONG
        if wrong:
            raise CommandError("One thing is wrong." if wrong == 1 else f"{wrong} things are wrong.")
        self.stdout.write("Nothing is wrong.")
