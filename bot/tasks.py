"""Celery's doors to the bot: each carries nothing, may run twice, and may be lost."""

from celery import shared_task

from bot import conversation, drafts, inbox


@shared_task(expires=10)
def drain_inbox() -> dict[str, int]:
    """Take bodies apart, and answer whoever waits."""
    return {"webhooks taken apart": inbox.drain(), "conversations answered": conversation.drain()}


@shared_task(expires=10)
def drain_slow() -> dict[str, int]:
    """Do what has to be found out before a turn."""
    return {"conversations prepared": conversation.drain_slow()}


@shared_task(expires=10)
def sweep_inbox() -> None:
    """Join statuses that came before their message was known."""
    inbox.join_parked()


@shared_task(expires=60)
def sweep_drafts() -> dict[str, int]:
    """Throw away unfinished work that nobody went on with, and photos that nothing names."""
    return {"photos thrown away": drafts.sweep()}
