"""`manage.py simulator`: plays Meta, the phones and the mail server on this machine."""

from argparse import ArgumentParser
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from inspector_whatsapp import simulator
from inspector_whatsapp.demo.market import market

DEFAULT = "http://127.0.0.1:8100"


class Command(BaseCommand):
    """Fills the simulator's configuration from the settings and runs it; it needs no database."""

    help = (
        "Play Meta: a Cloud API, phones in the browser, a mailbox, a clock, faults; and Inspector's website."
    )
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, help="instead of the port in SIMULATOR")
        parser.add_argument("--smtp-port", type=int, help="instead of the port in EMAIL_URL")
        parser.add_argument("--webhook", metavar="URL", help="instead of PUBLIC_URL/webhooks/whatsapp")
        parser.add_argument("--ledger", type=Path, metavar="FILE", help="keep every request there")

    def handle(
        self,
        *,
        port: int | None,
        smtp_port: int | None,
        webhook: str | None,
        ledger: Path | None,
        **options: object,
    ) -> None:
        """Run until Ctrl-C."""
        place = urlsplit(settings.SIMULATOR or DEFAULT)
        config = simulator.Config(
            host=place.hostname or "127.0.0.1",
            port=port or place.port or 8100,
            smtp_host=getattr(settings, "EMAIL_HOST", "") or "127.0.0.1",
            smtp_port=smtp_port or getattr(settings, "EMAIL_PORT", 0) or 8125,
            webhook=webhook or f"{settings.PUBLIC_URL}/webhooks/whatsapp",
            web=settings.PUBLIC_URL,
            app_secret=settings.WHATSAPP_APP_SECRETS[0],
            access_token=settings.WHATSAPP_ACCESS_TOKEN,
            verify_token=settings.WHATSAPP_VERIFY_TOKEN,
            phone_number_id=settings.WHATSAPP_PHONE_NUMBER_ID,
            phone_number=settings.WHATSAPP_PHONE_NUMBER,
            business_account_id=settings.WHATSAPP_BUSINESS_ACCOUNT_ID,
            market=market(),
            photos=None if "://" in settings.MEDIA_STORAGE else Path(settings.MEDIA_STORAGE),
            issuer=settings.INSPECTOR_JWT_ISSUER,
            audience=settings.INSPECTOR_JWT_AUDIENCE,
            webhook_secret=next(iter(settings.INSPECTOR_WEBHOOK_SECRETS), ""),
            api_token=settings.INSPECTOR_API_TOKEN,
            ledger=ledger or Path(settings.BASE_DIR) / ".local" / "simulator.jsonl",
        )
        try:
            simulator.run(config)
        except OSError as error:
            raise CommandError(f"The simulator can't listen: {error}") from error
