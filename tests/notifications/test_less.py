"""Show less like this: what an alert leaves out, why, and how it is taken back."""

from functools import partial

import pytest

from inspector_whatsapp import searches
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.listings import Criteria
from inspector_whatsapp.models import Change, Property, SavedSearch, SearchLess, User
from inspector_whatsapp.models.listings import Frequency
from inspector_whatsapp.words import Reader
from notifications import alerts, digests
from notifications.models import Alert
from tests.at_once import at_once
from tests.factories import PropertyFactory, SeekerFactory
from tests.notifications import scenes

pytestmark = pytest.mark.django_db


def home(price: int = 1_000_000, area: str = "Yaba", **fields: object) -> Property:
    return PropertyFactory(area=area, city="Lagos", price=price, **fields)


def looks(seeker: User, *areas: str, often: Frequency = Frequency.INSTANT) -> SavedSearch:
    wishes = Criteria(areas=areas)
    return searches.save(seeker=seeker, criteria=wishes, frequency=often, origin=Origin.CHAT)


def less(search: SavedSearch, property: Property) -> SearchLess:
    (found,) = searches.show_less(
        searches=[search], property=property, actor=search.seeker, origin=Origin.CHAT
    )
    return found


def became(*homes: Property) -> list[tuple[str, str]]:
    for property in homes:
        alerts.note(property)
    alerts.tell()
    digests.send()
    rows = Alert.objects.filter(property__in=homes).order_by("property")
    return list(rows.values_list("state", "reason"))


@pytest.fixture
def ada() -> User:
    return scenes.linked(SeekerFactory(name="Ada Obi"))


@pytest.mark.parametrize("often", Frequency)
def test_what_is_like_it_is_dropped_and_the_row_says_why(ada: User, often: Frequency) -> None:
    search = looks(ada, "Yaba", "Surulere", often=often)
    less(search, home())
    told = ("told" if often == Frequency.INSTANT else "digest", "")
    why = ("dropped", "they asked to be shown less like it")
    assert became(home(800_000), home(1_200_000)) == [why, why]
    assert became(home(790_000)) == [told]
    if often == Frequency.INSTANT:
        assert became(home(1_210_000), home(area="Surulere")) == [told, told]


def test_only_the_searches_that_leave_it_out_do(ada: User) -> None:
    first = looks(ada, "Yaba")
    looks(ada, "Yaba", "Ikeja")
    less(first, home())
    assert became(home()) == [("told", "")]
    assert became(home(listing_type="sale", period="")) == [("told", "")]


def test_said_twice_it_is_once_and_taken_back_it_is_told_again(ada: User) -> None:
    search, shown = looks(ada, "Yaba"), home()
    assert less(search, shown) == less(search, shown)
    words = searches.in_words(SearchLess.objects.get())
    assert words.put(Reader()) == "Yaba, ₦800,000 to ₦1,200,000"
    searches.show_again(less=SearchLess.objects.get(), actor=ada, origin=Origin.CHAT)
    assert became(home()) == [("told", "")]


def test_the_button_is_under_an_alert(ada: User) -> None:
    looks(ada, "Yaba")
    shown = home()
    became(shown)
    assert scenes.taps(scenes.one("search_match", ada))[-1] == f"show_less|{shown.ref}"


@pytest.mark.django_db(transaction=True)
def test_taps_at_the_same_moment_are_one_rule(ada: User) -> None:
    search, shown = looks(ada, "Yaba"), home()
    at_once(*[partial(less, search, shown)] * 4)
    assert SearchLess.objects.count() == 1
    rule = SearchLess.objects.select_related("search").get()
    again = partial(searches.show_again, less=rule, actor=ada, origin=Origin.CHAT)
    at_once(*[again] * 4)
    assert Change.objects.filter(kind="search_again").count() == 1
