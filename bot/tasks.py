"""Celery's doors to the bot: each carries nothing, may run twice, and may be lost."""

from celery import shared_task
from django.db import close_old_connections

from bot import conversation, drafts, inbox


@shared_task(expires=10)
def drain_inbox() -> None:
    """Take bodies apart, and answer whoever waits."""
    close_old_connections()
    inbox.drain()
    conversation.drain()


@shared_task(expires=10)
def drain_slow() -> None:
    """Do what has to be found out before a turn."""
    close_old_connections()
    conversation.drain_slow()


@shared_task(expires=10)
def sweep_inbox() -> None:
    """Join statuses that came before their message was known."""
    close_old_connections()
    inbox.join_parked()


@shared_task(expires=60)
def sweep_drafts() -> None:
    """Throw away unfinished work that nobody went on with, and photos that nothing names."""
    close_old_connections()
    drafts.sweep()
