"""Whether a language model may be asked now: budgets of a day, and a pause after it failed again and again.

Counted from the rows that say understood messages: a call that failed has cost as well.
"""

from datetime import timedelta

from django.conf import settings
from django.utils.timezone import localtime

from bot.models import Interpretation
from inspector_whatsapp import clock, incidents
from inspector_whatsapp.models import Contact

FAILURES = 3  # in a row, after which it is left alone
PAUSE = timedelta(minutes=1)  # then one message tries it again
_KEY = "assistant"


def left(contact: Contact) -> bool:
    """Whether this person's and everybody's budget of the day hold one call more, and the model answers."""
    now = clock.now()
    calls = Interpretation.objects.exclude(model="")
    lately = list(calls.order_by("-at", "-pk").values_list("error", "at")[:FAILURES])
    if len(lately) == FAILURES and all(error for error, _at in lately) and lately[0][1] > now - PAUSE:
        return False
    today = calls.filter(at__gte=localtime(now).replace(hour=0, minute=0, second=0, microsecond=0))
    if today.filter(event__contact=contact).count() >= settings.ASSISTANT_CALLS_PER_PERSON:
        return False
    return bool(today.count() < settings.ASSISTANT_CALLS_PER_DAY)


def heard(error: str) -> None:
    """Tell the admins of a model that fails again and again, and that it answers again."""
    if not error:
        incidents.close("language_model_fails", key=_KEY)
        return
    before = Interpretation.objects.exclude(model="").order_by("-at", "-pk").values_list("error", flat=True)
    if len(failed := [each for each in before[: FAILURES - 1] if each]) == FAILURES - 1:
        sentence = f"{settings.ASSISTANT_MODEL} failed {len(failed) + 1} times in a row: {error}."
        incidents.report("language_model_fails", key=_KEY, sentence=sentence)
