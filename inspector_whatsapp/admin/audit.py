"""The audit as it is read: who saw, searched, exported, changed what, and from where."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.db.models import CharField, ForeignKey, Model, OneToOneField, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp import audit, contacts
from inspector_whatsapp.admin.pages import ReadOnly, in_short
from inspector_whatsapp.marks import short
from inspector_whatsapp.models import AuditEntry, Contact, Inspection, Property, User

PEOPLE: dict[str, type[Model]] = {"contact": Contact, "user": User}


class ActorFilter(admin.SimpleListFilter):
    """Whoever may log in here."""

    title = _("who")
    parameter_name = "actor__id__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        staff = User.objects.filter(is_staff=True).order_by("email")
        return [(str(pk), email) for pk, email in staff.values_list("pk", "email")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        chosen = self.value()
        if chosen is None:
            return queryset
        return queryset.filter(actor=int(chosen)) if chosen.isdecimal() else queryset.none()


class PageFilter(admin.SimpleListFilter):
    """Of what."""

    title = _("page")
    parameter_name = "page__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        models = model_admin.admin_site._registry
        return sorted((model._meta.label_lower, _name(model._meta.label_lower)) for model in models)

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        chosen = self.value()
        return queryset if chosen is None else queryset.filter(page=chosen)


class PersonFilter(admin.SimpleListFilter):
    """One person: their own page, and those of whatever hangs on them. A person's page leads here."""

    title = _("person")
    parameter_name = "whom"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        whom = request.GET.get(self.parameter_name)
        if not whom:
            return []
        row = _person(whom)
        return [(whom, f"{_name(row._meta.label_lower)} {row.pk}" if row is not None else str(_("nobody")))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        whom = self.value()
        if whom is None:
            return queryset
        row = _person(whom)
        return queryset.filter(_about(row)) if row is not None else queryset.none()


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly):
    """Appended to by whatever the staff do here; PostgreSQL lets nobody change it."""

    has_numbers = False
    list_display = ("when", "actor", "act", "what", "says", "how", "address")
    list_filter = ("act", ActorFilter, PageFilter, PersonFilter)
    list_select_related = ("actor",)
    fields = ("at", "actor", "act", "what", "says", "details", "address")
    date_hierarchy = "at"
    search_fields: ClassVar[Any] = ("=object_id",)
    search_help_text = _(
        "A row's id or ref; the whole phone number or e-mail address of a person; or what was searched for."
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry], search_term: str
    ) -> tuple[QuerySet[AuditEntry], bool]:
        words = search_term.strip()
        if not words:
            return queryset, False
        wanted = Q(object_id=words) | Q(act=audit.Act.SEARCHED, details__digest=audit.digest(words))
        for row in _named(words):
            wanted |= Q(page=row._meta.label_lower, object_id=str(row.pk))
        return queryset.filter(wanted), False

    @admin.display(description=_("at"), ordering="id")
    def when(self, entry: AuditEntry) -> str | None:
        return in_short(entry.at)

    @admin.display(description=_("of what"), ordering="page")
    def what(self, entry: AuditEntry) -> str:
        """The row's page, or the list's."""
        name = _name(entry.page)
        shown = short(f"{name} {entry.object_id}".strip())
        try:
            model = apps.get_model(entry.page)
            place = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            if entry.object_id:
                link = reverse(f"{place}_change", args=[quote(entry.object_id)])
            else:
                link = reverse(f"{place}_changelist")
        except (LookupError, ValueError, NoReverseMatch):
            return shown
        return format_html('<a class="to-row" href="{}">{}</a>', link, shown)

    @admin.display(description=_("details"))
    def how(self, entry: AuditEntry) -> str:
        """`2 found`, `rows 40, numbers masked`, `changed name, role`"""
        return short(", ".join(_told(entry.details)))


def _told(details: dict[str, Any]) -> Iterator[str]:
    for name, value in details.items():
        if name == "digest" or value in ("", [], {}):
            continue
        if isinstance(value, dict):
            value = " ".join(f"{key}={each}" for key, each in value.items())
        if isinstance(value, list):
            value = " ".join(str(each) for each in value)
        yield f"{name.replace('_', ' ')}: {value}"


def _name(page: str) -> str:
    """`inspection` of `inspector_whatsapp.inspection`; a page that is of no model keeps its name."""
    try:
        return str(apps.get_model(page)._meta.verbose_name)
    except (LookupError, ValueError):
        return page


def _named(words: str) -> Iterator[Model]:
    """The rows that somebody means by a ref, a number or an address."""
    if phone := contacts.e164(words):
        yield from Contact.objects.filter(phone=phone)
        yield from User.objects.filter(phone=phone)
    if "@" in words:
        yield from User.objects.filter(email=words.casefold())
    yield from Inspection.objects.filter(ref=words.upper())
    yield from Property.objects.filter(ref=words.upper())


def _person(whom: str) -> Model | None:
    kind, _dash, key = whom.partition("-")
    model = PEOPLE.get(kind)
    if model is None or not (key.isascii() and key.isdecimal() and len(key) < 19):
        return None
    return model._default_manager.filter(pk=int(key)).first()


def _about(person: Model) -> Q:
    """Entries of the person's page, and of every row with a page that belongs to them."""
    wanted = Q(page=person._meta.label_lower, object_id=str(person.pk))
    for model in admin.site._registry:
        if model is AuditEntry:
            continue
        theirs = Q()
        for field in model._meta.fields:
            if isinstance(field, (ForeignKey, OneToOneField)) and field.related_model is type(person):
                theirs |= Q(**{field.name: person.pk})
        if theirs:
            rows = model._default_manager.filter(theirs).order_by()
            keys = rows.annotate(as_text=Cast("pk", CharField())).values("as_text")
            wanted |= Q(page=model._meta.label_lower, object_id__in=keys)
    return wanted
