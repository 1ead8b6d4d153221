"""`manage.py describe_privacy`: writes the inventory into docs/privacy.md."""

from django.conf import settings
from django.core.management.base import BaseCommand

from inspector_whatsapp.privacy.tables import BEGIN, END, table


class Command(BaseCommand):
    help = "Write what is kept of people into docs/privacy.md."

    def handle(self, **options: object) -> None:
        file = settings.BASE_DIR / "docs" / "privacy.md"
        before, _, rest = file.read_text().partition(BEGIN)
        _, _, after = rest.partition(END)
        file.write_text(f"{before}{BEGIN}\n{table()}\n{END}{after}")
        self.stdout.write(f"{file} is up to date.")
