"""What staff type to find somebody or something, read in every way in which it may be meant.

A whole number however it is written, or its end, as in `•••0001`; an e-mail address, or its beginning; a ref;
a part of a name; words of a message. Each way has an index.
"""

import re
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import F, Model, Q, QuerySet
from django.db.models.functions import Right

from inspector_whatsapp import contacts, refs
from inspector_whatsapp.models import Contact, Inspection, Link, User

M = TypeVar("M", bound=Model)

MOST = 500  # people whom one search finds
LONGEST_KEY = 15  # digits of a row's number; the end of a phone number may be one as well
NEAR = 5_000  # rows at the end of a table that are looked through one by one
LONGEST = 200  # characters that are looked at
_REF = re.compile(rf"({refs.PROPERTY}|{refs.INSPECTION})[-\s]?(\d{{1,10}})", re.IGNORECASE)
_ENDING = re.compile(r"[•*.…\s+-]*((?:\d[\s-]?){4,15})")
_NUMBER = re.compile(r"\+?[\d\s()./-]{7,24}")
_SHOWN = 4  # digits of a masked number
_PREFIX = 3  # letters from which on the beginning of a word is enough


@dataclass(frozen=True)
class Sought:
    """The ways in which it may be meant; one that is empty was not."""

    words: str
    phone: str = ""
    ending: str = ""
    email: str = ""
    ref: str = ""

    @property
    def is_a_name(self) -> bool:
        """Whether a part of a name may be meant."""
        return not (self.phone or self.ending or self.email or self.ref) and len(self.words) > 1

    @property
    def key(self) -> int | None:
        """The number of a row, as it stands in the console: `123` or `#123`."""
        typed = self.words.removeprefix("#")
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_KEY else None

    @property
    def saying(self) -> str:
        """How it stands in a message: a ref as we write it, however it was typed."""
        return self.ref or self.words

    @property
    def is_in_messages(self) -> bool:
        """Whether it may be what somebody said; numbers and addresses are those of people."""
        return not (self.phone or self.ending or self.email) and len(self.words) > 1


def sought(typed: str, *, ends: bool = True) -> Sought:
    """What is typed. ends: whether more of a number's end counts than is shown of it; without that nobody
    finds out a masked number digit by digit.
    """
    words = " ".join(typed.replace("\0", " ").split())[:LONGEST]
    ref = _REF.fullmatch(words)
    if ref is not None:
        return Sought(words, ref=refs.written(ref[1].upper(), ref[2]))
    if "@" in words and " " not in words:
        return Sought(words, email=words.casefold())
    phone = (contacts.e164(words) if _NUMBER.fullmatch(words) else None) or ""
    ending = _ENDING.fullmatch(words)
    digits = re.sub(r"\D", "", ending[1]) if ending else ""
    return Sought(words, phone=phone, ending=digits if ends else digits[-_SHOWN:])


def accounts(what: Sought) -> QuerySet[User]:
    """The accounts that may be meant: by name, address, number, or a ref of something of theirs."""
    if what.ref:
        return User.objects.filter(pk__in=_concerned(what.ref))
    if what.email:
        return User.objects.filter(email__startswith=what.email)
    if what.phone or what.ending:
        return User.objects.filter(_by_number(what), pk__in=_ending(User.objects.all(), what))
    return User.objects.filter(_by_name("name", what)) if what.is_a_name else User.objects.none()


def people(what: Sought) -> QuerySet[Contact]:
    """The WhatsApp identities that may be meant, and those that speak for an account that is."""
    found = Q(pk__in=Link.objects.filter(account__in=accounts(what)).values("contact"))
    if what.phone or what.ending:
        found |= Q(_by_number(what), pk__in=_ending(Contact.objects.all(), what))
    elif what.is_a_name:
        found |= _by_name("profile_name", what) | Q(username__iexact=what.words) | Q(user_id=what.words)
    return Contact.objects.filter(found)


def saying(rows: QuerySet[M], typed: str) -> QuerySet[M]:
    """The rows in whose `text` these words are, in any order; of the last word its beginning is enough."""
    words = typed.replace("\0", " ")[:LONGEST]
    last = words.split()[-1:] or [""]
    query = _Beginning if len(last[0]) >= _PREFIX else _Whole
    said = rows.alias(says=SearchVector("text", config="simple"))
    return cast("QuerySet[M]", said.filter(says=query(words, config="simple")))


def messages(rows: QuerySet[M], typed: str, *, of_account: bool = False) -> QuerySet[M]:
    """Those among `rows` that are meant: by an id, by whom they are with, or by their words, the newest.

    By keys, each found by an index: PostgreSQL would walk the whole table for one condition over them all.
    """
    what = sought(typed, ends=False)
    meant = Q(provider_id=what.words) if what.words.startswith("wamid.") else Q(pk=what.key)
    if not what.ref:  # then it is what they say that counts, not who it is
        meant |= Q(contact__in=_keys(people(what)))
        meant |= Q(account__in=_keys(accounts(what))) if of_account else Q()
    if what.is_in_messages:
        meant |= Q(pk__in=newest_saying(rows, what.saying))
    return rows.filter(meant)


def _keys(rows: QuerySet[Any]) -> list[int]:
    return list(rows.order_by("-pk").values_list("pk", flat=True)[:MOST])


def newest_saying(rows: QuerySet[Any], typed: str, *, field: str = "pk", most: int = MOST) -> list[Any]:
    """A field of the newest of them.

    What very many say is among the last rows. What few say is found by the index, which PostgreSQL would not
    take for the newest: it walks the whole table from its end instead.
    """
    said = saying(rows, typed)
    last = rows.order_by("-pk").values_list("pk", flat=True).first() or 0
    near = said.filter(pk__gt=last - NEAR).order_by("-pk")
    found = list(near.values_list(field, flat=True)[:most])
    if len(found) < most:
        found = list(said.order_by((F("pk") + 0).desc()).values_list(field, flat=True)[:most])
    return found


class _Whole(SearchQuery):
    """Words as PostgreSQL takes them apart, which it did with the text as well."""


class _Beginning(_Whole):
    """The last of them by its beginning."""

    template = "(NULLIF(plainto_tsquery(%(expressions)s)::text, '') || ':*')::tsquery"


def _concerned(ref: str) -> set[int]:
    """The keys of the accounts of whom an inspection is, or all those of a property."""
    of = Q(ref=ref) | Q(property__ref=ref)
    newest = Inspection.objects.filter(of).order_by("-pk")[:MOST]
    rows: Any = newest.values_list("seeker", "inspector", "property__agent")
    return {account for row in rows for account in row} - {None}


def _by_number(what: Sought) -> Q:
    return Q(phone=what.phone) if what.phone else Q(phone__endswith=what.ending)


def _ending(rows: QuerySet[M], what: Sought) -> QuerySet[M]:
    """Those whose last four digits these are: an index has them."""
    last = (what.phone or what.ending)[-4:]
    return cast("QuerySet[M]", rows.alias(last=Right("phone", 4)).filter(last=last))


def _by_name(field: str, what: Sought) -> Q:
    found = Q()
    for word in what.words.split():
        found &= Q(**{f"{field}__icontains": word})
    return found
