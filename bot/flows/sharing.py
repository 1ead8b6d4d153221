"""An agent's share link: to copy, and as a QR code for groups and flyers."""

from django.utils.translation import gettext_lazy as _

from bot.flows.cards import to_forward
from bot.questions import Option, choice
from bot.scripts import Person, Script, Suggestion, ask, flow, last
from inspector_whatsapp import listings, sharing
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.models import Property, Role
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.words import put, say

UPLOAD = Suggestion(say(_("Upload a property")), "upload_property")


@flow("share", roles=(Role.AGENT,))
def share(person: Person) -> Script:
    """An agent gets the link and the QR code of a property of theirs."""
    own = listings.of(person.user)
    live = own.filter(status=PropertyStatus.LIVE)
    if person.argument:
        ref = listings.ref_in(person.argument)
        property = own.filter(ref=ref).first()
        if property is None:
            return last(say(_("That is not one of your properties.")), OTHERS)
        if property.status != PropertyStatus.LIVE:
            return last(
                say(_("{property} is not live, so there is nothing to share yet."), property=property), OTHERS
            )
    elif not live[:1]:
        return last(say(_("You have no live property to share yet.")), UPLOAD)
    else:
        property = yield from ask(
            "property",
            choice(
                say(_("Which property do you want to share?")),
                live,
                option=_option,
                field="ref",
                gone=say(_("That property is not live any more.")),
            ),
        )
    caption = put(to_forward(property), person.reader)
    return last(
        say(_("Press and hold the picture above to forward it. It has the link, and its QR code to scan.")),
        Suggestion(say(_("Share another")), "share"),
        sends=(cloud.Image(cloud.Media(file=sharing.qr_name(property)), caption),),
    )


OTHERS = Suggestion(say(_("Share a property")), "share")


def _option(property: Property) -> Option:
    return Option(
        property.ref,
        say("{property:kind}", property=property),
        say(_("{property:price} · {property:area} · {property:ref}"), property=property),
        also=(property.ref,),
    )
