"""Two of the staff at one row: whoever saves second is told what the first has changed, and loses nothing."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.forms import ModelForm
else:
    ModelForm = object

SEEN = "_seen"  # how the fields stood when the page was opened


class SeenForm(ModelForm):  # type: ignore[type-arg]
    """Knows how its fields stood when it was opened, and refuses once when they stand otherwise now."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seen = " ".join(f"{name}:{mark}" for name, mark in self._marks())

    def clean(self) -> Any:
        cleaned = super().clean()
        if changed := list(self._changed()):
            said = _(
                "Somebody has changed this meanwhile (%(what)s). What you typed is still here: save again to"
                " put it in the place of theirs, or open the page anew to see it."
            )
            raise ValidationError(said % {"what": get_text_list(changed, _("and"))})
        return cleaned

    def _changed(self) -> Iterator[str]:
        """The labels of the fields that stand otherwise than when the page was opened."""
        opened = dict(part.split(":", 1) for part in self.data.get(SEEN, "").split() if ":" in part)
        if self.instance.pk is None:
            return
        for name, mark in self._marks():
            if opened.get(name, mark) != mark:
                yield str(self.fields[name].label or name)

    def _marks(self) -> Iterator[tuple[str, str]]:
        for name, field in self.fields.items():
            stands = repr(_plain(self.get_initial_for_field(field, name)))
            yield name, sha256(stands.encode()).hexdigest()[:12]


def form_of(form: type[Any]) -> type[Any]:
    """The same form, with an eye on what happens meanwhile."""
    return type(form.__name__, (SeenForm, form), {})


def _plain(value: Any) -> Any:
    """A value without what differs between two readings of one row: objects, and their order."""
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes, dict)):
        return sorted(str(_plain(one)) for one in value)
    return str(value)
