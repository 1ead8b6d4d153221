"""What the console's pages have in common."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest
from django.utils import dateformat
from django.utils.timezone import localtime

from inspector_whatsapp.admin.marks import numbered, pretty, short, visible
from inspector_whatsapp.labels import masked_email, masked_phone
from inspector_whatsapp.models import Contact, User

if TYPE_CHECKING:  # the theme's classes have no types: they are Django's, with other looks
    from django.contrib.admin import ModelAdmin
else:
    from unfold.admin import ModelAdmin

Column = str | Callable[[Any], Any]


class Page(ModelAdmin):  # type: ignore[type-arg]
    """A list whose columns of people's words show what is hidden in them."""

    class Media:
        css = {"all": ("inspector_whatsapp/console.css",)}

    def __init__(self, model: type[models.Model], admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        # Once, not per request: Django looks for the same objects among those to sort by.
        self.list_display: Any = [in_list(model, column) for column in self.list_display]
        # Where a field is not to be edited, the theme asks this what to make of its value.
        self.readonly_preprocess_fields = {field.name: numbered for field in self.opts.fields}


class NoDelete(Page):
    """What hangs together with inspections and messages is switched off, not deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ReadOnly(NoDelete):
    """Written by the service: nothing is added, changed or deleted by hand. Every field is to be read."""

    ordering: ClassVar[Any] = ("-pk",)
    # Counting a long table takes longer than showing a page of it.
    show_full_result_count = False

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
    return masked_phone(contact.phone) if contact.phone else str(contact)


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
