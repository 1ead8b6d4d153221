"""What is put on a person's screen: a question, or the menu; and kept as what a digit is read against."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bot import commands, forms, menus, rendering
from bot.models import Conversation
from bot.questions import Option, Prompt
from bot.scripts import Asked, Person
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.words import Words, say


@dataclass(frozen=True)
class Reply:
    """What the bot answers; as a rule one message, and none where it keeps silent.

    settles: more of the kind may follow at once (photos of an album): it waits for a moment, and whatever is
    answered meanwhile takes its place. quotes: it shows the message that it answers.
    """

    messages: tuple[cloud.Message, ...] = ()
    settles: bool = False
    quotes: bool = False


SILENCE = Reply()


def say_only(person: Person, words: Words) -> Reply:
    """A sentence that asks nothing: what is on the screen stays what a digit means."""
    return Reply((cloud.Text(words.put(person.reader)),), quotes=person.late is not None)


def ask(talk: Conversation, person: Person, asked: Asked, first: Sequence[Words], *, page: int = 0) -> Reply:
    """Show a question of a flow."""
    note = (asked.question.note,) if asked.question.note else ()
    name = f"{talk.flow}.{asked.name}"
    return show(talk, person, asked.question.prompt(page), name, (*first, *note), sends=asked.sends)


def show(
    talk: Conversation,
    person: Person,
    prompt: Prompt,
    question: str,
    first: Sequence[Words],
    *,
    sends: tuple[cloud.Message, ...] = (),
) -> Reply:
    """Show a prompt; `first` are sentences before it, `sends` messages."""
    if person.late is not None:
        first = (say(_("About your message of {at}, which reached me only now:"), at=person.late), *first)
    token = forms.token(talk, question, prompt.form.of, now=person.now) if prompt.form is not None else ""
    message, shown = rendering.render(
        prompt, question=question, reader=person.reader, first=first, token=token
    )
    talk.shown = shown.to_json()
    return Reply((*sends, message), quotes=person.late is not None)


def show_menu(talk: Conversation, person: Person, *first: Words) -> Reply:
    """Show the menu; no flow is under way then."""
    talk.flow, talk.argument, talk.answers = "", "", {}
    words = list(first)
    if offered_now(talk):
        words.append(say(_("You were in the middle of something: type *go on* to pick it up.")))
    return show(talk, person, menu_prompt(person), rendering.MENU, words)


def menu_prompt(person: Person) -> Prompt:
    """The menu of whoever this is."""
    if person.account is None:
        return Prompt(commands.greeting(), options_of(menus.STRANGER))
    words = say(_("What would you like to do?"))
    if person.shared:
        words = say(_("You are here as *{account}*. What would you like to do?"), account=person.account)
    return Prompt(words, options_of(menus.MENUS[person.account.role_here]))


def options_of(menu: menus.Menu) -> tuple[Option, ...]:
    """The lines of a menu, each as what it begins."""
    return tuple(Option(item.flow, item.title, also=item.also) for item in menu)


def offered_now(talk: Conversation) -> bool:
    """Whether to say that something waits: once, not under every menu from then on."""
    if not talk.aside or talk.aside.get("offered"):
        return False
    talk.aside = {**talk.aside, "offered": True}
    return True
