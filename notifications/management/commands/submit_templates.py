"""`manage.py submit_templates`: makes at Meta the message templates that it lacks."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from inspector_whatsapp.cloud_api.errors import CloudError
from notifications.channels.whatsapp import client
from notifications.templates import TEMPLATES, Template


class Command(BaseCommand):
    """Harmless to run again: what is there is left alone."""

    help = "Submit the message templates that the WhatsApp business account does not have yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would be submitted")

    def handle(self, *, dry_run: bool, **options: object) -> None:
        account = settings.WHATSAPP_BUSINESS_ACCOUNT_ID
        refused = []
        try:
            there = {(row.get("name"), row.get("language")): row for row in client().templates(account)}
        except CloudError as error:
            raise CommandError(f"Meta's list of templates cannot be read: {error}") from error
        for template in TEMPLATES:
            title = f"{template.name} ({template.language})"
            if (row := there.get((template.name, template.language))) is not None:
                self.stdout.write(f"{title}: {_standing(template, row)}")
            elif dry_run:
                self.stdout.write(f"{title}: would be submitted.")
            else:
                try:
                    answer = client().create_template(account, template.definition())
                except CloudError as error:
                    refused.append(title)
                    self.stderr.write(f"{title}: {error}")
                else:
                    self.stdout.write(f"{title}: submitted, {str(answer.get('status', 'PENDING')).lower()}.")
        if refused:
            raise CommandError(f"Not submitted: {', '.join(refused)}.")


def _standing(template: Template, row: Mapping[str, Any]) -> str:
    """How a template stands that Meta has."""
    status = str(row.get("status", "unknown")).lower()
    if _shape(row) != _shape(template.definition()):
        return f"there, {status}, but it is not what we would submit; edit it in WhatsApp Manager."
    why = row.get("rejected_reason")
    return f"there, {status}{f' ({why})' if status == 'rejected' and why else ''}."


def _shape(definition: Mapping[str, Any]) -> tuple[str, list[str]]:
    """What a person reads in it: Meta adds fields of its own to the rest."""
    body, buttons = "", []
    for component in definition.get("components") or []:
        match str(component.get("type", "")).upper():
            case "BODY":
                body = str(component.get("text", "")).strip()
            case "BUTTONS":
                buttons = [str(button.get("text", "")) for button in component.get("buttons") or []]
    return body, buttons
