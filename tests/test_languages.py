"""What we say exists in every language of ours, with the same values, commands and limits."""

import re
import string
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language_info, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from config import catalogue
from inspector_whatsapp.models import Inspection, Language
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.words import Reader, put, say

TRANSLATED = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
PIDGIN = Reader(language="pcm")
# A short text that is no sentence may be a button's title (20 characters at most) or a row's (24).
TITLES = (20, 24)

languages = pytest.mark.parametrize("language", TRANSLATED)


def _pairs(language: str) -> list[tuple[str, str]]:
    """Each text with its translation; plural forms one by one."""
    return [
        (text, translated)
        for message in catalogue.read(language)
        if message.id
        for text, translated in zip(catalogue.forms(message.id), catalogue.forms(message.string), strict=True)
    ]


def _values(text: str) -> list[str]:
    """What is put into a sentence: `{inspection:when}`, `%(count)d`."""
    braces = [
        f"{{{name}:{spec}}}" for _text, name, spec, _how in string.Formatter().parse(text) if name is not None
    ]
    return sorted(braces + re.findall(r"%(?:\(\w+\))?[a-z]", text))


def _marked(text: str) -> list[str]:
    return sorted(re.findall(r"\*([^*\n]+)\*", text))


def _kept(text: str) -> list[str]:
    """Commands in capitals, addresses, tags, lines, and the end of a sentence that is no full stop."""
    found = re.findall(r"\b[A-Z]{3,}\b|\{site\}[\w/]*|</?\w+>|\n", text)
    return [*found, *re.findall(r"[:?]$|^\s|\s$", text)]


def test_the_languages_offered_in_the_chat_are_the_sites() -> None:
    assert set(Language.values) == {code for code, _name in settings.LANGUAGES}
    assert {path.name for path in (catalogue.ROOT / "locale").iterdir()} == set(TRANSLATED)


@languages
def test_every_text_of_the_source_is_in_the_catalogue_and_no_other(language: str) -> None:
    in_source = {message.id for message in catalogue.extracted() if message.id}
    there = catalogue.read(language)
    kept = {message.id for message in there if message.id}
    assert in_source - kept == set(), "run `make messages` and translate these"
    assert kept - in_source == set(), "run `make messages`: these are said no more"
    assert not there.obsolete


@languages
def test_every_text_is_translated_for_certain(language: str) -> None:
    there = catalogue.read(language)
    assert not [message.id for message in catalogue.untranslated(there)]
    assert not [message.id for message in there if message.id and message.fuzzy]


@languages
def test_a_translation_has_the_same_values_with_the_same_specs(language: str) -> None:
    other = [
        (text, translated) for text, translated in _pairs(language) if _values(text) != _values(translated)
    ]
    assert not other


@languages
def test_a_translation_marks_the_same_words_for_the_reader_to_type(language: str) -> None:
    """A marked title of ours (*Connect*) reads as that title is translated: as it stands on the screen."""
    titles = dict(_pairs(language))
    other = [
        (text, translated)
        for text, translated in _pairs(language)
        if sorted(titles.get(words, words) for words in _marked(text)) != _marked(translated)
    ]
    assert not other


@languages
def test_a_translation_keeps_commands_addresses_and_lines(language: str) -> None:
    assert not [
        (text, translated) for text, translated in _pairs(language) if _kept(text) != _kept(translated)
    ]


@languages
def test_a_title_that_fits_in_english_fits_translated(language: str) -> None:
    too_long = [
        (text, translated)
        for text, translated in _pairs(language)
        for limit in TITLES
        if len(text) <= limit < len(translated) and not text.endswith((".", "?", ":")) and not _values(text)
    ]
    assert not too_long


@languages
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    written = catalogue.compiled(catalogue.read(language))
    assert catalogue.po(language).with_suffix(".mo").read_bytes() == written, "run `make messages`"


def test_django_knows_pidgin() -> None:
    assert get_language_info("pcm")["name_local"] == "Naijá"
    with translation.override("pcm"):
        assert translation.get_language() == "pcm"
        assert not translation.get_language_bidi()
        assert str(_("Which day?")) == "Which day?"
        assert str(_("What would you like to do?")) == "Wetin you wan do?"


@pytest.mark.parametrize(
    ("left", "english", "pidgin"),
    [(1, "1 place left", "1 place remain"), (2, "2 places left", "2 places remain")],
)
def test_a_number_and_its_noun_are_put_in_the_readers_language(left: int, english: str, pidgin: str) -> None:
    words = say(ngettext_lazy("{left} place left", "{left} places left", left), left=left)
    assert words.put(Reader()) == english
    assert words.put(PIDGIN) == pidgin
    assert words.put(Reader()) == english


def test_a_sentence_within_a_sentence_is_put_in_the_same_language() -> None:
    inner = say(ngettext_lazy("{count} property", "{count} properties", 3), count=3)
    assert say("{area} – {inner}", area="Yaba", inner=inner).put(PIDGIN) == "Yaba – 3 properties"
    assert put(_("Yes, book it"), PIDGIN) == "Yes, book am"


def test_a_state_is_put_in_the_readers_language() -> None:
    inspection = Inspection(state=InspectionState.CANCELLED)
    words = say(_("State: {inspection:state}"), inspection=inspection)
    assert words.put(Reader()) == "State: cancelled"
    assert words.put(PIDGIN) == "Status: don cancel"


def test_days_and_times_read_as_in_english() -> None:
    words = say("{at}", at=datetime(2026, 11, 28, 13, 0, tzinfo=UTC))
    assert words.put(PIDGIN) == words.put(Reader()) == "Sat 28 Nov, 2:00 pm"


@pytest.mark.django_db
def test_the_console_opens_in_pidgin(admin_client: Client) -> None:
    with translation.override("pcm"):
        index = admin_client.get("/admin/login/", follow=True)
        people = admin_client.get(reverse("admin:inspector_whatsapp_user_changelist"), follow=True)
    assert index.status_code == people.status_code == 200
    assert 'lang="pcm"' in people.content.decode()
