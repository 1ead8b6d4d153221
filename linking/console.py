"""The page of one link: how it was proved, what was beside it, and the buttons that pause or end it."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp import clock
from inspector_whatsapp.admin.pages import masked
from inspector_whatsapp.callers import staff
from inspector_whatsapp.models import Link
from inspector_whatsapp.models.contacts import LinkState
from linking import histories, rules
from linking.rules import Why

if TYPE_CHECKING:
    from inspector_whatsapp.admin.pages import ReadOnly as _Page
else:
    _Page = object

ACTS = {"unlink": rules.unlink, "suspend": rules.suspend}


class WithHistory(_Page):
    """For the page of a link. Nothing here makes one, and no code is anywhere to be read."""

    exclude = ("proof",)  # told in words
    # Forms of its own, outside the page's.
    change_form_outer_before_template = "admin/inspector_whatsapp/link/above.html"

    def heading(self, row: Link) -> str:
        return f"{masked(row.contact)} → {row.account}"

    def get_urls(self) -> list[URLPattern]:
        act = self.admin_site.admin_view(self.act)
        return [path("<int:pk>/link/<str:act>/", act, name="link_act"), *super().get_urls()]

    def beside(self, request: HttpRequest, link: Link) -> dict[str, Any]:
        others = histories.beside(link)
        return super().beside(request, link) | {
            "steps": histories.steps(link),
            "whatsapp": masked(link.contact),
            "beside": [(one, masked(one.contact), histories.why_in_words(one)) for one in others],
            "acts": _acts(link) if _may_act(request) else [],
        }

    def act(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """GET asks whether they are sure, POST does it."""
        if not _may_act(request):
            raise PermissionDenied
        if act not in ACTS:
            raise Http404
        link = get_object_or_404(Link.objects.select_related("account", "contact"), pk=pk)
        if request.method != "POST":
            context = self.admin_site.each_context(request) | {
                "title": _("Disconnect?") if act == "unlink" else _("Pause?"),
                "opts": self.opts,
                "link": link,
                "act": act,
                "whatsapp": masked(link.contact),
                "possible": act in _acts(link),
            }
            return TemplateResponse(request, "admin/inspector_whatsapp/link/sure.html", context)
        if ACTS[act](link=link, why=Why.ADMIN, actor=staff(request), now=clock.now()):
            done = _("The link was ended.") if act == "unlink" else _("The link was paused.")
            self.log_change(request, link, done)
            self.message_user(request, str(done), messages.SUCCESS)
        else:
            late = _("Somebody was quicker, or it came to another end: nothing was changed.")
            self.message_user(request, str(late), messages.WARNING)
        return redirect("admin:inspector_whatsapp_link_change", pk)


def _may_act(request: HttpRequest) -> bool:
    return request.user.has_perm("inspector_whatsapp.change_link")


def _acts(link: Link) -> list[str]:
    """What can still be done to it."""
    match link.state:
        case LinkState.ACTIVE:
            return ["suspend", "unlink"]
        case LinkState.SUSPENDED:
            return ["unlink"]
    return []
