"""Of people's accounts and chats, and what is said to many."""

from typing import Final

from notifications.wordings.template import Template

TEMPLATES: Final = (
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
