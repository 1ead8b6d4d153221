"""Conversations: where each stands, and what was said."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.forms.widgets import Script
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from bot import handover
from bot.admin import filters, finding
from bot.admin.chat import page, transcript
from bot.models import Conversation, InboundEvent, Upload
from bot.scripts import FLOWS
from inspector_whatsapp import clock, deadlocks, files
from inspector_whatsapp.admin.pages import ReadOnly, in_short, masked
from inspector_whatsapp.admin.photos import painted
from inspector_whatsapp.callers import staff
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.console import trail
from inspector_whatsapp.marks import short, visible
from inspector_whatsapp.models import Contact, Link, OutboxMessage
from inspector_whatsapp.models.contacts import LinkState

UNTIL = "until"
MOST_WORDS = 60  # characters of the last message in the list


def _last_words(contacts: list[int]) -> Mapping[int, tuple[str, bool]]:
    """The newest words in each chat, and whether they are ours."""
    theirs = InboundEvent.objects.filter(contact=OuterRef("pk"), kind="message").order_by("-pk")
    ours = OutboxMessage.objects.filter(contact=OuterRef("pk"), channel="whatsapp").order_by("-pk")
    rows = Contact.objects.filter(pk__in=contacts).values_list(
        "pk",
        Subquery(theirs.values("text")[:1]),
        Subquery(theirs.values("received_at")[:1]),
        Subquery(ours.values("text")[:1]),
        Subquery(ours.values("created_at")[:1]),
    )
    return {
        pk: (told or "", True)
        if told_at is not None and (heard_at is None or told_at >= heard_at)
        else (heard or "", False)
        for pk, heard, heard_at, told, told_at in rows
    }


@admin.register(Conversation)
class ConversationAdmin(ReadOnly):
    """One row per contact; its page is the chat."""

    list_display = ("name", "whom", "last", "has_it", "window", "doing", "active", "waits")
    list_filter = (
        *(filters.PersonFilter, filters.PendingFilter, filters.WindowFilter),
        *(filters.LinkedFilter, filters.RoleFilter, filters.FlowFilter),
    )
    list_select_related = ("contact", "human_by")
    list_per_page = 50
    ordering: ClassVar[Any] = (F("turned_at").desc(nulls_last=True), "-pk")
    sortable_by = ()
    search_fields = ("pk",)  # there is a search; what it finds is said in `finding`
    search_help_text = gettext_lazy("Name, number or its end, e-mail, ref, words")
    exclude = ("lease_token",)
    change_form_template = "admin/bot/conversation/chat.html"

    class Media:
        css = {"all": ("bot/transcript.css",)}
        js = (Script("bot/chat.js", defer=True),)

    # --- the list -----------------------------------------------------------------------------------------
    def prepare(self, rows: Iterable[Any]) -> None:
        """Put to each row whom it is with and what was said last: two queries, once."""
        rows = list(rows)
        contacts = [row.contact_id for row in rows]
        current = Link.objects.filter(contact__in=contacts, current=True, state=LinkState.ACTIVE)
        accounts = {link.contact_id: link.account for link in current.select_related("account")}
        said, now = _last_words(contacts), clock.now()
        for row in rows:
            row.speaks_for = accounts.get(row.contact_id)
            row.last_words = said.get(row.contact_id, ("", True))
            row.left = handover.window_left(row.contact, now=now)
            row.silent = handover.is_silent(row, now=now)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Conversation], search_term: str
    ) -> tuple[QuerySet[Conversation], bool]:
        if not search_term.strip():
            return queryset, False
        ends = trail.may_see_numbers(request)
        return finding.conversations(queryset, search_term, ends=ends), False

    @admin.display(description=gettext_lazy("name"))
    def name(self, row: Any) -> SafeString:
        """The account's, else what they call themselves on WhatsApp."""
        account = row.speaks_for
        if account is None:
            return short(row.contact.profile_name or _("Nobody we know"))
        role = format_html('<small class="chat-role">{}</small>', account.get_role_display())
        return format_html("{}{}", short(str(account)), role)

    def heading(self, row: Any) -> str:
        return str(row.account or row.contact.profile_name or masked(row.contact))

    @admin.display(description=gettext_lazy("number"))
    def whom(self, row: Any) -> str | None:
        return masked(row.contact)

    @admin.display(description=gettext_lazy("flow"))
    def doing(self, row: Any) -> SafeString | None:
        flow = FLOWS.get(row.flow)
        return short(flow.title if flow is not None else row.flow) if row.flow else None

    @admin.display(description=gettext_lazy("last words"))
    def last(self, row: Any) -> SafeString | None:
        text, ours = row.last_words
        if not text:
            return None
        words = visible(" ".join(text[: 4 * MOST_WORDS].split()), most=MOST_WORDS)
        return format_html('<span class="last-words">{}{}</span>', "↩ " if ours else "", words)

    @admin.display(description=gettext_lazy("last activity"))
    def active(self, row: Any) -> str | None:
        return in_short(row.turned_at)

    @admin.display(description=gettext_lazy("pending"))
    def waits(self, row: Any) -> str | None:
        return in_short(row.pending_since)

    @admin.display(description=gettext_lazy("window"))
    def window(self, row: Any) -> str | None:
        minutes = int(row.left.total_seconds()) // 60
        return f"{minutes // 60} h {minutes % 60:02} min" if row.left else None

    @admin.display(description=gettext_lazy("who answers"))
    def has_it(self, row: Any) -> SafeString | str:
        if not row.silent:
            return _("the bot")
        return (
            short(str(row.human_by)) if row.human_by else format_html("<b>{}</b>", _("a person is asked for"))
        )

    # --- the chat -----------------------------------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        def guarded(view: Any) -> Any:
            return self.admin_site.admin_view(view)

        return [
            path("<int:pk>/chat/news/", guarded(require_GET(self.news)), name="conversation_news"),
            path("<int:pk>/chat/photo/<int:upload>/", guarded(self.photo), name="conversation_photo"),
            path(
                "<int:pk>/chat/sent/<int:message>/", guarded(self.sent_photo), name="conversation_sent_photo"
            ),
            path("<int:pk>/chat/<str:act>/", guarded(require_POST(self.act)), name="conversation_act"),
            *super().get_urls(),
        ]

    def beside(self, request: HttpRequest, talk: Conversation) -> dict[str, Any]:
        until = _moment(request.GET.get(UNTIL, ""))
        version = transcript.version(talk.pk)
        # After it, as of now: what changes while the rest is read is news then.
        talk = self.get_queryset(request).get(pk=talk.pk)
        found = page.shown(talk, version=version, viewer=staff(request), until=until)
        return found | {"kept": page.kept(request, talk)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        rows: QuerySet[Conversation] = super().get_queryset(request)
        return rows.select_related("contact", "human_by")

    def _seen(self, request: HttpRequest, pk: int) -> Conversation:
        """A conversation, for who may look at it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)

    def news(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What has changed on a page that is open: asked for every other second, as a rule for nothing."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        # Before the rest is read: what changes meanwhile is news the next time.
        version = transcript.version(pk)
        if request.GET.get("after") == version:
            return HttpResponse(status=204)
        talk = self._seen(request, pk)
        return JsonResponse(page.news(request, talk, version=version, viewer=staff(request)))

    def act(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """Take the chat over, answer in it, hand it back to the bot, or end what is under way."""
        admin = staff(request)
        if not admin.has_perm("bot.change_conversation"):
            raise PermissionDenied
        talk = get_object_or_404(Conversation, pk=pk)
        try:
            done = deadlocks.retried(partial(page.do, request, talk, act, admin=admin))
        except handover.CannotAnswer as why:
            page.keep(request, talk)
            self.message_user(request, str(why), messages.ERROR)
        else:
            if done is None:
                raise Http404
            self.message_user(request, done, messages.SUCCESS)
        return redirect("admin:bot_conversation_change", pk)

    def photo(self, request: HttpRequest, pk: int, upload: int) -> HttpResponse:
        """A photo that they sent."""
        talk = self._seen(request, pk)
        return _painted(get_object_or_404(Upload, pk=upload, contact=talk.contact_id).file)

    def sent_photo(self, request: HttpRequest, pk: int, message: int) -> HttpResponse:
        """The photo of a message of ours."""
        talk = self._seen(request, pk)
        sent = get_object_or_404(OutboxMessage, pk=message, contact=talk.contact_id, channel="whatsapp")
        return _painted(cloud.seen(sent.body or {}).file)


def _painted(name: str) -> HttpResponse:
    try:
        data, _mime = files.read(name)
    except (OSError, ValueError) as error:
        raise Http404("The file is gone.") from error
    return painted(BytesIO(data))


def _moment(typed: str) -> datetime | None:
    try:
        moment = parse_datetime(typed)
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo else None
