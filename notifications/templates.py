"""Message templates: what may be said on WhatsApp when somebody has not written for 24 hours.

Meta reads each and approves it. Another wording, here or in the admin, is another version (`registry`),
under a name of its own there; its values and buttons are what the kinds of notifications give.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from inspector_whatsapp.words import Reader

FALLBACK: Final = "en"
# Languages of ours that Meta has a code for. Nigerian Pidgin (pcm) is not on Meta's list.
LANGUAGES: Final = ("en",)


def language_for(reader: Reader) -> str:
    """The template language that comes nearest to what somebody reads."""
    return reader.language if reader.language in LANGUAGES else FALLBACK


@dataclass(frozen=True, kw_only=True)
class Template:
    """A template as we submit it. Variables are named; `examples` show Meta's reviewers what they hold.

    category: UTILITY is about something that the person asked for or has; what Meta's guidelines call
    marketing (alerts of new properties, even asked for) is submitted as MARKETING, because a template that
    says less than it is costs the whole account.
    """

    name: str
    body: str
    examples: Mapping[str, str]
    buttons: tuple[str, ...] = ()
    language: str = FALLBACK
    category: str = "UTILITY"

    def definition(self) -> dict[str, Any]:
        """As Meta's message_templates takes it."""
        components: list[dict[str, Any]] = [{"type": "BODY", "text": self.body}]
        if self.examples:
            components[0]["example"] = {
                "body_text_named_params": [
                    {"param_name": name, "example": example} for name, example in self.examples.items()
                ]
            }
        if self.buttons:
            buttons = [{"type": "QUICK_REPLY", "text": title} for title in self.buttons]
            components.append({"type": "BUTTONS", "buttons": buttons})
        return {
            "name": self.name,
            "language": self.language,
            "category": self.category,
            "parameter_format": "NAMED",
            "components": components,
        }


_INSPECTION: Final = {
    "property": "3-bedroom flat, Lekki Phase 1 (PR-1042)",
    "address": "14 Admiralty Way",
    "when": "Tue 24 Nov, 2:00 pm",
    "ref": "IN-3107",
}
_WHAT: Final = "{{property}}\n{{address}}\n{{when}}"

