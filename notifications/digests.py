"""Once a day seekers hear what is new for the searches that they want to hear of daily."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from inspector_whatsapp import clock, outbox, searches
from inspector_whatsapp.models import OutboxMessage, Property, SavedSearch
from inspector_whatsapp.models.listings import Frequency
from notifications import recipients
from notifications.kind import key
from notifications.models import Digest
from notifications.recipients import EMAIL, Notice

BATCH = 100  # seekers per transaction
FURTHEST = timedelta(days=7)  # what is older is no news, as for a search that was paused
MOST = 30  # properties per search; the newest
# What was published a moment ago may not be committed yet: it is told tomorrow.
SETTLED = timedelta(minutes=5)
OF_USE = timedelta(hours=20)


def send() -> int:
    """Write today's digest to everybody who has one coming; how many. Twice on a day, it goes once."""
    sent = after = 0
    while True:
        with transaction.atomic():
            seekers = list(
                _daily()
                .filter(seeker__gt=after, seeker__is_active=True)
                .order_by("seeker")
                .values_list("seeker", flat=True)
                .distinct()[:BATCH]
            )
            if not seekers:
                return sent
            sent += _tell(seekers, now=clock.now())
        after = seekers[-1]


def _daily() -> QuerySet[SavedSearch]:
    return SavedSearch.objects.filter(is_active=True, frequency=Frequency.DAILY)


def _tell(seekers: Sequence[int], *, now: datetime) -> int:
    until, day = now - SETTLED, now.astimezone(timezone.get_default_timezone()).date()
    # Locked first: who sends at the same time passes these by, and who comes later finds them told.
    locked = (
        _daily().filter(seeker__in=seekers).select_for_update(no_key=True, of=("self",), skip_locked=True)
    )
    by_seeker: dict[int, list[SavedSearch]] = defaultdict(list)
    for search in locked.select_related("seeker").order_by("pk"):
        by_seeker[search.seeker_id].append(search)
    told = _written(key("search_digest", seeker, day) for seeker in by_seeker)
    known = dict(Digest.objects.filter(search__seeker__in=by_seeker).values_list("search", "until"))

    notices, done = [], []
    for seeker, own in by_seeker.items():
        name = key("search_digest", seeker, day)
        found = [] if name in told else _found(own, known, now=now, until=until)
        if not found:
            continue
        notices.append(
            Notice(
                kind="search_digest",
                account=own[0].seeker,
                key=name,
                arguments={"found": found},
                expires_at=now + OF_USE,
            )
        )
        done += [Digest(search=search, until=until) for search in own]
    outbox.add_all(recipients.outgoing(notices), now=now)
    Digest.objects.bulk_create(done, update_conflicts=True, unique_fields=["search"], update_fields=["until"])
    return len(notices)


def _found(
    own: Iterable[SavedSearch], known: dict[int, datetime], *, now: datetime, until: datetime
) -> list[tuple[int, list[int]]]:
    """What is new for each of a seeker's searches; a property once, and none that was told at once."""
    fresh: dict[int, list[Property]] = {}
    seen: set[int] = set()
    for search in own:
        since = max(known.get(search.pk, search.created_at), now - FURTHEST)
        rows = searches.fresh_for(search, since=since).filter(published_at__lte=until)
        fresh[search.pk] = [property for property in rows[:MOST] if property.pk not in seen]
        seen |= {property.pk for property in fresh[search.pk]}
        seeker = search.seeker_id
    at_once = _written(key("search_match", property, seeker) for property in seen)
    found = [
        (search, [each.pk for each in properties if key("search_match", each.pk, seeker) not in at_once])
        for search, properties in fresh.items()
    ]
    return [(search, keys) for search, keys in found if keys]


def _written(names: Iterable[str]) -> set[str]:
    """Those of these notices that are in the outbox; every notice goes by e-mail as well."""
    rows = OutboxMessage.objects.filter(key__in=[f"{name}:{EMAIL}" for name in names])
    return {str(row).removesuffix(f":{EMAIL}") for row in rows.values_list("key", flat=True)}
