"""What may be done to many links: ended, or paused until proved again; by the same rules as in the chat."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inspector_whatsapp import clock
from inspector_whatsapp.jobs import NotDone, Work
from inspector_whatsapp.models import Link, User
from linking import rules
from linking.rules import Why

PERMISSION = "inspector_whatsapp.change_link"


def unlink(link: Link, *, actor: User) -> str:
    """End it."""
    if not rules.unlink(link=link, why=Why.ADMIN, actor=actor, now=clock.now()):
        raise NotDone(_("It had ended before."))
    return _("The link was ended.")


def suspend(link: Link, *, actor: User) -> str:
    """Pause it."""
    if not rules.suspend(link=link, why=Why.ADMIN, actor=actor, now=clock.now()):
        raise NotDone(_("It is not active."))
    return _("The link was paused until proved again.")


UNLINK = Work(
    name="links.unlink",
    model=Link,
    title=gettext_lazy("Disconnect the chosen links"),
    permission=PERMISSION,
    do=unlink,
    told=lambda count: ngettext("%d link was ended.", "%d links were ended.", count) % count,
    with_them=("contact", "account"),
)
SUSPEND = Work(
    name="links.suspend",
    model=Link,
    title=gettext_lazy("Pause the chosen links until proved again"),
    permission=PERMISSION,
    do=suspend,
    told=lambda count: ngettext("%d link was paused.", "%d links were paused.", count) % count,
    with_them=("contact", "account"),
)
