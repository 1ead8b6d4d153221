"""The way to Meta for our number and its business account."""

from functools import cache

from django.conf import settings

from inspector_whatsapp.cloud_api.client import Client


def client() -> Client:
    """The client for the number that the settings name."""
    return _client(
        settings.WHATSAPP_API_URL,
        settings.WHATSAPP_API_VERSION,
        settings.WHATSAPP_PHONE_NUMBER_ID,
        settings.WHATSAPP_ACCESS_TOKEN,
    )


@cache
def _client(api_url: str, version: str, phone_number_id: str, token: str) -> Client:
    return Client(api_url=api_url, version=version, phone_number_id=phone_number_id, access_token=token)
