"""What the console's templates use to show people's words."""

from django import template
from django.utils.safestring import SafeString

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
