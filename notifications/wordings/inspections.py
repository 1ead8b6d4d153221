"""Of inspections: to seekers, and to whoever shows them the property."""

from typing import Final

from notifications.wordings.template import INSPECTION, WHAT, Template

TEMPLATES: Final = (
    Template(
        name="inspection_booked",
        body=f"Your inspection is booked.\n\n{WHAT}\n\nYou will meet {{{{person}}}}. "
        "Ref {{ref}}. If anything changes, tell us here.",
        examples=INSPECTION | {"person": "Chidi Eze"},
        buttons=("Change", "Cancel"),
    ),
    Template(
        name="inspection_changed",
        body=f"Your inspection has been moved. This is the new time:\n\n{WHAT}\n\n"
        "You will meet {{person}}. Ref {{ref}}. If it does not suit you, tell us here.",
        examples=INSPECTION | {"person": "Chidi Eze"},
        buttons=("Change", "Cancel"),
    ),
    Template(
        name="inspection_reminder",
        body=f"A reminder: your inspection is {{{{left}}}}.\n\n{WHAT}\n\n"
        "You will meet {{person}}. Ref {{ref}}. Are you coming?",
        examples=INSPECTION | {"person": "Chidi Eze", "left": "tomorrow at 2:00 pm"},
        buttons=("I'm coming", "Change", "Cancel"),
    ),
    Template(
        name="inspection_near",
        body=f"A reminder. {{{{news}}}}\n\n{WHAT}\n\n"
        "You will meet {{person}}. Ref {{ref}}. If anything changes, tell us here.",
        examples=INSPECTION
        | {"person": "Chidi Eze", "news": "Your inspection is in 2 hours. You said you are coming."},
        buttons=("Change", "Cancel"),
    ),
    Template(
        name="inspection_unanswered",
        body=f"About your inspection: {{{{news}}}}\n\n{WHAT}\n\n"
        "You will meet {{person}}. Ref {{ref}}. Are you coming?",
        examples=INSPECTION
        | {
            "person": "Chidi Eze",
            "news": "It is in 6 hours, and you have not said yet whether you are coming.",
        },
        buttons=("I'm coming", "Change", "Cancel"),
    ),
    Template(
        name="place_given_away",
        body=f"About your inspection: {{{{news}}}}\n\n{WHAT}\n\nRef {{{{ref}}}}. Are you coming after all?",
        examples=INSPECTION
        | {"news": "You did not say that you are coming, so your place went to somebody who waits for it."},
        buttons=("I'm coming",),
    ),
    Template(
        name="inspection_today",
        body=f"A reminder: your inspection is {{{{left}}}}.\n\n{WHAT}\n\n"
        "You will meet {{person}}. Door code: {{code}}. Ask for it: they know the same one. "
        "Ref {{ref}}. Are you coming?",
        examples=INSPECTION | {"person": "Chidi Eze", "left": "today at 2:00 pm", "code": "\N{KEY} 4711"},
        buttons=("I'm coming", "Change", "Cancel"),
    ),
    Template(
        name="inspection_confirmed",
        body=f"Your inspection is confirmed.\n\n{WHAT}\n\nYou will meet {{{{person}}}}. "
        "Ref {{ref}}. If anything changes, tell us here.",
        examples=INSPECTION | {"person": "Chidi Eze"},
        buttons=("Change", "Cancel"),
    ),
    Template(
        name="inspection_refused",
        body=f"About the inspection that you asked for: {{{{news}}}}\n\n{WHAT}\n\n"
        "Ref {{ref}}. You can ask for another time here.",
        examples=INSPECTION
        | {"news": "Sorry, the agent can't do that time. Free instead: Wed 25 Nov, 10:00 am."},
        buttons=("See other times",),
    ),
    Template(
        name="inspection_in_doubt",
        body=f"About your inspection: {{{{news}}}}\n\n{WHAT}\n\n"
        "Ref {{ref}}. Your inspection has not been cancelled. Do you want to cancel it?",
        examples=INSPECTION | {"news": "The property has been let."},
        buttons=("Cancel it",),
    ),
    Template(
        name="inspection_feedback",
        body=f"About your inspection: {{{{news}}}}\n\n{WHAT}\n\n"
        "Ref {{ref}}. Was the property as it was listed?",
        examples=INSPECTION | {"news": "Your inspection has taken place."},
        buttons=("Yes", "Partly", "No"),
    ),
    Template(
        name="inspection_missed",
        body=f"About your inspection: {{{{news}}}}\n\n{WHAT}\n\n"
        "Ref {{ref}}. You can book another one, or tell us what went wrong.",
        examples=INSPECTION | {"news": "We were told that the agent was not there. We are sorry."},
        buttons=("Book again", "Report a problem"),
    ),
    Template(
        name="seeker_missed",
        body=f"About your inspection: {{{{news}}}}\n\n{WHAT}\n\n"
        "Ref {{ref}}. Were you there? You can say so, book another one, or tell us what went wrong.",
        examples=INSPECTION | {"news": "We were told that you were not there."},
        buttons=("I was there", "Book again", "Report a problem"),
    ),
    Template(
        name="place_offered",
        body="A place that you wait for is free:\n\n{{property}}\n{{address}}\n{{when}}\n\n"
        "It is yours for {{minutes}} minutes. Do you take it?",
        examples={name: value for name, value in INSPECTION.items() if name != "ref"} | {"minutes": "15"},
        buttons=("Take it", "No, thanks"),
    ),
    Template(
        name="waiting_over",
        body="About your place on a waiting list: {{news}}\n\n{{property}}\n{{when}}\n\n"
        "You can look for another time here.",
        examples={
            "news": "You no longer wait for it: that time was closed.",
            "property": INSPECTION["property"],
            "when": INSPECTION["when"],
        },
        buttons=("See the times",),
    ),
    Template(
        name="inspection_instead",
        body=f"About your inspection: {{{{news}}}}\n\n{WHAT}\n\n"
        "Ref {{ref}}. You can look at similar homes here, and book one.",
        examples=INSPECTION
        | {"news": "Your inspection has been cancelled. The reason: “The property has been let”"},
        buttons=("Similar homes",),
    ),
    Template(
        name="enquiry_news",
        body="Is it still there? {{news}}\n\n{{property}}\n\nYou can look at it here.",
        examples={
            "news": "Yes, the agent confirmed it on Mon 23 Nov, 2:00 pm.",
            "property": INSPECTION["property"],
        },
        buttons=("See it",),
    ),
    # To whoever shows the property, on the day.
    Template(
        name="visit_today",
        body=f"About an inspection of today: {{{{news}}}}\n\n{WHAT}\n\n"
        "Door code: {{code}}. {{seeker}} will ask you for it. Ref {{ref}}. Tap when you are there.",
        examples=INSPECTION
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
            "property": INSPECTION["property"],
            "when": INSPECTION["when"],
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
            "property": INSPECTION["property"],
            "address": INSPECTION["address"],
            "who": "2 people want to know.",
        },
        buttons=("Still there", "Under offer", "Taken"),
    ),
    Template(
        name="visit_offered",
        body="An inspection near you needs an inspector:\n\n{{property}}\n{{address}}\n{{when}}\n\n"
        "Answer within {{minutes}} minutes, or somebody else is asked. Do you take it?",
        examples={name: value for name, value in INSPECTION.items() if name != "ref"} | {"minutes": "15"},
        buttons=("I take it", "I can't"),
    ),
    Template(
        name="inspection_request",
        body=f"A request for an inspection of your property: {{{{news}}}}\n\n{WHAT}\n\n"
        "Ref {{ref}}. Does that time suit you?",
        examples=INSPECTION | {"news": "Ada asks for an inspection."},
        buttons=("Confirm", "Decline"),
    ),
    Template(
        name="inspection_assigned",
        body=f"About an inspection that you carry out: {{{{news}}}}\n\n{WHAT}\n\n"
        "Ref {{ref}}. Will you be there?",
        examples=INSPECTION | {"news": "Ada booked an inspection."},
        buttons=("I'll be there", "I can't"),
    ),
    # To agents and inspectors, and of what is off: there is nothing to tap.
    Template(
        name="inspection_news",
        body=f"News of an inspection: {{{{news}}}}\n\n{WHAT}\n\nRef {{{{ref}}}}. "
        "Write *menu* to see what you can do.",
        examples=INSPECTION | {"news": "Ada booked an inspection."},
    ),
)
