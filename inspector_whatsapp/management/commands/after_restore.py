"""`manage.py after_restore`: once, after a backup was restored, before web, workers and beat start."""

from typing import Any

from django.core.management.base import BaseCommand

from inspector_whatsapp import restoring


class Command(BaseCommand):
    help = "Make a restored database ready: the feed's numbers, and what may have left since the backup."

    def handle(self, *args: Any, **options: Any) -> None:
        changes, messages = restoring.begin()
        self.stdout.write(f"{changes} changes of the feed are numbered anew.")
        self.stdout.write(
            f"{messages} messages may have left since the backup: their kind decides what follows."
        )
