"""Jobs: how far each has come, what it left out and why; and the button that stops it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from unfold.decorators import display

from inspector_whatsapp import jobs
from inspector_whatsapp.admin.pages import ReadOnly
from inspector_whatsapp.callers import staff
from inspector_whatsapp.marks import SHORT, plain, short
from inspector_whatsapp.models import Job
from inspector_whatsapp.models.jobs import OPEN_STATES, JobState

MOST = 100  # rows that were left out, on a page
COLOURS = {
    JobState.WAITING.value: "info",
    JobState.RUNNING.value: "info",
    JobState.DONE.value: "success",
    JobState.CANCELLED.value: "warning",
    JobState.FAILED.value: "danger",
}


@admin.register(Job)
class JobAdmin(ReadOnly):
    """Work on many rows. Whoever began a job sees it, whatever else they may see."""

    list_display = ("id", "what", "standing", "far", "actor", "created_at", "finished_at")
    list_filter = ("state",)
    list_select_related = ("actor",)
    exclude = ("rows", "token")
    change_form_outer_before_template = "admin/inspector_whatsapp/job/far.html"

    class Media:
        js = ("inspector_whatsapp/job.js",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        found: QuerySet[Job] = super().get_queryset(request)
        return found.defer("rows")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or (
            isinstance(obj, Job) and obj.actor_id is not None and obj.actor_id == request.user.pk
        )

    def get_urls(self) -> list[URLPattern]:
        here = self.admin_site.admin_view
        return [
            path("<int:pk>/far/", here(require_GET(self.far_by_now)), name="job_far"),
            path("<int:pk>/cancel/", here(require_POST(self.cancel)), name="job_cancel"),
            *super().get_urls(),
        ]

    def beside(self, request: HttpRequest, job: Job) -> dict[str, Any]:
        return {
            "far": _far(job),
            "job_title": _title(job),
            "may_cancel": _may_cancel(request, job),
            "job_reason": short(job.reason),
            "reasons": _reasons(job),
            "left_out": _left_out(job),
        }

    def far_by_now(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How far it is, for the page that shows it."""
        job = get_object_or_404(Job.objects.defer("rows"), pk=pk)
        if not self.has_view_permission(request, job):
            raise PermissionDenied
        return JsonResponse(_far(job))

    def cancel(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Stop it once the batch under way has ended."""
        job = get_object_or_404(Job.objects.defer("rows"), pk=pk)
        if not self.has_view_permission(request, job) or not _has_permission(request, job):
            raise PermissionDenied
        if jobs.cancel(job, actor=staff(request)):
            self.message_user(request, _("It stops: what was done stays done."), messages.SUCCESS)
        else:
            self.message_user(request, _("It is over, or was told to stop already."), messages.WARNING)
        return redirect("admin:inspector_whatsapp_job_change", pk)

    @admin.display(description=gettext_lazy("work"))
    def what(self, job: Job) -> SafeString:
        return short(_title(job))

    @display(description=gettext_lazy("state"), label=COLOURS)  # type: ignore[untyped-decorator]
    def standing(self, job: Job) -> tuple[str, str]:
        return job.state, str(job.get_state_display())

    @admin.display(description=gettext_lazy("how far"))
    def far(self, job: Job) -> str:
        return f"{job.place:,} / {job.total:,}"


def _title(job: Job) -> str:
    try:
        return str(jobs.by_name(job.work).title)
    except KeyError:  # of another release
        return plain(job.work, most=SHORT)


def _has_permission(request: HttpRequest, job: Job) -> bool:
    """Whoever may do such work may stop it."""
    try:
        return request.user.has_perm(jobs.by_name(job.work).permission)
    except KeyError:
        return request.user.pk == job.actor_id


def _may_cancel(request: HttpRequest, job: Job) -> bool:
    return job.state in OPEN_STATES and job.cancel_asked_at is None and _has_permission(request, job)


def _far(job: Job) -> dict[str, Any]:
    """Plain numbers and one sentence."""
    counts = {"place": job.place, "total": job.total}
    match job.state:
        case JobState.WAITING:
            says = _("It begins in a moment: %(total)s to do.")
        case JobState.RUNNING:
            says = _("%(place)s of %(total)s.")
        case JobState.DONE:
            says = _("Done: %(total)s of %(total)s.")
        case JobState.CANCELLED:
            says = _("Stopped after %(place)s of %(total)s.")
        case _:
            says = _("Given up after %(place)s of %(total)s.")
    says %= {name: f"{count:,}" for name, count in counts.items()}
    if job.state in OPEN_STATES and job.cancel_asked_at is not None:
        says += " " + _("It stops after the batch under way.")
    return {
        "says": says,
        "open": job.state in OPEN_STATES,
        "place": job.place,
        "total": job.total,
        "done": job.done,
        "skipped": job.skipped,
        "failed": job.failed,
    }


def _reasons(job: Job) -> list[dict[str, Any]]:
    """Why rows were left out, and how many for each."""
    counted = job.left_out.values("why").annotate(count=Count("pk")).order_by("-count", "why")
    return [{"why": short(one["why"]), "count": one["count"]} for one in counted[:20]]


def _left_out(job: Job) -> list[dict[str, Any]]:
    """The first of them, each with its page."""
    try:
        opts = jobs.by_name(job.work).model._meta
        name = f"admin:{opts.app_label}_{opts.model_name}_change"
    except KeyError:
        name = ""
    found = []
    for one in job.left_out.order_by("pk")[:MOST]:
        try:
            page = reverse(name, args=[one.row]) if name else ""
        except NoReverseMatch:
            page = ""
        found.append({"row": one.row, "page": page, "what": one.get_what_display(), "why": short(one.why)})
    return found