TEMPLATES: Final = (
    Template(
        name="inspection_booked",
        body=f"Your inspection is booked.\n\n{_WHAT}\n\nYou will meet {{{{person}}}}. "
        "Ref {{ref}}. If anything changes, tell us here.",
        examples=_INSPECTION | {"person": "Chidi Eze"},
        buttons=("Change", "Cancel"),
    ),
    Template(
        name="inspection_changed",
        body=f"Your inspection has been moved. This is the new time:\n\n{_WHAT}\n\n"
        "You will meet {{person}}. Ref {{ref}}. If it does not suit you, tell us here.",
        examples=_INSPECTION | {"person": "Chidi Eze"},
        buttons=("Change", "Cancel"),
    ),
    Template(
        name="inspection_reminder",
        body=f"A reminder: your inspection is {{{{left}}}}.\n\n{_WHAT}\n\n"
        "You will meet {{person}}. Ref {{ref}}. Are you coming?",
        examples=_INSPECTION | {"person": "Chidi Eze", "left": "tomorrow at 2:00 pm"},
        buttons=("I'm coming", "Change", "Cancel"),
    ),
    Template(
        name="inspection_near",
        body=f"A reminder. {{{{news}}}}\n\n{_WHAT}\n\n"
        "You will meet {{person}}. Ref {{ref}}. If anything changes, tell us here.",
        examples=_INSPECTION
        | {"person": "Chidi Eze", "news": "Your inspection is in 2 hours. You said you are coming."},
        buttons=("Change", "Cancel"),
    ),
    Template(
        name="inspection_unanswered",
        body=f"About your inspection: {{{{news}}}}\n\n{_WHAT}\n\n"
        "You will meet {{person}}. Ref {{ref}}. Are you coming?",
        examples=_INSPECTION
        | {
            "person": "Chidi Eze",
            "news": "It is in 6 hours, and you have not said yet whether you are coming.",
        },
        buttons=("I'm coming", "Change", "Cancel"),
    ),
    Template(
        name="place_given_away",
        body=f"About your inspection: {{{{news}}}}\n\n{_WHAT}\n\nRef {{{{ref}}}}. Are you coming after all?",
        examples=_INSPECTION
        | {"news": "You did not say that you are coming, so your place went to somebody who waits for it."},
        buttons=("I'm coming",),
    ),
    Template(
        name="inspection_today",
        body=f"A reminder: your inspection is {{{{left}}}}.\n\n{_WHAT}\n\n"
        "You will meet {{person}}. Door code: {{code}}. Ask for it: they know the same one. "
        "Ref {{ref}}. Are you coming?",
        examples=_INSPECTION | {"person": "Chidi Eze", "left": "today at 2:00 pm", "code": "\N{KEY} 4711"},
        buttons=("I'm coming", "Change", "Cancel"),
    ),
    Template(
        name="inspection_confirmed",
        body=f"Your inspection is confirmed.\n\n{_WHAT}\n\nYou will meet {{{{person}}}}. "
        "Ref {{ref}}. If anything changes, tell us here.",
        examples=_INSPECTION | {"person": "Chidi Eze"},
        buttons=("Change", "Cancel"),
    ),
    Template(
        name="inspection_refused",
        body=f"About the inspection that you asked for: {{{{news}}}}\n\n{_WHAT}\n\n"
        "Ref {{ref}}. You can ask for another time here.",
        examples=_INSPECTION
        | {"news": "Sorry, the agent can't do that time. Free instead: Wed 25 Nov, 10:00 am."},
        buttons=("See other times",),
    ),
    Template(
        name="inspection_in_doubt",
        body=f"About your inspection: {{{{news}}}}\n\n{_WHAT}\n\n"
        "Ref {{ref}}. Your inspection has not been cancelled. Do you want to cancel it?",
        examples=_INSPECTION | {"news": "The property has been let."},
        buttons=("Cancel it",),
    ),
    Template(
        name="inspection_feedback",
        body=f"About your inspection: {{{{news}}}}\n\n{_WHAT}\n\n"
        "Ref {{ref}}. Was the property as it was listed?",
        examples=_INSPECTION | {"news": "Your inspection has taken place."},
        buttons=("Yes", "Partly", "No"),
    ),
    Template(
        name="inspection_missed",
        body=f"About your inspection: {{{{news}}}}\n\n{_WHAT}\n\n"
        "Ref {{ref}}. You can book another one, or tell us what went wrong.",
        examples=_INSPECTION | {"news": "We were told that the agent was not there. We are sorry."},
        buttons=("Book again", "Report a problem"),
    ),
    Template(
        name="seeker_missed",
        body=f"About your inspection: {{{{news}}}}\n\n{_WHAT}\n\n"
        "Ref {{ref}}. Were you there? You can say so, book another one, or tell us what went wrong.",
        examples=_INSPECTION | {"news": "We were told that you were not there."},
        buttons=("I was there", "Book again", "Report a problem"),
    ),
    Template(
        name="place_offered",
        body="A place that you wait for is free:\n\n{{property}}\n{{address}}\n{{when}}\n\n"
        "It is yours for {{minutes}} minutes. Do you take it?",
        examples={name: value for name, value in _INSPECTION.items() if name != "ref"} | {"minutes": "15"},
        buttons=("Take it", "No, thanks"),
    ),
    Template(
        name="waiting_over",
        body="About your place on a waiting list: {{news}}\n\n{{property}}\n{{when}}\n\n"
        "You can look for another time here.",
        examples={
            "news": "You no longer wait for it: that time was closed.",
            "property": _INSPECTION["property"],
            "when": _INSPECTION["when"],
        },
        buttons=("See the times",),
    ),
    Template(
        name="inspection_instead",
        body=f"About your inspection: {{{{news}}}}\n\n{_WHAT}\n\n"
        "Ref {{ref}}. You can look at similar homes here, and book one.",
        examples=_INSPECTION
        | {"news": "Your inspection has been cancelled. The reason: “The property has been let”"},
        buttons=("Similar homes",),
    ),
    Template(
        name="enquiry_news",
        body="Is it still there? {{news}}\n\n{{property}}\n\nYou can look at it here.",
        examples={
            "news": "Yes, the agent confirmed it on Mon 23 Nov, 2:00 pm.",
            "property": _INSPECTION["property"],
        },
        buttons=("See it",),
    ),
    # To whoever shows the property, on the day.
    Template(
        name="visit_today",
        body=f"About an inspection of today: {{{{news}}}}\n\n{_WHAT}\n\n"
        "Door code: {{code}}. {{seeker}} will ask you for it. Ref {{ref}}. Tap when you are there.",
        examples=_INSPECTION
        | {"news": "Ada comes to inspect in 2 hours.", "code": "\N{KEY} 4711", "seeker": "Ada"},
        buttons=("I'm there",),
    ),
    Template(
        name="inspector_day",
        body="Good morning. You have {{news}}:\n\n{{visits}}\n\nTap to see them, with the way and who comes.",
        examples={
            "news": "2 inspections today",
            "visits": "10:00 am, Lekki Phase 1: 3-bedroom flat (PR-1042), Ada; "
            "2:00 pm, Yaba: studio (PR-1044), Tunde",
        },
        buttons=("My inspections",),
    ),
    Template(
        name="agent_week",
        body="Your week with Inspector.\n\nLast 7 days: {{past}}.\nNext 7 days: {{coming}}.\n\n{{times}}\n\n"
        "You can choose in the settings here which news you get.",
        examples={
            "past": "3 inspections took place, 5 new people interested, 40 people opened your links",
            "coming": "2 inspections, 1 request waits for you",
            "times": "No free times in the next 7 days: 3-bedroom flat, Lekki Phase 1 (PR-1042).",
        },
        buttons=("Who is coming", "Set times"),
    ),
    Template(
        name="visit_overdue",
        body="The time of your inspection is over. Are you out, and well?\n\n{{property}}\n{{when}}\n\n"
        "If we don't hear from you by {{until}}, our people will look for you.",
        examples={
            "property": _INSPECTION["property"],
            "when": _INSPECTION["when"],
            "until": "3:30 pm",
        },
        buttons=("I'm out", "I need more time", "I feel unsafe"),
    ),
    # To the agent who is asked, and to the inspector.
    Template(
        name="enquiry_asked",
        body="About your property: is it still there?\n\n{{property}}\n{{address}}\n\n"
        "{{who}} If it is taken, inspections that are coming up are cancelled, and whoever booked one sees "
        "similar homes.",
        examples={
            "property": _INSPECTION["property"],
            "address": _INSPECTION["address"],
            "who": "2 people want to know.",
        },
        buttons=("Still there", "Under offer", "Taken"),
    ),
    Template(
        name="visit_offered",
        body="An inspection near you needs an inspector:\n\n{{property}}\n{{address}}\n{{when}}\n\n"
        "Answer within {{minutes}} minutes, or somebody else is asked. Do you take it?",
        examples={name: value for name, value in _INSPECTION.items() if name != "ref"} | {"minutes": "15"},
        buttons=("I take it", "I can't"),
    ),
    Template(
        name="inspection_request",
        body=f"A request for an inspection of your property: {{{{news}}}}\n\n{_WHAT}\n\n"
        "Ref {{ref}}. Does that time suit you?",
        examples=_INSPECTION | {"news": "Ada asks for an inspection."},
        buttons=("Confirm", "Decline"),
    ),
    Template(
        name="inspection_assigned",
        body=f"About an inspection that you carry out: {{{{news}}}}\n\n{_WHAT}\n\n"
        "Ref {{ref}}. Will you be there?",
        examples=_INSPECTION | {"news": "Ada booked an inspection."},
        buttons=("I'll be there", "I can't"),
    ),
    # To agents and inspectors, and of what is off: there is nothing to tap.
    Template(
        name="inspection_news",
        body=f"News of an inspection: {{{{news}}}}\n\n{_WHAT}\n\nRef {{{{ref}}}}. "
        "Write *menu* to see what you can do.",
        examples=_INSPECTION | {"news": "Ada booked an inspection."},
    ),
    # Of properties: to their agents, and to seekers who saved them.
    Template(
        name="property_submitted",
        body="We have received your property {{property}}. Inspector looks at it and publishes it. You will "
        "hear as soon as it is live.",
        examples={"property": _INSPECTION["property"]},
    ),
    Template(
        name="property_rejected",
        body="About your property {{property}}: it was not published. The reason: {{why}} "
        "You can upload it again here, corrected.",
        examples={"property": _INSPECTION["property"], "why": "The photos show another house."},
        buttons=("Upload again",),
    ),
    Template(
        name="change_undone",
        body="About your property {{property}}: your last change was not accepted. It is {{status}} again.",
        examples={"property": _INSPECTION["property"], "status": "live"},
    ),
    Template(
        name="property_live",
        body="Your property {{property}} is live on Inspector. Open inspection slots, so that people can "
        "come and see it.",
        examples={"property": _INSPECTION["property"]},
        buttons=("Inspection slots", "Share"),
    ),
    Template(
        name="interest_shown",
        body="About your property {{property}}: {{seeker}} is interested and has saved it. You can invite "
        "them to inspect it.",
        examples={"property": _INSPECTION["property"], "seeker": "Ada"},
        buttons=("Invite to inspect",),
    ),
    Template(
        name="free_times_closed",
        body="The inspector {{inspector}} is away from {{start}} until {{end}}. These free times of yours "
        "were closed: {{times}}. You can open other times here.",
        examples={
            "inspector": "Chidi",
            "start": "Sat 28 Nov, 8:00 am",
            "end": "Sat 28 Nov, 6:00 pm",
            "times": "3-bedroom flat, Lekki Phase 1, Sat 28 Nov, 10:00 am",
        },
        buttons=("Inspection slots",),
    ),
    Template(
        name="property_gone",
        body="About a property that you saved: {{news}} It stays in your list until you remove it.",
        examples={"news": "3-bedroom flat, Lekki Phase 1 (PR-1042) has been let."},
        buttons=("Remove",),
    ),
    Template(
        name="inspection_invitation",
        body="About a property that you saved:\n\n{{property}}\n{{address}}\n\n"
        "Its agent invites you to inspect it. {{times}} You can book here.",
        examples={
            "property": _INSPECTION["property"],
            "address": _INSPECTION["address"],
            "times": "Free times: Wed 25 Nov, 10:00 am; Wed 25 Nov, 2:00 pm.",
        },
        buttons=("Book",),
    ),
    Template(
        name="property_available",
        body="A property that you saved is available again:\n\n{{property}}\n{{price}}\n\n"
        "You can book an inspection here, or remove it from your list.",
        examples={"property": _INSPECTION["property"], "price": "₦9,000,000 a year"},
        buttons=("Book", "Remove"),
        category="MARKETING",
    ),
    Template(
        name="price_changed",
        body="The price of a property that you saved has changed:\n\n{{property}}\nBefore: {{before}}\n"
        "Now: {{price}}\n\nYou can book an inspection here, or remove it from your list.",
        examples={
            "property": _INSPECTION["property"],
            "before": "₦10,000,000",
            "price": "₦9,000,000 a year",
        },
        buttons=("Book", "Remove"),
        category="MARKETING",
    ),
    Template(
        name="search_match",
        body="A new property fits your alert ({{wishes}}):\n\n{{property}}\n{{price}}\n\n"
        "You asked us to tell you at once. To change or pause this, write alerts here.",
        examples={
            "wishes": "3-bedroom flat for rent in Lekki Phase 1",
            "property": _INSPECTION["property"],
            "price": "₦9,000,000 a year",
        },
        buttons=("Book", "Save", "Less like this"),
        category="MARKETING",
    ),
    Template(
        name="search_digest",
        body="Your daily alert: {{news}}.\n\n{{properties}}\n\n"
        "To see one, write its ref here. You can change or pause this under My alerts.",
        examples={
            "news": "2 new properties for your alerts",
            "properties": "3-bedroom flat, Lekki Phase 1 (PR-1042), ₦9,000,000 a year; 2-bedroom flat, Yaba "
            "(PR-1050), ₦1,200,000 a year",
        },
        buttons=("My alerts",),
        category="MARKETING",
    ),
    # Several things that were held over night, and Inspector's own words.
    Template(
        name="morning_digest",
        body="Good morning. Since last night: {{news}}\n\nWrite *menu* to see everything.",
        examples={
            "news": "Your inspection has been moved. 3-bedroom flat, Lekki Phase 1, Tue 24 Nov, 2:00 pm "
            "(IN-3107); Chidi booked an inspection. 2-bedroom flat, Yaba, Wed 25 Nov, 10:00 am (IN-3108)"
        },
    ),
    Template(
        name="inspector_message",
        body="A message from Inspector about your account: {{text}}\n\n"
        "Write *menu* to see what you can do here.",
        examples={"text": "Our office in Lekki is closed on Friday. Your inspections take place as planned."},
    ),
    # To many at once, in an admin's words.
    Template(
        name="broadcast_news",
        body="Hello {{user}}, there is news about Inspector and your account: {{text}}\n\n"
        "Write *menu* to see what you can do here.",
        examples={
            "user": "Ada Obi",
            "text": "From Monday, inspections in Yaba can be booked until 7 pm.",
        },
    ),
    Template(
        name="broadcast_offer",
        body="Hello {{user}}, something new for you at Inspector: {{text}}\n\n"
        "Write *menu* to look around, or *stop* to get no more offers.",
        examples={
            "user": "Ada Obi",
            "text": "Twelve new 2-bedroom flats in Yaba can be inspected this weekend.",
        },
        category="MARKETING",
    ),
    # To a WhatsApp that has switched to another account: no details.
    Template(
        name="account_news",
        body="For {{user}}: there is news on Inspector. Write *switch* to change to that account and see it.",
        examples={"user": "Ada Obi"},
    ),
    # To a WhatsApp that has long been silent, and may be somebody else's by now: nothing at all.
    Template(
        name="update_waiting",
        body="Hello, you have an update in Inspector. Reply to see it.",
        examples={},
    ),
    # Of a connection: the account is not named, but for its own new one.
    Template(
        name="link_made",
        body="Connected. This chat can now see and change bookings of {{account}}. "
        "Not you? Write UNLINK here.",
        examples={"account": "c•••@g•••.com"},
    ),
    Template(
        name="link_ended",
        body="This chat is no longer connected to an Inspector account. If you did not do this, open "
        "{{site}} and tell us.",
        examples={"site": "https://inspector.example/security"},
    ),
    Template(
        name="link_suspended",
        body="To keep it safe, this chat's connection to an Inspector account is paused. Reconnect at "
        "{{site}} or write LINK here.",
        examples={"site": "https://inspector.example/connect"},
    ),
)


def by_name(name: str) -> Template:
    """The template of that name; KeyError when there is none."""
    return _BY_NAME[name]


_BY_NAME: Final = {template.name: template for template in TEMPLATES}
