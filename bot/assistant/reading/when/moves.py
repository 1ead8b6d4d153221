"""Which of a text's dates and times are those of an appointment that is moved, and which are the new ones."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.assistant.commands import Slots
from bot.assistant.reading.text import GONE
from bot.assistant.reading.when.moments import Moment, merged
from bot.numerals import SMALL

_VISIT = (
    r"(?:viewing|inspection|visit|appointment|appt|tour|booking|slot|meeting|one|own|job|assignment|schedule|"
    r"inspections|viewings|visits|insp\w*|checking)"
)
# What stands right before the new time, or between the old one and it.
_TO_NEW = re.compile(
    r"(?:\b(?:to|into|until|till|til|for|be|make (?:it|am|e be|we|dem)|do (?:it|am)?|try|prefer|"
    r"instead(?: of that)?|rather|"
    r"come|go|better|want(?: it| am)?|how about|what about|hw abt|let'?s do|let us do|say|na|use|choose|"
    r"pick|reach|enter|fix(?: it| am)?|"
    r"forward|back|reschedule(?: it| am)?|rebook|postpone(?: it| am)?|shift(?: it| am| me)?|push(?: it|"
    r" am)?|move(?: it| am| me)?|"
    r"free|available|works?|good|okay|ok|fine|possible|carry (?:it|am)|drag (?:it|am)|put (?:it|am))\b|->|"
    r"=>|>)"
    r"[ :,]*(?:only |just |maybe |like |say |sometime |somewhere |another day |a later time |later |"
    r"earlier |e |the |on |at |by |in |next |around |come |be |am )*$"
)
_INTO = re.compile(
    r"\b(?:to|into|until|till|til|for|be|make (?:it|am|e be)|instead|how about|what about|on to|onto)"
    r"[ :,]*(?:the |on |at |by |be |maybe )*$"
)
_TO_OLD = re.compile(
    r"\b(?:from|than|instead of|in place of|not|no be|no longer|can'?t|cannot|can not|couldn'?t|won'?t|wont|"
    r"unable|no (?:go )?fit|not able|busy|travel\w*|(?:un|not )available|not be (?:around|available)|no dey|"
    r"no go (?:dey|come)|not around|(?:is|was) (?:for|on|at|by)|booked|scheduled|fixed|supposed)\b"
    rf"(?: (?!to\b|make it\b|and\b|but\b|so\b|then\b)[a-z0-9'{GONE}-]+){{0,6}}"
    r" ?(?:on |for |at |by |the |my )*$"
)
_CANNOT_MAKE = re.compile(
    r"\b(?:can'?t|cannot|can not|couldn'?t|won'?t|wont|unable to|no fit|not able to|no go fit)"
    r"(?: be able to)? make (?:it|am)"
    r"(?: again| anymore)? ?(?:for |on |by |the |in the )*$"
)
_OLD_BEHIND = re.compile(
    rf"^(?:'?s'?)? ?(?:(?:[a-z'-]+|[<>]) ){{0,3}}{_VISIT}\b|^ (?:again|no (?:go )?work|no (?:go )?fit|"
    rf"no longer|will not|won'?t|"
    r"is not|isn'?t|is no longer|doesn'?t|does not|not work|is (?:too|bad|impossible)|i (?:can'?t|cannot|"
    r"won'?t)|no good|no dey)"
)
_NEW_BEHIND = re.compile(
    r"^[ ,]*(?:(?:possible |okay |ok |fine )?instead|is (?:better|fine|ok|okay|good|possible)|works|"
    r"will (?:do|work|be (?:better|fine|"
    r"ok))|better|"
    r"go (?:better|work)|dey (?:okay|ok|fine)|na better|abeg|please|pls|rather|would be|i go fit|i (?:am|"
    r"will be|dey) (?:free|available))\b"
)
_MOVED_BEHIND = re.compile(r"\b(?:change|move|reschedule|shift|postpone|push)\b")
_OWNED = re.compile(r"\b(?:my|the|our|that|his|her|their|this) (?:[a-z]+ )?$")
_LATER = re.compile(
    r"\b(?:by |for )?(?P<count>\d{1,2}|an?|one|two|three|four|five|six|seven|half an?|couple of|a couple of) "
    r"(?P<unit>days?|weeks?|hours?|hrs?|minutes?|mins?)\b(?: (?P<way>later|earlier|forward|back|before|"
    r"after))?"
)
_COUNTS = {word: number for number, word in enumerate(SMALL)}


def move(words: str, moments: Sequence[Moment]) -> tuple[Slots, Slots]:
    """The old appointment's slots, and the new one's (`new_…`).

    words: the text in which the moments stand, before or after they were taken out of it. "By two days"
    counts from the old day where that is said; otherwise it is for whoever knows the appointment.
    """
    old: list[Slots] = []
    new: list[Slots] = []
    gaps = _gaps(words, moments)
    surely = [
        _surely_new(moment, before, behind) for moment, (before, behind) in zip(moments, gaps, strict=True)
    ]
    for place, moment in enumerate(moments):
        before, behind = gaps[place]
        first, last = moment.ends
        if (
            first and (last or not new) and not _INTO.search(before)
        ):  # "from Friday to Monday 2pm", "from Friday"
            old.append(first)
            new += [last] if last else []
        elif last and not first:  # "postpone it until Friday"
            new.append(last)
        elif surely[place] or (not any(surely[place:]) and _is_new(before, behind, known=bool(old or new))):
            new.append(moment.slots)
        else:
            old.append(moment.slots)
    was = merged(old)
    will_be = merged(new) or _later(words, moments, was)
    return was, {f"new_{name}": value for name, value in will_be.items()}


def _gaps(words: str, moments: Sequence[Moment]) -> list[tuple[str, str]]:
    """The words before each moment, and behind it, up to its neighbours."""
    starts = [*(moment.start for moment in moments), len(words)]
    ends = [0, *(moment.end for moment in moments)]
    return [
        (words[ends[place] : moment.start], words[moment.end : starts[place + 1]])
        for place, moment in enumerate(moments)
    ]


def _surely_new(moment: Moment, before: str, behind: str) -> bool:
    """Whether its own words say that it is the new one."""
    if moment.ruled_out or _TO_OLD.search(before) or _CANNOT_MAKE.search(before):
        return False
    if _NEW_BEHIND.match(behind) or _INTO.search(before):
        return True
    return _TO_NEW.search(before) is not None and not _OLD_BEHIND.match(behind)


def _is_new(before: str, behind: str, *, known: bool) -> bool:
    """Whether it is, where its own words don't say it. known: another one stands before it."""
    if _TO_OLD.search(before) or _OLD_BEHIND.match(behind) or _MOVED_BEHIND.search(behind):
        return False
    if known:
        return True
    # "Reschedule my viewing on Friday": the viewing is Friday's; "reschedule IN-3107 Friday": so it will be.
    of_a_visit = re.search(rf"\b{_VISIT}(?: [a-z]+){{0,3}} (?:on|at|of|by|around) $", before)
    return of_a_visit is None and not _OWNED.search(before)


