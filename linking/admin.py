"""Who is connected to what. All of it is read here; a link can be paused or ended, never made."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from inspector_whatsapp.admin.around import WithWays
from inspector_whatsapp.admin.by_day import ByDay
from inspector_whatsapp.admin.filters import ValuesFilter
from inspector_whatsapp.admin.many import many
from inspector_whatsapp.admin.pages import ReadOnly, masked
from inspector_whatsapp.admin.privacy.person import WithPrivacy
from inspector_whatsapp.marks import short
from inspector_whatsapp.models import Contact, Link
from linking import challenges, histories
from linking.console import WithHistory
from linking.jobs import SUSPEND, UNLINK
from linking.models import AccountGuard, LinkChallenge, LinkIntent, WrongToken


@admin.register(Contact)
class ContactAdmin(WithWays, WithPrivacy, ReadOnly):
    """WhatsApp identities; numbers are masked where many are seen at once."""

    list_display = (
        "pk",
        "masked",
        "username",
        "profile_name",
        "language",
        "last_inbound_at",
        "blocked_reason",
    )
    list_filter = ("language",)
    search_fields = ("=phone", "=user_id", "=username")

    @admin.display(description=_("phone"))
    def masked(self, contact: Contact) -> str | None:
        return masked(contact)


@admin.register(Link)
class LinkAdmin(WithHistory, ReadOnly):
    """Links, and the buttons that pause or end them by the same rules as the chat."""

    list_display = ("pk", "account", "whatsapp", "stands", "current", "made_at", "ended_at", "why")
    list_filter = (
        "state",
        "current",
        ("ended_why", ValuesFilter),
        ("made_at", ByDay),
        ("ended_at", ByDay),
    )
    list_filter_submit = True
    list_select_related = ("account", "contact")
    search_fields = ("=account__email", "=contact__phone")
    actions = (many(UNLINK), many(SUSPEND))

    @admin.display(description=_("WhatsApp"))
    def whatsapp(self, link: Link) -> str | None:
        return masked(link.contact)

    @display(
        description=_("state"),
        ordering="state",
        label={"active": "success", "suspended": "warning", "ended": None},
    )  # type: ignore[untyped-decorator]
    def stands(self, link: Link) -> tuple[str, str]:
        return link.state, link.get_state_display()

    @admin.display(description=_("why"), ordering="ended_why")
    def why(self, link: Link) -> str | None:
        return short(str(histories.why_in_words(link))) if link.ended_why else None

    def has_rules_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("inspector_whatsapp.change_link")


@admin.register(LinkChallenge)
class LinkChallengeAdmin(ReadOnly):
    """Requests to link: how far each came. The code and the typed address are nowhere to be read."""

    list_display = ("pk", "contact", "account", "state", "created_at", "mails", "sent", "attempts")
    list_filter = ("state",)
    list_select_related = ("account", "contact")
    search_fields = ("=account__email", "=contact__phone")
    exclude = ("address_digest",)


@admin.register(LinkIntent)
class LinkIntentAdmin(ReadOnly):
    """Requests that began on the website: how far each came. The token is nowhere to be read."""

    list_display = ("pk", "account", "state", "whatsapp", "created_at", "claimed_at", "expires_at")
    list_filter = ("state",)
    list_select_related = ("account", "contact")
    search_fields = ("=account__email", "=contact__phone")
    exclude = ("session_digest", "token_digest")

    @admin.display(description=_("WhatsApp"))
    def whatsapp(self, intent: LinkIntent) -> str | None:
        return masked(intent.contact)


@admin.register(WrongToken)
class WrongTokenAdmin(ReadOnly):
    """Chats that sent what is no token of the website's, or none any more."""

    list_display = ("pk", "contact", "at")
    list_select_related = ("contact",)
    search_fields = ("=contact__phone",)


@admin.register(AccountGuard)
class AccountGuardAdmin(ReadOnly):
    """Accounts closed to linking from chats by too many wrong codes, and the button that opens them again."""

    list_display = ("pk", "account", "wrong_in_a_row", "closed_at")
    list_filter = (("closed_at", admin.EmptyFieldListFilter),)
    list_select_related = ("account",)
    search_fields = ("=account__email",)
    actions = ("reopen",)

    def has_rules_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("linking.change_accountguard")

    @admin.action(description=_("Allow linking from the chat again"), permissions=["rules"])
    def reopen(self, request: HttpRequest, chosen: QuerySet[AccountGuard]) -> None:
        opened = [guard for guard in chosen.select_related("account") if challenges.reopen(guard.account)]
        sentence = ngettext("%d account was opened.", "%d accounts were opened.", len(opened)) % len(opened)
        for guard in opened:
            self.log_change(request, guard, sentence)
        self.message_user(request, sentence, messages.SUCCESS if opened else messages.WARNING)
