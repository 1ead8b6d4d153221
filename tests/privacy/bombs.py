"""One more of ERASERS, which kills the erasure at its n-th call, as the end of its process would."""

from itertools import count

from inspector_whatsapp.privacy.inventory import Fate, Holding, Kept
from inspector_whatsapp.privacy.people import Person

calls = count()
goes_off_at: int | None = None


class Killed(BaseException):
    """The process is gone."""


def set_for(call: int | None) -> None:
    global calls, goes_off_at
    calls, goes_off_at = count(), call


def _tick(*_: object) -> int:
    if next(calls) == goes_off_at:
        raise Killed
    return 0


def _quiet(person: Person) -> None:
    _tick()


def kept() -> Kept:
    bomb = Holding(
        model="inspector_whatsapp.Contact",
        what="a bomb",
        why="-",
        kept="-",
        fate=Fate.DELETED,
        contact=("pk",),
        erase=_tick,
    )
    return Kept(holdings=(bomb,), quiet=_quiet, scrub=_tick)
