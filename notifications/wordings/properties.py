"""Of properties: to their agents, and to seekers who saved them or look for one."""

from typing import Final

from notifications.wordings.template import INSPECTION, Template

TEMPLATES: Final = (
    Template(
        name="property_submitted",
        body="We have received your property {{property}}. Inspector looks at it and publishes it. You will "
        "hear as soon as it is live.",
        examples={"property": INSPECTION["property"]},
    ),
    Template(
        name="property_rejected",
        body="About your property {{property}}: it was not published. The reason: {{why}} "
        "You can upload it again here, corrected.",
        examples={"property": INSPECTION["property"], "why": "The photos show another house."},
        buttons=("Upload again",),
    ),
    Template(
        name="change_undone",
        body="About your property {{property}}: your last change was not accepted. It is {{status}} again.",
        examples={"property": INSPECTION["property"], "status": "live"},
    ),
    Template(
        name="property_live",
        body="Your property {{property}} is live on Inspector. Open inspection slots, so that people can "
        "come and see it.",
        examples={"property": INSPECTION["property"]},
        buttons=("Inspection slots", "Share"),
    ),
    Template(
        name="interest_shown",
        body="About your property {{property}}: {{seeker}} is interested and has saved it. You can invite "
        "them to inspect it.",
        examples={"property": INSPECTION["property"], "seeker": "Ada"},
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
            "property": INSPECTION["property"],
            "address": INSPECTION["address"],
            "times": "Free times: Wed 25 Nov, 10:00 am; Wed 25 Nov, 2:00 pm.",
        },
        buttons=("Book",),
    ),
    Template(
        name="property_available",
        body="A property that you saved is available again:\n\n{{property}}\n{{price}}\n\n"
        "You can book an inspection here, or remove it from your list.",
        examples={"property": INSPECTION["property"], "price": "₦9,000,000 a year"},
        buttons=("Book", "Remove"),
        category="MARKETING",
    ),
    Template(
        name="price_changed",
        body="The price of a property that you saved has changed:\n\n{{property}}\nBefore: {{before}}\n"
        "Now: {{price}}\n\nYou can book an inspection here, or remove it from your list.",
        examples={
            "property": INSPECTION["property"],
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
            "property": INSPECTION["property"],
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
)
