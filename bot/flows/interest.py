"""Who is interested in an agent's properties, and inviting them to inspect."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bot.questions import Option, choice, confirm
from bot.scripts import Last, Person, Script, Suggestion, ask, flow, last
from inspector_whatsapp import listings
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.listings import InvitedLately, NoLongerInterested, NothingFree, NotLive
from inspector_whatsapp.models import Interest, Property, Role
from inspector_whatsapp.words import join, say

INTEREST = Suggestion(say(_("Who is interested")), "interest")


@flow("interest", roles=(Role.AGENT,))
def interest(person: Person) -> Script:
    """An agent sees who is interested in which of their properties."""
    properties = listings.interests_of(person.user)
    if not properties[:1]:
        return last(
            say(_("Nobody has saved one of your properties yet. Share a link to bring people to them.")),
            Suggestion(say(_("Share a property")), "share"),
        )
    property = yield from ask(
        "property",
        choice(
            say(_("People are interested in these. Which one?")),
            properties,
            option=_property_option,
            field="ref",
            gone=say(_("Nobody is interested in that one any more.")),
        ),
    )
    chosen = yield from ask(
        "who",
        choice(
            join(
                say("*{property}*", property=property),
                say(_("Interested, the newest first. Pick somebody to invite them to inspect it.")),
            ),
            listings.interested_in(property),
            option=_person_option,
            gone=say(_("They are no longer interested.")),
        ),
    )
    return last(say(""), then="invite", argument=str(chosen.pk))


def _property_option(property: Property) -> Option:
    many = listings.interest_count(property)
    return Option(
        property.ref,
        say("{property:kind}", property=property),
        say(
            ngettext_lazy(
                "{many} person · {property:area} · {property:ref}",
                "{many} people · {property:area} · {property:ref}",
                many,
            ),
            many=many,
            property=property,
        ),
        also=(property.ref,),
    )


def _person_option(interest: Interest) -> Option:
    since = say(_("since {at:day}"), at=interest.created_at)
    if interest.invited_at is not None:
        since = say(_("since {at:day}, invited {on:day}"), at=interest.created_at, on=interest.invited_at)
    return Option(
        str(interest.pk),
        say("{seeker:first}", seeker=interest.seeker),
        since,
        starts=("invite", str(interest.pk)),
    )


@flow("invite", roles=(Role.AGENT,))
def invite(person: Person) -> Script:
    """An agent invites somebody who is interested to inspect a property."""
    interest = _named(person)
    if interest is None:
        return last(say(_("They are no longer interested.")), INTEREST)
    yes = yield from ask(
        "sure",
        confirm(
            join(
                say(_("Invite {seeker:first} to inspect this?"), seeker=interest.seeker),
                say("*{property}*", property=interest.property),
                say(_("They get a message with the free times.")),
            ),
            yes=say(_("Invite to inspect")),
            no=say(_("Not now")),
        ),
    )
    if not yes:
        return last(say(_("Nobody was invited.")), INTEREST)
    try:
        listings.invite(interest=interest, actor=person.user, origin=Origin.CHAT)
    except (NoLongerInterested, NotLive, InvitedLately, NothingFree) as refusal:
        return _refused(interest, refusal)
    return last(
        say(
            _("Invited: {seeker:first}. You will hear from me when they book {property}."),
            seeker=interest.seeker,
            property=interest.property,
        ),
        INTEREST,
    )


def _named(person: Person) -> Interest | None:
    """The live interest in one of their properties that the flow was begun with."""
    key = person.argument
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        return None
    shown = Interest.objects.filter(property__in=listings.of(person.user).values("pk"), removed_at=None)
    return shown.select_related("seeker", "property").filter(pk=key).first()


def _refused(interest: Interest, refusal: Exception) -> Last:
    """Why somebody could not be invited, and what may help."""
    property, seeker = interest.property, interest.seeker
    match refusal:
        case NothingFree():
            return last(
                say(_("{property} has no free times. Open some first, then invite."), property=property),
                Suggestion(say(_("Inspection slots")), "slots"),
                INTEREST,
            )
        case NotLive():
            return last(
                say(_("{property} is not live, so nobody can book it now."), property=property),
                Suggestion(say(_("Available or not")), "availability"),
                INTEREST,
            )
        case InvitedLately():
            return last(
                say(
                    _("You invited {seeker:first} on {at:day}. Give them a week before you ask again."),
                    seeker=seeker,
                    at=refusal.interest.invited_at,
                ),
                INTEREST,
            )
    return last(say(_("{seeker:first} is no longer interested."), seeker=seeker), INTEREST)
