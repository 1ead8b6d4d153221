"""What the console's pages have in common."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import quote
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import dateformat
from django.utils.text import capfirst
from django.utils.timezone import localtime

from inspector_whatsapp import audit, callers, numbers
from inspector_whatsapp.admin import exports, meanwhile
from inspector_whatsapp.admin.paging import Capped
from inspector_whatsapp.audit import Act
from inspector_whatsapp.console import trail
from inspector_whatsapp.labels import masked_email
from inspector_whatsapp.marks import numbered, pretty, short, visible
from inspector_whatsapp.models import Contact, User
from inspector_whatsapp.templatetags.marks import heading

if TYPE_CHECKING:  # the theme's classes have no types: they are Django's, with other looks
    from django.contrib.admin import ModelAdmin
else:
    from unfold.admin import ModelAdmin

Column = str | Callable[[Any], Any]
_WORDS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, ArrayField)
# Columns of short names that this service gave: kinds, channels, tables.
_NAMED_BY_US = frozenset({"kind", "channel", "origin", "flow", "ended_why", "page", "category", "code"})
SEE_AUDIT = "inspector_whatsapp.view_auditentry"


class Page(ModelAdmin):  # type: ignore[type-arg]
    """A list whose columns of people's words show what is hidden in them, and its rows' pages.

    What is changed by it is audited; who looked is noted around every page (`console.trail`).
    """

    # Whether a row's page may have people's numbers in it, and so the button that shows them whole.
    has_numbers = True

    class Media:
        css = {"all": ("inspector_whatsapp/console.css",)}

    def __init__(self, model: type[models.Model], admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        # Once, not per request: Django looks for the same objects among those to sort by.
        self.list_display: Any = [in_list(model, column) for column in self.list_display]
        # Where a field is not to be edited, the theme asks this what to make of its value.
        self.readonly_preprocess_fields = {field.name: numbered for field in self.opts.fields}

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Every list can be exported by those who may."""
        actions: dict[str, Any] = super().get_actions(request)
        if self.actions is not None and exports.may_export(request) and self.has_view_permission(request):
            actions["export"] = (exports.export, "export", exports.DESCRIPTION)
        return actions

    # As the page of accounts has it, which knows `change` by name alone.
    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:  # type: ignore[override]
        return meanwhile.form_of(super().get_form(request, obj, **kwargs))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row; held while it is saved, so that of two at once the second sees what the first has done."""
        row = super().get_object(request, object_id, from_field)
        if row is None or request.method != "POST" or not self.has_change_permission(request, row):
            return row
        self.model._default_manager.select_for_update(of=("self",)).filter(pk=row.pk).first()
        return super().get_object(request, object_id, from_field)

    def beside(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """For the template of a row's page: what it shows besides the fields, to whom may see the row."""
        return {}

    def prepare(self, rows: Iterable[Any]) -> None:
        """Put to rows that are shown or exported together what their columns need and no join brings."""

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        shown: ChangeList = super().get_changelist_instance(request)
        self.prepare(shown.result_list)
        shown.title = str(capfirst(self.opts.verbose_name_plural))  # not "Select … to view"
        return shown

    def heading(self, row: Any) -> str:
        """What stands above a row's page and in the browser's tab."""
        return str(row)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """A column of words is not felt out by a typed address: `?phone__startswith=+234803`."""
        field = _field(self.model, lookup.partition("__")[0])
        if isinstance(field, _WORDS) and not field.choices and not _is_exact(lookup, field):
            return False
        return super().lookup_allowed(lookup, value, request)

    def narrowed_by(self, request: HttpRequest) -> dict[str, str]:
        """By what a list was narrowed, for what is kept of it for long: nobody's words are in it."""
        return {
            name: "•••" if self._is_of_words(name) else numbers.masked_in(str(value))[:100]
            for name, value in request.GET.items()
            if value and name not in (SEARCH_VAR, "o", "p", "all", "e")
        }

    def _is_of_words(self, lookup: str) -> bool:
        parts, model = lookup.split("__"), self.model
        field: Any = None
        for part in parts:
            try:
                field = model._meta.get_field(part)
            except FieldDoesNotExist:
                break
            model = field.related_model or model
        return isinstance(field, _WORDS) and not field.choices and field.name not in _NAMED_BY_US

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = context.get("original")
        if row is not None:
            context |= {
                "title": capfirst(self.opts.verbose_name_plural),
                "subtitle": heading(row),
                "reveal": trail.REVEAL,
                "may_reveal": self.has_numbers and trail.may_see_numbers(request),
                "are_whole": numbers.are_whole(),
                "who_saw": _who_saw(row) if request.user.has_perm(SEE_AUDIT) else "",
            }
            context |= self.beside(request, row)
        return super().render_change_form(request, context, *args, **kwargs)

    # Django calls one of these for whatever is done to a row, and so do our actions.
    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        _audited(request, obj, message)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        _audited(request, obj, message)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for row in queryset:
            _audited(request, row, [{"deleted": {}}])
        return super().log_deletions(request, queryset)


