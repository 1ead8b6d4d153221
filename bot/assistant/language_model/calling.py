"""One call of a language model through LangChain, with an end to it."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from functools import cache
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings

from bot.assistant.language_model.asking import Messages

logger = logging.getLogger(__name__)

LIMIT = 8  # seconds for one answer, however it trickles in
AT_ONCE = 4  # calls under way in a process; whoever comes then does without
MOST_TOKENS = 400  # of an answer: a command is short

# A call that was given up goes on in its thread until its connection ends: no more than so many may.
_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="language-model")
_free = BoundedSemaphore(AT_ONCE)


class Failed(Exception):
    """Nothing usable came; the words say why, for a log and for admins, without anything that was said."""


def call(messages: Messages, schema: dict[str, Any]) -> Any:
    """What the model fills into `schema`, as it came. Raises Failed."""
    model = _model(settings.ASSISTANT_MODEL, settings.ASSISTANT_BASE_URL, settings.ASSISTANT_API_KEY)
    if not _free.acquire(blocking=False):
        raise Failed("too many calls are under way")
    under_way: Future[Any] = _threads.submit(_ask, model, messages, schema)
    under_way.add_done_callback(lambda _done: _free.release())
    try:
        return under_way.result(timeout=LIMIT)
    except TookTooLong:
        raise Failed(f"no answer within {LIMIT} seconds") from None
    except Failed:
        raise
    except Exception as error:  # whatever a provider's library raises: names only, its words may quote ours
        logger.info("the language model failed: %s", type(error).__name__)
        raise Failed(f"the call failed ({type(error).__name__})") from None


def _ask(model: Any, messages: Messages, schema: dict[str, Any]) -> Any:
    from langsmith import tracing_context

    with tracing_context(
        enabled=False
    ):  # what people say goes to the model that was chosen, and nowhere else
        came = model.with_structured_output(schema, method="function_calling", include_raw=True).invoke(
            messages
        )
    if came["parsed"] is None:
        raise Failed("the answer was no call of the function")
    return came["parsed"]


@cache
def _model(name: str, base_url: str, key: str) -> Any:
    """The chat model of that name (`openai:…`, `anthropic:…`, `ollama:…`). Raises Failed."""
    try:
        from langchain.chat_models import init_chat_model
    except ImportError:
        raise Failed("requirements-assistant.txt is not installed") from None
    more: dict[str, Any] = {"base_url": base_url} if base_url else {}
    if key:
        more["api_key"] = key
    if name.startswith("ollama:"):
        more["num_predict"] = MOST_TOKENS
    else:
        more |= {"max_tokens": MOST_TOKENS, "timeout": LIMIT, "max_retries": 0}
    try:
        return init_chat_model(name, temperature=0, **more)
    except Exception as error:
        raise Failed(f"ASSISTANT_MODEL can't be used ({type(error).__name__})") from None
