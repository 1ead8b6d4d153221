"""A flow is a script: a generator that asks, and is run again from the top on each message.

Nothing is kept but the answers, by name. `ask` gives the answer that is kept, or stops there and asks; so the
place in a flow is derived from data, and a restart, a release that adds a question, "back", and a slot that
has gone are one mechanism. See docs/how-it-works.md, and docs/decisions/0002-a-flow-is-a-script.md.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings

from bot.writes import counted
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.models import Contact, Role, User
from inspector_whatsapp.words import Reader, Words

if TYPE_CHECKING:
    from bot.questions import Question

T = TypeVar("T")
Answers = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """Who is talking: the contact, the account it currently speaks for, and when.

    shared: the phone speaks for other accounts as well. late: when they said it, if that is long ago. event:
    the key of the inbound row.
    """

    contact: Contact
    account: User | None
    now: datetime
    shared: bool = False
    late: datetime | None = None
    argument: str = ""
    wamid: str = ""
    wish: dict[str, Any] = field(default_factory=dict)
    event: int = 0

    @property
    def reader(self) -> Reader:
        """How they read, asked anew each time: a flow may just have changed the chat's language or zone."""
        language = self.contact.language or (self.account.language if self.account else "") or "en"
        zone = self.contact.time_zone or (self.account.time_zone if self.account else "")
        return Reader(language=language, zone=zone or settings.TIME_ZONE)

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

    then: a flow to go on with at once, with `argument` and `answers`. account: whose chat it is from now on.
    photo: a storage name of ours, shown above the words. sends: messages that go out before them. human: a
    person of ours is asked for, and the bot keeps silent until then.
    """

    words: Words
    suggest: tuple[Suggestion, ...] = ()
    then: str = ""
    argument: str = ""
    account: User | None = None
    photo: str = ""
    sends: tuple[cloud.Message, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    human: bool = False


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
    sends: tuple[cloud.Message, ...] = ()


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


def again(
    name: str, *, because: Words | None = None, sends: Sequence[cloud.Message] = ()
) -> Generator[Again, Any, None]:
    """Go round: back to the question of that name, saying why, or sending something first."""
    yield Again(name, because, tuple(sends))


def last(
    words: Words,
    *suggest: Suggestion,
    then: str = "",
    argument: str = "",
    account: User | None = None,
    photo: str = "",
    sends: Sequence[cloud.Message] = (),
    answers: Mapping[str, Any] | None = None,
    human: bool = False,
) -> Last:
    """A flow's last words."""
    return Last(words, tuple(suggest), then, argument, account, photo, tuple(sends), answers or {}, human)


@dataclass(frozen=True)
class Flow:
    """A script, and who may run it.

    roles: of the account that may; none: any. draft: its answers outlive the conversation (see drafts.py).
    urgent: a tap that was long on its way begins it all the same.
    """

    name: str
    run: Callable[[Person], Script]
    needs_account: bool
    title: str
    roles: tuple[Role, ...] = ()
    draft: bool = False
    urgent: bool = False

    def lets(self, account: User | None) -> bool:
        """Whether somebody with this account may run it."""
        if account is None:
            return not self.needs_account
        return not self.roles or account.role_here in self.roles


FLOWS: dict[str, Flow] = {}


def flow(
    name: str,
    *,
    needs_account: bool = True,
    roles: tuple[Role, ...] = (),
    draft: bool = False,
    urgent: bool = False,
) -> Callable[[Callable[[Person], Script]], Callable[[Person], Script]]:
    """Register a script. `name` is kept with conversations and in buttons: it never changes meaning."""

    def register(run: Callable[[Person], Script]) -> Callable[[Person], Script]:
        if name in FLOWS:
            raise ValueError(f"two flows are named {name}")
        title = (run.__doc__ or "").strip().partition("\n")[0]
        FLOWS[name] = Flow(name, run, needs_account, title, roles, draft, urgent)
        return run

    return register


class WroteTooEarly(Exception):
    """A script wrote to the database before its last question, outside `once`: it would write again."""


Undos = dict[str, tuple[Callable[[Any], None], Any]]


