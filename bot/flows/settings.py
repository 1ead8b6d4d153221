"""How the bot talks: its language, and what it can do."""

from django.utils.translation import gettext_lazy as _

from bot.commands import help_words
from bot.questions import Option, choice
from bot.scripts import Person, Script, ask, flow, last
from inspector_whatsapp.models import Language
from inspector_whatsapp.words import say


@flow("language", needs_account=False)
def language(person: Person) -> Script:
    """Somebody chooses the language that the bot talks in."""
    code = yield from ask(
        "language",
        choice(
            say(_("Which language?")),
            list(Language.values),
            option=lambda code: Option(code, say("{name}", name=Language(code).label), also=ALSO[code]),
        ),
    )
    person.contact.language = code
    person.contact.save(update_fields=["language"])
    return last(say(_("Done. I'll write in {name}."), name=Language(code).label))


ALSO = {"en": ("english", "oyinbo"), "pcm": ("pidgin", "naija", "broken")}


@flow("help", needs_account=False)
def help(person: Person) -> Script:
    """Somebody wants to know what they can do."""
    yield from ()
    return last(help_words())
