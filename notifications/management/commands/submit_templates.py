"""`manage.py submit_templates`: makes at Meta the message templates that it lacks."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from inspector_whatsapp.cloud_api.errors import CloudError
from notifications import registry
from notifications.models import MessageTemplate, TemplateStatus
from notifications.templates import TEMPLATES


class Command(BaseCommand):
    """Harmless to run again: what is there is left alone. Wordings of an admin's are submitted by them."""

    help = "Submit the message templates that the WhatsApp business account does not have yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would be submitted")

    def handle(self, *, dry_run: bool, **options: object) -> None:
        try:
            registry.compare()
            refused = [
                str(row)
                for row in map(registry.version_of, TEMPLATES)
                if not self._settled(row, dry_run=dry_run)
            ]
            registry.sync()  # some are approved at once
        except CloudError as error:
            raise CommandError(f"Meta's list of templates cannot be read: {error}") from error
        if refused:
            raise CommandError(f"Not submitted: {', '.join(refused)}.")

    def _settled(self, row: MessageTemplate, *, dry_run: bool) -> bool:
        """Whether it is at Meta, or was submitted now; and say so."""
        if row.status not in registry.SUBMITTABLE:
            self.stdout.write(f"{row}: {_standing(row)}")
        elif dry_run:
            self.stdout.write(f"{row}: would be submitted.")
        else:
            try:
                submitted = registry.submit(row)
            except (CloudError, registry.CannotSubmit) as error:
                self.stderr.write(f"{row}: {error}")
                return False
            self.stdout.write(f"{row}: submitted, {submitted.status}.")
        return True


def _standing(row: MessageTemplate) -> str:
    """How a template stands that Meta has."""
    if registry.difference(row):
        return f"there, {row.status}, but it is not what we would submit; edit it in WhatsApp Manager."
    why = row.reason if row.status == TemplateStatus.REJECTED else ""
    return f"there, {row.status}{f' ({why})' if why else ''}."
