"""The console's pages for what came in and for conversations."""

from bot.admin import arrivals, conversations, understanding

__all__ = ["arrivals", "conversations", "understanding"]
