"""What staff do to several rows of a list: few at once, many by a job."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inspector_whatsapp import jobs
from inspector_whatsapp.callers import staff
from inspector_whatsapp.jobs import NotDone, Work
from inspector_whatsapp.marks import visible

AT_ONCE = 20  # rows; more are a job's
Action = Callable[[Any, HttpRequest, QuerySet[Any]], HttpResponse | None]


def many(work: Work) -> Action:
    """A list's action that does this work; its page has `has_rules_permission`."""

    def action(page: Any, request: HttpRequest, chosen: QuerySet[Any]) -> HttpResponse | None:
        return _act(work, page, request, chosen)

    action.__name__ = work.name.rpartition(".")[2]
    action.short_description = work.title  # type: ignore[attr-defined]
    action.allowed_permissions = ["rules"]  # type: ignore[attr-defined]
    return action


def _act(work: Work, page: Any, request: HttpRequest, chosen: QuerySet[Any]) -> HttpResponse | None:
    actor = staff(request)
    if not actor.has_perm(work.permission):
        raise PermissionDenied
    everything = request.POST.get("select_across") == "1"
    picked = request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)
    if not everything and len(picked) <= AT_ONCE:
        _at_once(work, page, request, chosen)
        return None
    token = _token(request.POST.get("token", ""))
    if token is None:
        return _sure(work, page, request, chosen, everything=everything, picked=picked)
    keys = chosen.order_by("pk").values_list("pk", flat=True)
    try:
        job = jobs.begin(
            work=work, rows=list(keys), actor=actor, token=token, chosen=_in_words(page, request, everything)
        )
    except jobs.TooMany:
        sentence = _("A job takes no more than %(most)s rows: narrow the filter, and do it in parts.")
        page.message_user(request, sentence % {"most": f"{jobs.MOST:,}"}, messages.ERROR)
        return None
    return redirect("admin:inspector_whatsapp_job_change", job.pk)


def _at_once(work: Work, page: Any, request: HttpRequest, chosen: QuerySet[Any]) -> None:
    done: list[Model] = []
    left: Counter[str] = Counter()
    for row in chosen.select_related(*work.with_them).order_by("pk"):
        try:
            with transaction.atomic():
                page.log_change(request, row, work.do(row, actor=staff(request)))
        except NotDone as why:
            left[str(why)] += 1
        else:
            done.append(row)
    if done:
        page.message_user(request, work.told(len(done)), messages.SUCCESS)
    for sentence in _left_out(left.items(), alone=not done and len(left) == 1):
        page.message_user(request, sentence, messages.WARNING)


def _left_out(left: Iterable[tuple[str, int]], *, alone: bool) -> Iterable[str]:
    for why, count in left:
        if alone and count == 1:
            yield why
            continue
        words = ngettext("%(count)d was left out: %(why)s", "%(count)d were left out: %(why)s", count)
        yield words % {"count": count, "why": why}


def _sure(
    work: Work,
    page: Any,
    request: HttpRequest,
    chosen: QuerySet[Any],
    *,
    everything: bool,
    picked: list[str],
) -> HttpResponse:
    """Asks before a job begins, and says of how many rows it would be."""
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": work.title,
        "count": chosen.order_by().values("pk").count(),
        "things": page.opts.verbose_name_plural,
        "everything": everything,
        "chosen": visible(_in_words(page, request, everything)),
        "picked": picked,
        "field": helpers.ACTION_CHECKBOX_NAME,
        "action": request.POST.getlist("action")[0],
        "token": uuid4(),
    }
    return TemplateResponse(request, "admin/inspector_whatsapp/many.html", context)


def _token(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _in_words(page: Any, request: HttpRequest, everything: bool) -> str:
    """How the rows were chosen, by the filter's own names; what was searched for stays out of it."""
    if not everything:
        return _("ticked in the list")
    asked = [f"{name}={value}" for name, value in page.narrowed_by(request).items()]
    if request.GET.get("q"):
        asked.append(_("a search"))
    return _("all that match: %(filters)s") % {"filters": ", ".join(asked)} if asked else _("all there are")
