"""The pages about one person's data: what is kept, a copy of it, and its erasure."""

from dataclasses import dataclass
from typing import Any, Literal

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from inspector_whatsapp import audit, callers
from inspector_whatsapp.admin.pages import Page, masked
from inspector_whatsapp.admin.privacy.again import Again
from inspector_whatsapp.audit import Act
from inspector_whatsapp.callers import staff
from inspector_whatsapp.labels import masked_email
from inspector_whatsapp.models import Contact, Erasure, User
from inspector_whatsapp.privacy import erasing, exporting, holds
from inspector_whatsapp.privacy.people import Person

FOLDER = "admin/inspector_whatsapp/privacy"
EXPORT, ERASE = "inspector_whatsapp.export_person", "inspector_whatsapp.erase_person"


class WithPrivacy(Page):
    """A page of an account or a WhatsApp, with the way to what is kept of them."""

    def __init__(self, model: type[Model], admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        # Besides whatever the page itself lists.
        self.actions_detail = (*getattr(self, "actions_detail", ()), "privacy")

    @action(
        description=gettext_lazy("Privacy"),
        url_path="privacy",
        icon="shield_person",
        permissions=["view"],
    )  # type: ignore[untyped-decorator]
    def privacy(self, request: HttpRequest, object_id: int) -> HttpResponse:
        sort = "account" if self.model is User else "contact"
        return redirect("admin:privacy_person", sort, object_id)


@dataclass(frozen=True)
class Whom:
    """Whose data a page is about."""

    sort: Literal["account", "contact"]
    account: User | None
    contact: Contact | None
    person: Person

    @property
    def row(self) -> User | Contact:
        row = self.account or self.contact
        assert row is not None
        return row

    @property
    def title(self) -> str:
        """`account 12, c•••@g•••.com`"""
        shown = masked_email(self.account.email) if self.account else masked(self.contact)
        return f"{self.sort} {self.row.pk}, {shown}"

    @property
    def typed(self) -> str:
        """What is to be typed by whoever erases them: nothing that the page shows by itself."""
        return self.account.email if self.account else f"erase contact {self.row.pk}"


def _whom(request: HttpRequest, sort: str, pk: int) -> Whom:
    """Raises PermissionDenied, Http404."""
    if sort == "account":
        _demand(request, "inspector_whatsapp.view_user")
        account = get_object_or_404(User, pk=pk)
        audit.saw(account, actor=staff(request), address=callers.ip(request))
        return Whom("account", account, None, erasing.whose(account=account))
    if sort == "contact":
        _demand(request, "inspector_whatsapp.view_contact")
        contact = get_object_or_404(Contact, pk=pk)
        audit.saw(contact, actor=staff(request), address=callers.ip(request))
        return Whom("contact", None, contact, erasing.whose(contact=contact))
    raise Http404


def _demand(request: HttpRequest, *rights: str) -> None:
    if not all(request.user.has_perm(right) for right in rights):
        raise PermissionDenied


def _page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    whole = {**admin.site.each_context(request), "title": title, **context}
    return TemplateResponse(request, f"{FOLDER}/{template}.html", whole)


@never_cache
def person(request: HttpRequest, sort: str, pk: int) -> HttpResponse:
    """What is kept of somebody, and what may be done about it."""
    whom = _whom(request, sort, pk)
    consents = reverse("admin:notifications_consententry_changelist")
    which = "account__id__exact" if whom.account else "contact__id__exact"
    return _page(
        request,
        "person",
        _("What is kept of %(whom)s") % {"whom": whom.title},
        whom=whom,
        lines=erasing.summary(whom.person),
        holds=holds.on(whom.person),
        obstacle=erasing.obstacle(whom.person),
        open=Erasure.objects.filter(**{whom.sort: whom.row}, done_at=None).first(),
        may_export=request.user.has_perm(EXPORT),
        may_erase=request.user.has_perm(ERASE),
        may_hold=request.user.has_perm("inspector_whatsapp.add_legalhold"),
        hold=f"{reverse('admin:inspector_whatsapp_legalhold_add')}?{whom.sort}={whom.row.pk}",
        consents=f"{consents}?{which}={whom.row.pk}"
        if request.user.has_perm("notifications.view_consententry")
        else "",
    )


# --- a copy -----------------------------------------------------------------------------------------------
@never_cache
def export(request: HttpRequest, sort: str, pk: int) -> HttpResponse:
    """Make a copy of what is kept of somebody, once more having shown who asks."""
    whom = _whom(request, sort, pk)
    _demand(request, EXPORT)
    form = Again(request.POST or None, request=request)
    link = ""
    # With nothing to fill in, a form that was sent is as good as one that is right.
    if request.method == "POST" and (form.is_valid() if form.fields else True):
        made, token = exporting.make(
            whom.person, account=whom.account, contact=whom.contact, by=staff(request)
        )
        audit.record(
            Act.EXPORTED,
            actor=staff(request),
            subject=whom.row,
            says="a copy of everything that is kept of them was made",
            address=callers.ip(request),
            copy=made.pk,
            rows=made.rows,
        )
        link = request.build_absolute_uri(reverse("admin:privacy_fetch", args=[token]))
    title = _("A copy of what is kept of %(whom)s") % {"whom": whom.title}
    return _page(request, "export", title, whom=whom, form=form, link=link)


@never_cache
def fetch(request: HttpRequest, token: str) -> HttpResponse:
    """The copy: a page with its button, so that nothing that only looks at a link uses it up."""
    _demand(request, EXPORT)
    try:
        if request.method != "POST":
            return _page(request, "fetch", _("A copy of somebody's data"), export=exporting.find(token))
        export, content = exporting.fetch(token)
    except exporting.CannotFetch:
        gone = _page(request, "fetch", _("A copy of somebody's data"), export=None)
        gone.status_code = 410
        return gone
    audit.record(
        Act.EXPORTED,
        actor=staff(request),
        subject=export,
        says=f"the copy of {export.whose} was fetched",
        address=callers.ip(request),
    )
    headers = {
        "Content-Disposition": f'attachment; filename="inspector-{export.whose.replace(" ", "-")}.zip"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type="application/zip", headers=headers)


# --- the end of it ------------------------------------------------------------------------------------------
class EraseForm(Again):
    """Whoever erases somebody types whom, so that a click on the wrong page erases nobody."""

    whom = forms.CharField(
        label=gettext_lazy("Whom you erase"), widget=UnfoldAdminTextInputWidget({"autocomplete": "off"})
    )
    field_order = ("whom", "password", "code")

    def __init__(self, *args: Any, typed: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.typed = typed
        self.order_fields(self.field_order)

    def clean_whom(self) -> str:
        typed = str(self.cleaned_data["whom"]).strip()
        if typed.casefold() != self.typed.casefold():
            raise ValidationError(_("That is not what is asked for: nothing was erased."))
        return typed


@never_cache
def erase(request: HttpRequest, sort: str, pk: int) -> HttpResponse:
    """Ask for somebody's erasure, with what will go and what will stay in sight."""
    whom = _whom(request, sort, pk)
    _demand(request, ERASE)
    form = EraseForm(request.POST or None, request=request, typed=whom.typed)
    if request.method == "POST" and form.is_valid():
        try:
            erasure = erasing.ask(account=whom.account, contact=whom.contact, by=staff(request))
        except erasing.CannotErase as why:
            messages.error(request, str(why))
            return redirect("admin:privacy_person", sort, pk)
        audit.record(
            Act.CHANGED,
            actor=staff(request),
            subject=whom.row,
            says="asked for the erasure of everything that is kept of them",
            address=callers.ip(request),
            erasure=erasure.pk,
        )
        messages.success(request, _("It is being erased. This page says how far it is."))
        return redirect("admin:privacy_erasure", erasure.pk)
    return _page(
        request,
        "erase",
        _("Erase %(whom)s") % {"whom": whom.title},
        whom=whom,
        form=form,
        lines=erasing.summary(whom.person),
        obstacle=erasing.obstacle(whom.person),
    )


@never_cache
def erasure(request: HttpRequest, pk: int) -> HttpResponse:
    """How far an erasure is."""
    _demand(request, ERASE)
    row = get_object_or_404(Erasure.objects.select_related("asked_by"), pk=pk)
    return _page(request, "erasure", _("Erasure of %(whom)s") % {"whom": row.whose}, erasure=row)
