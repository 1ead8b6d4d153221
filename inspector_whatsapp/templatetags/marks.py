"""What the console's templates use to show people's words."""

from django import template
from django.contrib import admin
from django.db.models import Model
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from inspector_whatsapp import marks

register = template.Library()


@register.filter
def visible(text: object) -> SafeString:
    """Words: escaped, apart from their surroundings, with hidden characters to be seen."""
    return marks.visible(str(text))


@register.filter
def shown_short(text: object) -> SafeString:
    """The same, on a line."""
    return marks.short(str(text))


@register.filter
def heading(part: object) -> str:
    """A row by what its page calls it; words with a hidden character in them by its number."""
    page = admin.site._registry.get(type(part)) if isinstance(part, Model) else None
    called = getattr(page, "heading", str)
    return str(capfirst(marks.plain(str(called(part)), most=marks.SHORT)))
