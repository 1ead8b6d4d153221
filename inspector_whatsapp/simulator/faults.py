"""What goes wrong on demand.

A rule is a JSON object. `on` says where (`api`, the default, `webhook`, `inspector` or `mail`), `action` says
what, and the rest whom and how often:

    path        part of the request's path ("/messages", "/media"); api only
    method      of the request; api only
    recipient   a person's +number or BSUID, or an e-mail address; everybody when left out
    of          "message", "status", "sent", "delivered", "read", "failed" or a field's name; webhook only
    skip        so many matches pass first (0)
    times       then so many are hit (1); null means until the rule is taken away

Actions of `api`:
    delay       wait `seconds`, then go on
    error       answer `status` with Meta's `code` (and `details`, `retry_after`); nothing is accepted.
                Without a code the body is a bare HTML page, as from a proxy
    fail        accept, then a `failed` status with `code`
    hang        accept and send statuses, but the answer never comes (`seconds`, 3600)
    cut         accept and send statuses, but the connection is cut instead of the answer
    half        accept, answer half of the response, cut
    bad_json    accept, answer 200 with something that is not JSON
    reset       cut (RST) before the body is read; cannot know the recipient
    status_first  the `sent` status arrives before the answer
Actions of `webhook`: drop, duplicate, reorder (behind the next one), delay (`seconds`), batch (`size` events
    in one POST, or what came within `seconds`), bad_signature (that one attempt)
Actions of `inspector` (webhooks and commands to its stand-in's backend; `path`, `method`):
    delay       wait `seconds`, then go on
    error       answer `status` (with `details`, `retry_after`); nothing is taken
    hang, cut   take it, but the answer never comes (`seconds`), or the connection is cut instead
    reset       cut (RST) before the body is read
Actions of `mail`: refuse (cut on connecting), reject (`status` 451, 550 … after RCPT), hang (take the mail,
    never answer DATA, `seconds`)
"""

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from inspector_whatsapp.simulator.config import Json

ACTIONS = {
    "api": ("delay", "error", "fail", "hang", "cut", "half", "bad_json", "reset", "status_first"),
    "webhook": ("drop", "duplicate", "reorder", "delay", "batch", "bad_signature"),
    "inspector": ("delay", "error", "hang", "cut", "reset"),
    "mail": ("refuse", "reject", "hang"),
}
BEFORE_READING = ("reset",)
ACCEPTING = ("fail", "hang", "cut", "half", "bad_json", "status_first")


class NotARule(ValueError):
    """The rule says nothing the simulator can do; the message tells why."""


@dataclass(kw_only=True)
class Rule:
    """One fault, and how often it struck."""

    id: int
    action: str
    on: str = "api"
    path: str = ""
    method: str = ""
    recipient: str = ""
    of: str = ""
    skip: int = 0
    times: int | None = 1
    seconds: float | None = None
    status: int | None = None
    code: int | None = None
    details: str = ""
    retry_after: float | None = None
    size: int = 2
    hits: int = 0
    given: Json = field(default_factory=dict)

    def matches(
        self, *, on: str, path: str, method: str, recipients: tuple[str, ...], of: tuple[str, ...]
    ) -> bool:
        return (
            self.on == on
            and self.path in path
            and self.method in ("", method)
            and (not self.recipient or self.recipient in recipients)
            and (not self.of or self.of in of)
        )

    def json(self) -> Json:
        return {"id": self.id, "hits": self.hits, "left": self.times, **self.given}


class Faults:
    """The rules that stand; the first that matches strikes."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._rules: list[Rule] = []

    def add(self, given: Json) -> Rule:
        """Put up a rule; raises `NotARule`."""
        known: dict[str, Any] = {key: given[key] for key in given if key in _GIVEN}
        if unknown := set(given) - set(known):
            raise NotARule(f"unknown: {', '.join(sorted(unknown))}")
        on, action = known.get("on", "api"), known.get("action")
        if on not in ACTIONS or action not in ACTIONS[on]:
            raise NotARule(f"action of {on} must be one of {', '.join(ACTIONS.get(on, ACTIONS))}")
        with self._lock:
            rule = Rule(id=next(self._numbers), given=given, **known)
            self._rules.append(rule)
        self._changed()
        return rule

    def strike(
        self,
        *,
        on: str,
        path: str = "",
        method: str = "",
        recipients: tuple[str, ...] = (),
        of: tuple[str, ...] = (),
        only: tuple[str, ...] | None = None,
        never: tuple[str, ...] = (),
    ) -> Rule | None:
        """The rule that hits this one, counted; None when it passes."""
        with self._lock:
            rule = next(
                (
                    rule
                    for rule in self._rules
                    if (only is None or rule.action in only)
                    and rule.action not in never
                    and rule.matches(on=on, path=path, method=method, recipients=recipients, of=of)
                    and not self._skips(rule)
                ),
                None,
            )
            if rule is None:
                return None
            rule.hits += 1
            if rule.times is not None:
                rule.times -= 1
                if rule.times <= 0:
                    self._rules.remove(rule)
        self._changed()
        return rule

    def _skips(self, rule: Rule) -> bool:
        rule.skip -= 1
        return rule.skip >= 0

    def clear(self, number: int | None = None) -> None:
        with self._lock:
            self._rules = [rule for rule in self._rules if number is not None and rule.id != number]
        self._changed()

    def json(self) -> list[Json]:
        with self._lock:
            return [rule.json() for rule in self._rules]


_GIVEN = set(Rule.__dataclass_fields__) - {"id", "hits", "given"}
