"""What people say of an inspection afterwards, and what went wrong."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from inspector_whatsapp import feedback
from inspector_whatsapp.admin.pages import ReadOnly
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Feedback, ProblemReport, User


@admin.register(Feedback)
class FeedbackAdmin(ReadOnly):
    """Whether a property was as listed, and whether its seeker wants it."""

    list_display = ("id", "inspection", "as_listed", "interested", "created_at")
    list_filter = ("as_listed", "interested")
    list_select_related = ("inspection",)
    search_fields = ("=inspection__ref", "=inspection__property__ref", "=inspection__seeker__email")


@admin.register(ProblemReport)
class ProblemReportAdmin(ReadOnly):
    """What somebody wants the admins to look at."""

    list_display = ("id", "problem", "property", "inspection", "reporter", "created_at", "closed_at")
    list_filter = (("closed_at", admin.EmptyFieldListFilter), "problem")
    list_select_related = ("property", "inspection", "reporter")
    search_fields = ("=property__ref", "=inspection__ref", "=reporter__email")
    actions = ("close",)

    def has_rules_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("inspector_whatsapp.change_problemreport")

    @admin.action(description=_("Close the chosen problems"), permissions=["rules"])
    def close(self, request: HttpRequest, chosen: QuerySet[ProblemReport]) -> None:
        actor = request.user
        assert isinstance(actor, User)  # the console lets nobody else in
        reports = list(chosen.filter(closed_at=None))
        sentence = ngettext("%d problem was closed.", "%d problems were closed.", len(reports)) % len(reports)
        for report in reports:
            feedback.close_problem(report=report, actor=actor, origin=Origin.ADMIN)
            self.log_change(request, report, sentence)
        self.message_user(request, sentence, messages.SUCCESS if reports else messages.WARNING)
