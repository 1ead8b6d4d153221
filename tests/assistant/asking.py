"""What somebody reads who gives a command: the outcome, played up to the first question or the end."""

from dataclasses import dataclass, field, replace
from typing import Any

from bot.assistant.answers import outcome
from bot.assistant.commands import Command, Intent
from bot.assistant.context import NOTHING, Context
from bot.assistant.outcomes import Begin, Outcome
from bot.questions import Confirm, Question
from bot.scripts import FLOWS, Asked, Last, Person, Run, Suggestion
from bot.writes import counted
from inspector_whatsapp import clock
from inspector_whatsapp.models import Contact, Role, User
from inspector_whatsapp.words import put
from tests.bot import world
from tests.factories import ContactFactory, UserFactory

PEOPLE = {
    Role.SEEKER: "ada@inspector.example",
    Role.AGENT: "bola@inspector.example",
    Role.INSPECTOR: "chidi@inspector.example",
}
BOSS = "boss@inspector.example"
HUMAN = "human"  # what that word does, the turn does


@dataclass(frozen=True)
class Screen:
    """What is on the screen. flow: that which asks, or was refused. kept: its answers that still hold."""

    outcome: Outcome
    text: str
    flow: str = ""
    argument: str = ""
    asks: str = ""
    question: Question[Any] | None = None
    kept: dict[str, Any] = field(default_factory=dict)
    refused: bool = False
    buttons: tuple[Suggestion, ...] = ()

    @property
    def confirms(self) -> bool:
        return isinstance(self.question, Confirm)

    def button(self, title: str, person: Person) -> Suggestion:
        return next(each for each in self.buttons if put(each.title, person.reader) == title)


def somebody(email: str) -> Person:
    """One of the world's people, on their own phone."""
    account = User.objects.get(email=email)
    contact = Contact.objects.filter(phone=account.phone).first()
    if contact is None:
        contact = Contact.objects.get(phone=world.linked(email))
    return Person(contact, account, clock.now())


def of_role(role: Role) -> Person:
    if role not in PEOPLE:
        if not User.objects.filter(email=BOSS).exists():
            UserFactory(email=BOSS, role=role)
        return somebody(BOSS)
    return somebody(PEOPLE[role])


def stranger() -> Person:
    return Person(ContactFactory(), None, clock.now())


def ask(
    person: Person,
    intent: Intent | str,
    *,
    context: Context = NOTHING,
    words: str = "",
    **slots: Any,
) -> Screen:
    """Give a command; nothing may be written by that."""
    command = Command.from_json({"intent": str(intent), "slots": slots})
    with counted() as writes:
        found = outcome(command, person=person, context=context, words=words)
        screen = shown(found, person)
    assert writes.count == 0, f"{command} wrote before anybody said yes"
    return screen


def tap(button: Suggestion, person: Person) -> Screen:
    return shown(Begin(button.flow, button.argument), person)


def shown(found: Outcome, person: Person) -> Screen:
    reader = person.reader
    if not isinstance(found, Begin):
        titles = [put(each.title, reader) for each in found.suggest]
        assert all(len(title) <= (20 if len(titles) <= 3 else 24) for title in titles), titles
        return Screen(found, "\n".join([put(found.words, reader), *titles]), buttons=found.suggest)
    first = [put(words, reader) for words in found.first]
    if found.flow == HUMAN:
        return Screen(found, "\n".join(first), found.flow, found.argument, kept=dict(found.answers))
    flow = FLOWS[found.flow]
    if not flow.lets(person.account):
        return Screen(found, "\n".join(first), found.flow, found.argument, refused=True)
    answers = dict(found.answers)
    due = Run(flow.run, replace(person, argument=found.argument), answers).play()
    if isinstance(due, Asked):
        note = [put(due.question.note, reader)] if due.question.note else []
        prompt = due.question.prompt(0)
        rows = [put(each.title, reader) for each in prompt.options]
        notes = [put(each.description, reader) for each in prompt.options if each.description]
        text = "\n".join([*first, *note, put(prompt.words, reader), *rows, *notes])
        return Screen(found, text, found.flow, found.argument, due.name, due.question, answers)
    return _ended(found, due.last, person, first)


def _ended(found: Begin, last: Last, person: Person, first: list[str]) -> Screen:
    words = (*found.first, last.words)
    if last.then:
        return shown(Begin(last.then, last.argument, first=words), person)
    titles = [put(each.title, person.reader) for each in last.suggest]
    text = "\n".join([*first, put(last.words, person.reader), *titles])
    return Screen(found, text, found.flow, found.argument, buttons=last.suggest)
