"""A flow is a script: a generator that asks, and is run again from the top on each message.

Nothing is kept but the answers, by name. `ask` gives the answer that is kept, or stops there and asks; so the
place in a flow is derived from data, and a restart, a release that adds a question, "back", and a slot that
has gone are one mechanism. See docs/how-it-works.md, and docs/decisions/0002-a-flow-is-a-script.md.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings

from bot.writes import counted
from inspector_whatsapp.models import Contact, User
from inspector_whatsapp.words import Reader, Words

if TYPE_CHECKING:
    from bot.questions import Question

T = TypeVar("T")
Answers = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """Who is talking: the contact, the account it currently speaks for, and when."""

    contact: Contact
    account: User | None
    now: datetime
    argument: str = ""
    wamid: str = ""
    wish: dict[str, str] = field(default_factory=dict)

    @property
    def reader(self) -> Reader:
        """How they read, asked anew each time: a flow may just have changed the chat's language."""
        language = self.contact.language or (self.account.language if self.account else "") or "en"
        return Reader(language=language, zone=self.account.time_zone if self.account else settings.TIME_ZONE)

    @property
    def user(self) -> User:
        """The account; only in flows that need one."""
        assert self.account is not None, "a flow that needs an account was begun without one"
        return self.account


@dataclass(frozen=True)
class Suggestion:
    """A button under a flow's last words: it begins another flow."""

    title: Words
    flow: str
    argument: str = ""


@dataclass(frozen=True)
class Last:
    """A flow's last words, and what may follow them.

    then: a flow to go on with at once. account: whose chat it is from now on.
    """

    words: Words
    suggest: tuple[Suggestion, ...] = ()
    then: str = ""
    argument: str = ""
    account: User | None = None


@dataclass(frozen=True)
class Ask:
    name: str
    question: Question[Any]


@dataclass(frozen=True)
class Once:
    name: str
    effect: Callable[[], Any]
    undo: Callable[[Any], None] | None


@dataclass(frozen=True)
class Again:
    """Forget the answer kept under `name` and those after it, and start the script over."""

    name: str
    because: Words | None


Script = Generator[Ask | Once | Again, Any, Last]


def ask(name: str, question: Question[T]) -> Generator[Ask, Any, T]:
    """The answer to a question. `name` is kept with people's conversations: it never changes meaning."""
    answer: T = yield Ask(name, question)
    return answer


def once(
    name: str, effect: Callable[[], Any], *, undo: Callable[[Any], None] | None = None
) -> Generator[Once, Any, Any]:
    """An effect in mid-flow: happens the first time, and its result (plain JSON) is kept.

    Going back before it, or leaving the flow, calls `undo` with the result.
    """
    return (yield Once(name, effect, undo))


def again(name: str, *, because: Words | None = None) -> Generator[Again, Any, None]:
    """Go round: back to the question of that name, saying why."""
    yield Again(name, because)


def last(
    words: Words, *suggest: Suggestion, then: str = "", argument: str = "", account: User | None = None
) -> Last:
    """A flow's last words."""
    return Last(words, tuple(suggest), then, argument, account)


@dataclass(frozen=True)
class Flow:
    """A script, and who may run it."""

    name: str
    run: Callable[[Person], Script]
    needs_account: bool
    title: str


FLOWS: dict[str, Flow] = {}


def flow(
    name: str, *, needs_account: bool = True
) -> Callable[[Callable[[Person], Script]], Callable[[Person], Script]]:
    """Register a script. `name` is kept with conversations and in buttons: it never changes meaning."""

    def register(run: Callable[[Person], Script]) -> Callable[[Person], Script]:
        if name in FLOWS:
            raise ValueError(f"two flows are named {name}")
        FLOWS[name] = Flow(name, run, needs_account, (run.__doc__ or "").strip().partition("\n")[0])
        return run

    return register


class WroteTooEarly(Exception):
    """A script wrote to the database before its last question, outside `once`: it would write again."""


Undos = dict[str, tuple[Callable[[Any], None], Any]]


@dataclass(frozen=True)
class Asked:
    """The script stands at a question. `path` are the names that led there, `undos` what leaving undoes."""

    name: str
    question: Question[Any]
    path: tuple[str, ...]
    undos: Undos


@dataclass(frozen=True)
class Ended:
    """The script has said its last words."""

    last: Last


MOST_ROUNDS = 20  # of `again` in one turn: a script that goes round for ever is a mistake


def play(run: Callable[[Person], Script], person: Person, answers: Answers) -> Asked | Ended:
    """Run a script over its kept answers up to the first question without a good one, or to its last words.

    Answers that no longer hold are dropped from `answers`, with whatever was asked after them. Raises
    WroteTooEarly.
    """
    why: Words | None = None
    for _round in range(MOST_ROUNDS):
        outcome = _run_once(run(person), answers)
        if isinstance(outcome, Again):
            why = outcome.because or why
            continue
        if isinstance(outcome, Asked) and why is not None:
            return replace(outcome, question=outcome.question.because(why))
        return outcome
    raise RuntimeError("the script goes round for ever")


def _run_once(script: Script, answers: Answers) -> Asked | Ended | Again:
    """One run from the top."""
    from bot.questions import Gone

    path: list[str] = []
    undos: Undos = {}
    value: Any = None
    with counted() as writes:
        while True:
            try:
                step = script.send(value)
            except StopIteration as stop:
                return Ended(stop.value)
            if isinstance(step, Again):
                forget_after(answers, path[: path.index(step.name)], undos)
                return step
            if writes.count:
                raise WroteTooEarly(step.name)
            if step.name in path:
                raise ValueError(f"the question {step.name} is asked twice in one run")
            if isinstance(step, Once):
                if step.name not in answers:
                    answers[step.name] = step.effect()
                    writes.count = 0
                value = answers[step.name]
                if step.undo is not None:
                    undos[step.name] = (step.undo, value)
                path.append(step.name)
                continue
            question = step.question
            if step.name in answers:
                try:
                    value = question.read(answers[step.name])
                except Gone as why:
                    question = question.because(why.words)
                else:
                    path.append(step.name)
                    continue
            forget_after(answers, path, undos)
            return Asked(step.name, question, tuple(path), undos)


def forget_after(answers: Answers, path: Sequence[str], undos: Undos) -> None:
    """Keep only the answers along `path`; effects that were reached after it are undone."""
    for name in [name for name in answers if name not in path]:
        if name in undos:
            undo, value = undos[name]
            undo(value)
        del answers[name]