def _later(words: str, moments: Sequence[Moment], was: Slots) -> Slots:
    """ "Push Friday's viewing by two days", "my 2pm visit an hour later"."""
    found = _LATER.search(words)
    if found is None or any(each.start < found.end() and found.start() < each.end for each in moments):
        return {}
    said = found["count"]
    count = (
        float(said)
        if said.isdecimal()
        else 0.5
        if said.startswith("half")
        else 2
        if "couple" in said
        else _COUNTS.get(said, 1)
    )
    back = found["way"] in ("earlier", "before") or bool(
        re.search(r"\b(?:forward|earlier|up)\b", words[: found.start()]) and re.search(r"\bbring\b", words)
    )
    count = -count if back else count
    try:
        if found["unit"][0] in "dw":
            days = timedelta(days=count * (7 if found["unit"][0] == "w" else 1))
            if "date_from" not in was or was["date_from"] != was.get("date_to"):
                return {}
            day = (date.fromisoformat(was["date_from"]) + days).isoformat()
            return {"date_from": day, "date_to": day}
        if "time_from" not in was or was["time_from"] != was.get("time_to"):
            return {}
        then = datetime.fromisoformat(f"2000-01-02T{was['time_from']}") + timedelta(
            minutes=count * (60 if found["unit"][0] == "h" else 1)
        )
        return {"time_from": f"{then:%H:%M}", "time_to": f"{then:%H:%M}"} if then.day == 2 else {}
    except OverflowError:
        return {}
