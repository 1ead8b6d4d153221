"""The environment of the processes that are measured: as deployed, not as on a laptop."""

from django.conf import settings

from tests.at_once import environment


def as_deployed() -> dict[str, str]:
    """DEBUG off, for Django keeps every query otherwise; the tests' servers; nothing reaches Meta."""
    return environment(
        DEBUG="0",
        ALLOWED_HOSTS="127.0.0.1",
        PUBLIC_URL="http://127.0.0.1",
        SECRET_KEY="benchmark-only-" + "0123456789" * 5,
        WHATSAPP_PHONE_NUMBER_ID=settings.WHATSAPP_PHONE_NUMBER_ID + "0",
        EMAIL_URL="smtp://127.0.0.1:25",
        DEFAULT_FROM_EMAIL="no-reply@inspector.example",
        WHATSAPP_PHONE_NUMBER="+2347000000001",
        WHATSAPP_BUSINESS_ACCOUNT_ID="100000000000002",
        WHATSAPP_ACCESS_TOKEN="benchmark-access-token",
        WHATSAPP_APP_SECRET="benchmark-app-secret",
        WHATSAPP_VERIFY_TOKEN="benchmark-verify-token",
    )
