"""Every cell of the table: who gets a notification, by which way, or why not."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from inspector_whatsapp.models.outbox import Category, Status
from notifications import policy
from notifications.kind import Topic, Urgency
from notifications.policy import About, Decision, Drop, Hold, InMailbox, OnWhatsApp, SayByMail
from notifications.registry import Unusable, Usable

NOW = datetime(2026, 11, 25, 22, 30, tzinfo=UTC)
MORNING = NOW + timedelta(hours=8)
TEMPLATE = Usable(
    template="t",
    version=1,
    language="en",
    fell_back=False,
    parameters=frozenset(),
    room=900,
    buttons=0,
    category="utility",
)
ENGLISH = replace(TEMPLATE, fell_back=True)
PAUSED = Unusable("t (en) is paused by Meta")

WINDOWS = ("open", "closed")
TEMPLATES: dict[str, Usable | Unusable | None] = {
    "approved": TEMPLATE,
    "in the fallback language": ENGLISH,
    "paused": PAUSED,
    "none": None,
}
CONSENTS = ("given", "no offers", "nothing")
PREFERENCES = ("wanted", "not wanted")
HOURS = ("by day", "quiet, of use in the morning", "quiet, too late in the morning")
REACH = ("reachable", "unreachable")
KINDS = {
    "an inspection of today": About(
        topic=Topic.INSPECTIONS, category=Category.UTILITY, urgency=Urgency.SOON, essential=True
    ),
    "an inspection": About(topic=Topic.INSPECTIONS, category=Category.UTILITY, urgency=Urgency.SOON),
    "an offer": About(topic=Topic.ALERTS, category=Category.MARKETING, urgency=Urgency.LATER),
    "security": About(topic=Topic.SECURITY, category=Category.UTILITY, urgency=Urgency.NOW, essential=True),
    "a question": About(topic=Topic.LISTINGS, category=Category.UTILITY, urgency=Urgency.SOON, one_way=True),
    "an answer": About(topic=Topic.LISTINGS, category=Category.UTILITY, urgency=Urgency.SOON, answers=True),
}


@dataclass(frozen=True)
class Cell:
    """One combination, in words."""

    kind: str
    window: str
    template: str
    consent: str
    preference: str
    hours: str
    reach: str

    def decide(self) -> Decision:
        quiet = self.hours != "by day"
        late = self.hours.endswith("too late in the morning")
        about = KINDS[self.kind]
        about = About(
            topic=about.topic,
            category=about.category,
            urgency=about.urgency,
            essential=about.essential,
            answers=about.answers,
            one_way=about.one_way,
            expires_at=MORNING - timedelta(hours=1) if late else MORNING + timedelta(hours=1),
        )
        return policy.on_whatsapp(
            about,
            OnWhatsApp(
                stopped=self.consent == "nothing",
                offers_stopped=self.consent != "given",
                wanted=self.preference == "wanted",
                trouble="no WhatsApp" if self.reach == "unreachable" else "",
                quiet_until=MORNING if quiet else None,
                window_open=self.window == "open",
                template=TEMPLATES[self.template],
            ),
        )

    def expected(self) -> tuple[str, str]:
        """(route, the step that decides), from the rules as people are told them."""
        is_offer, is_security = self.kind == "an offer", self.kind == "security"
        if self.consent == "nothing":
            return ("mail" if is_security else "withheld"), "consent"
        if self.consent == "no offers" and is_offer:
            return "mail", "consent"
        if self.preference == "not wanted" and self.kind not in ("security", "an inspection of today"):
            return ("mail" if self.kind == "a question" else "withheld"), "preference"
        if self.reach == "unreachable":
            return "mail", "reachable"
        if self.hours != "by day" and self.kind not in ("security", "an answer"):
            if self.hours == "quiet, of use in the morning":
                return "held", "quiet hours"
            if self.kind != "an inspection of today":
                return "expired", "quiet hours"
        if self.window == "open":
            return "text", "window"
        return {
            "approved": ("template", "template"),
            "in the fallback language": ("template", "template"),
            "paused": ("mail", "template"),
            "none": ("mail", "template"),
        }[self.template]


def cells() -> Iterator[Cell]:
    for values in product(KINDS, WINDOWS, TEMPLATES, CONSENTS, PREFERENCES, HOURS, REACH):
        yield Cell(*values)


def route(decision: Decision) -> str:
    match decision.route:
        case policy.SayFreely():
            return "text"
        case policy.SayByTemplate():
            return "template"
        case SayByMail():
            return "mail"
        case Hold():
            return "held"
        case Drop(status=Status.EXPIRED):
            return "expired"
        case Drop():
            return "withheld"


def test_every_cell_of_the_table_goes_where_it_should_and_says_why() -> None:
    seen = 0
    for cell in cells():
        decision = cell.decide()
        steps = [step.name for step in decision.steps]
        assert (route(decision), steps[-1]) == cell.expected(), cell
        assert all(step.says for step in decision.steps), cell
        order = [*("consent", "preference", "reachable", "quiet hours"), *("window", "template")]
        assert steps == [name for name in order if name in steps], cell
        seen += 1
    assert seen == 6 * 2 * 4 * 3 * 2 * 3 * 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("consent", ["given", "no offers", "nothing"])
@pytest.mark.parametrize("wanted", [True, False])
@pytest.mark.parametrize("trouble", ["", "the mailbox does not exist"])
def test_every_cell_of_the_letters(kind: str, consent: str, wanted: bool, trouble: str) -> None:
    decision = policy.in_mailbox(
        KINDS[kind],
        InMailbox(
            stopped=consent == "nothing",
            offers_stopped=consent != "given",
            wanted=wanted,
            trouble=trouble,
        ),
    )
    is_offer, is_security = kind == "an offer", kind == "security"
    wanted_or_must = wanted or kind in ("security", "an inspection of today")
    if (consent == "nothing" and not is_security) or (consent == "no offers" and is_offer):
        expected = ("withheld", "consent")
    elif not wanted_or_must:
        expected = ("withheld", "preference")
    elif trouble:
        expected = ("withheld", "reachable")
    else:
        expected = ("text", "route")
    assert (route(decision), decision.steps[-1].name) == expected


def test_the_reason_names_what_an_admin_can_look_at() -> None:
    held = Cell("an inspection", "open", "none", "given", "wanted", HOURS[1], "reachable").decide()
    assert held.route == Hold(MORNING)
    assert held.steps[-1].says == "held until 06:30 (UTC)"
    refused = Cell("an offer", "open", "none", "given", "not wanted", "by day", "reachable").decide()
    assert refused.steps[-1].says == "they do not want it on WhatsApp: alerts"
    fell_back = Cell(
        "an inspection", "closed", "in the fallback language", "given", "wanted", "by day", "reachable"
    ).decide()
    assert fell_back.steps[-1].says == "t (en), there is none in their language"
