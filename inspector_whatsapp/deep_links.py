"""Addresses that open WhatsApp."""

from urllib.parse import quote

from django.conf import settings


def to_our_chat(words: str) -> str:
    """Opens the chat with us, with a message written and ready to be sent; wa.me takes digits alone."""
    return f"https://wa.me/{settings.WHATSAPP_PHONE_NUMBER.removeprefix('+')}?text={quote(words)}"