class NoDelete(Page):
    """What hangs together with inspections and messages is switched off, not deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ReadOnly(NoDelete):
    """Written by the service: nothing is added, changed or deleted by hand. Every field is to be read."""

    ordering: ClassVar[Any] = ("-pk",)
    # Counting a long table takes longer than showing a page of it.
    show_full_result_count = False
    paginator = Capped

    def __init__(self, model: type[models.Model], admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        hidden = {"id", *(self.exclude or ())}
        names = self.fields or [field.name for field in self.opts.fields if field.name not in hidden]
        self.fields = [on_page(model, str(name)) for name in names]  # type: ignore[misc]
        self.readonly_fields = self.fields  # type: ignore[misc, assignment]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


def masked(contact: Contact | None) -> str | None:
    """A WhatsApp identity where many are seen at once."""
    if contact is None:
        return None
    return numbers.masked(contact.phone) if contact.phone else str(contact)


def recipient(contact: Contact | None, account: User | None) -> str | None:
    """Who gets a message: the WhatsApp, or the mailbox."""
    return masked(contact) or (masked_email(account.email) if account else None)


def in_short(moment: datetime | None) -> str | None:
    """`22 Nov 19:10:07`, in the service's zone."""
    return dateformat.format(localtime(moment), "j M H:i:s") if moment else None


def in_list(model: type[models.Model], column: Column) -> Column:
    """A column as a list shows it."""
    field = _field(model, column)
    if isinstance(field, models.ForeignKey):
        return _shown(field, lambda value: short(str(value)))
    if isinstance(field, (models.CharField, models.TextField)) and not field.choices:
        return _shown(field, lambda value: short(value))
    return column


def on_page(model: type[models.Model], name: str) -> Column:
    """A field as a page that only shows it does."""
    field = _field(model, name)
    if isinstance(field, models.JSONField):
        return _shown(field, pretty)
    if isinstance(field, (models.CharField, models.TextField)) and not field.choices:
        return _shown(field, lambda value: visible(value))
    return name


def _field(model: type[models.Model], column: Column) -> Any:
    try:
        return model._meta.get_field(column) if isinstance(column, str) else None
    except FieldDoesNotExist:
        return None  # a method of the page


def _shown(field: "models.Field[Any, Any]", put: Callable[[Any], Any]) -> Column:
    # Empty text, and JSON without anything in it, read as nothing.
    @admin.display(description=str(field.verbose_name), ordering=field.name)
    def column(row: models.Model) -> Any:
        value = getattr(row, field.name)
        return None if value is None or value == "" else put(value)

    column.__name__ = field.name
    return column


def _is_exact(lookup: str, field: Any) -> bool:
    how = lookup.partition("__")[2]
    return field.name != "phone" and how in ("", "exact", "in", "isnull", "isempty")


def _who_saw(row: models.Model) -> str:
    """The audit, of a person with all that hangs on them, or of a row."""
    page, name = reverse("admin:inspector_whatsapp_auditentry_changelist"), row._meta.label_lower
    if isinstance(row, (Contact, User)):
        return f"{page}?whom={row._meta.model_name}-{row.pk}"
    return f"{page}?page__exact={name}&object_id__exact={quote(str(row.pk))}"


def _audited(request: HttpRequest, row: models.Model, message: Any) -> None:
    """What was done and by which page, with the names of fields; sentences may name people."""
    details: dict[str, Any] = {}
    if isinstance(message, list):
        for part in message:
            (done, what), *_rest = part.items()
            details.setdefault(done, []).extend(what.get("fields") or [what.get("name") or "row"])
    if found := request.resolver_match:
        which = [str(value) for name, value in found.kwargs.items() if name not in ("object_id", "pk")]
        details["by"] = request.POST.get("action") or " ".join((found.url_name or "", *which))
    audit.record(
        Act.CHANGED, actor=callers.staff(request), subject=row, address=callers.ip(request), **details
    )
