"""Who looked at what in the console: noted around its pages, so that none of them can forget it.

A page of one row takes `object_id`, as Django's own do, or `pk`: then whoever was shown it, by whatever
method they asked, has seen the row. By a POST of `REVEAL` to the former they see its numbers whole.
"""

import json
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.apps import apps
from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase
from django.template.response import SimpleTemplateResponse

from inspector_whatsapp import audit, callers, numbers
from inspector_whatsapp.audit import Act
from inspector_whatsapp.models import User

REVEAL = "_reveal"
View = Callable[..., HttpResponseBase]


def noted(view: View) -> View:
    """The same page, with a note of who was there. It stands inside of what asks who they are."""
    page = _page_of(view)

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        row = _row(page, kwargs)
        if request.method == "POST" and REVEAL in request.POST:
            return _revealed(view, request, row if "object_id" in kwargs else None, *args, **kwargs)
        answer = view(request, *args, **kwargs)
        # Also of a form that is shown again, and of OPTIONS. Whoever has just logged out is nobody any more.
        if answer.status_code == HTTPStatus.OK and request.user.is_authenticated:
            _note(request, page, row, answer)
        return answer

    return shown


def may_see_numbers(request: HttpRequest) -> bool:
    return request.user.has_perm("inspector_whatsapp.see_numbers")


def _revealed(
    view: View, request: HttpRequest, row: Model | None, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    """The page as it opens, with its numbers whole: this once."""
    if row is None or not may_see_numbers(request):
        raise PermissionDenied
    request.method = "GET"
    with numbers.whole():
        answer = view(request, *args, **kwargs)
        if isinstance(answer, SimpleTemplateResponse):
            answer.render()
    if answer.status_code == HTTPStatus.OK:
        audit.record(Act.REVEALED, actor=callers.staff(request), subject=row, address=callers.ip(request))
    return answer


def _note(request: HttpRequest, page: object, row: Model | None, answer: HttpResponseBase) -> None:
    whose, address = callers.staff(request), callers.ip(request)
    if row is not None:
        audit.saw(row, actor=whose, address=address)
        return
    words = request.GET.get(SEARCH_VAR, "").strip()
    changes = getattr(answer, "context_data", None) or {}
    if isinstance(page, ModelAdmin) and words and "cl" in changes:
        found = changes["cl"].result_count
        audit.searched(page.model, words, found=found, actor=whose, address=address)
    elif request.resolver_match is not None and request.resolver_match.url_name == "autocomplete":
        _note_choosing(request, answer, actor=whose, address=address)


def _note_choosing(
    request: HttpRequest, answer: HttpResponseBase, *, actor: User | None, address: str | None
) -> None:
    """Whoever chooses a row for a form searches as well."""
    words = request.GET.get("term", "").strip()
    if words:
        field = apps.get_model(request.GET["app_label"], request.GET["model_name"])._meta.get_field(
            request.GET["field_name"]
        )
        found = len(json.loads(getattr(answer, "content", b"{}")).get("results", ()))
        model = field.related_model
        assert isinstance(model, type)  # Django has answered by it
        audit.searched(model, words, found=found, actor=actor, address=address)


def _page_of(view: Any) -> object:
    """Whose method it is, under whatever decorators."""
    while not hasattr(view, "__self__") and hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    return getattr(view, "__self__", None)


def _row(page: object, kwargs: dict[str, Any]) -> Model | None:
    """The row whose page it is, by its key alone."""
    key = kwargs.get("object_id", kwargs.get("pk"))
    if not isinstance(page, ModelAdmin) or key is None:
        return None
    primary = page.opts.pk
    assert primary is not None  # every model has one
    try:
        row: Model = page.model(pk=primary.to_python(unquote(str(key))))
    except ValidationError:  # no key at all: the page itself says so
        return None
    return row