@dataclass(frozen=True)
class Asked:
    """The script stands at a question. `path` are the names that led there, `undos` what leaving undoes.

    effects: those of the path that nobody answered. sends: messages that go out before the question.
    answered: the questions of the path, each with the value that it was answered with.
    """

    name: str
    question: Question[Any]
    path: tuple[str, ...]
    undos: Undos
    effects: tuple[str, ...] = ()
    sends: tuple[cloud.Message, ...] = ()
    answered: Mapping[str, tuple[Question[Any], Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Ended:
    """The script has said its last words."""

    last: Last


MOST_ROUNDS = 20  # of `again` in one turn: a script that goes round for ever is a mistake


class Run:
    """A script on its way over kept answers, which it drops when they no longer hold.

    `play` goes up to the first question without a good answer, or to the last words. Called again once that
    answer is kept, it goes on from there.
    """

    def __init__(self, script: Callable[[Person], Script], person: Person, answers: Answers) -> None:
        self._begin = partial(script, person)
        self.answers = answers
        self._restart()

    def _restart(self) -> None:
        self._script = self._begin()
        self._value: Any = None
        self._standing: Ask | None = None
        self._path: list[str] = []
        self._undos: Undos = {}
        self._effects: list[str] = []
        self._answered: dict[str, tuple[Question[Any], Any]] = {}

    def play(self) -> Asked | Ended:
        """Go on to the next question or the end. Raises WroteTooEarly."""
        why: Words | None = None
        sends: tuple[cloud.Message, ...] = ()
        for _round in range(MOST_ROUNDS):
            outcome = self._advance()
            if isinstance(outcome, Again):
                why = outcome.because or why
                sends += outcome.sends
                self._restart()
                continue
            if isinstance(outcome, Ended):
                return outcome
            question = outcome.question.briefly() if sends else outcome.question
            return replace(outcome, question=question.because(why) if why else question, sends=sends)
        raise RuntimeError("the script goes round for ever")

    def _advance(self) -> Asked | Ended | Again:
        with counted() as writes:
            while True:
                try:
                    step = self._standing or self._script.send(self._value)
                except StopIteration as stop:
                    return Ended(stop.value)
                self._standing = None
                if isinstance(step, Again):
                    self._forget(keep=self._path[: self._path.index(step.name)])
                    return step
                if writes.count:
                    raise WroteTooEarly(step.name)
                if step.name in self._path:
                    raise ValueError(f"the question {step.name} is asked twice in one run")
                if isinstance(step, Once):
                    self._do_once(step)
                    writes.count = 0
                    continue
                asked = self._read(step)
                if asked is not None:
                    return asked

    def _do_once(self, step: Once) -> None:
        if step.name not in self.answers:
            self.answers[step.name] = step.effect()
        self._value = self.answers[step.name]
        if step.undo is not None:
            self._undos[step.name] = (step.undo, self._value)
        self._path.append(step.name)
        self._effects.append(step.name)

    def _read(self, step: Ask) -> Asked | None:
        """Take the kept answer to a question; the question, when there is none that holds or is whole."""
        from bot.questions import Gone, Unfinished

        question, keep = step.question, self._path
        if step.name in self.answers:
            try:
                self._value = question.read(self.answers[step.name])
            except Gone as why:
                question = question.because(why.words)
            except Unfinished as so_far:
                question, keep = so_far.question, [*self._path, step.name]
            else:
                self._path.append(step.name)
                self._answered[step.name] = (step.question, self._value)
                return None
        self._forget(keep=keep)
        self._standing = step
        return Asked(
            step.name,
            question,
            tuple(self._path),
            self._undos,
            tuple(self._effects),
            answered=self._answered,
        )

    def _forget(self, *, keep: Sequence[str]) -> None:
        forget(self.answers, keep=keep, undos=self._undos)


def forget(answers: Answers, *, keep: Sequence[str], undos: Undos) -> None:
    """Drop the answers that are not to be kept; effects among them are undone."""
    for name in [name for name in answers if name not in keep]:
        if name in undos:
            undo, value = undos[name]
            undo(value)
        del answers[name]
