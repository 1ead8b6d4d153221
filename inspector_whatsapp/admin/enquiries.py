"""What agents were asked of their properties, whether they are still there, and what came of it."""

from collections.abc import Iterable

from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp import enquiries
from inspector_whatsapp.admin.by_day import ByDay
from inspector_whatsapp.admin.pages import ReadOnly
from inspector_whatsapp.models import Enquirer, Enquiry, User
from inspector_whatsapp.words import Reader, join, say


@admin.register(Enquiry)
class EnquiryAdmin(ReadOnly):
    """The newest first. One question, however many want to know."""

    list_display = ("id", "property", "agent", "state", "people", "day", "asked_at", "ended_at")
    fields = ("property", "agent", "state", "day", "who", "asked_at", "answer_by", "ended_at")
    list_filter = ("state", ("day", admin.EmptyFieldListFilter), ("asked_at", ByDay))
    list_filter_submit = True
    list_select_related = ("property__agent",)
    search_fields = ("=property__ref", "=property__agent__email")
    date_hierarchy = "asked_at"
    ordering = ("-asked_at", "-pk")

    def prepare(self, rows: Iterable[Enquiry]) -> None:
        shown = list(rows)
        asking = Enquirer.objects.filter(enquiry__in=[row.pk for row in shown]).order_by()
        many = dict(asking.values_list("enquiry").annotate(many=Count("pk")))
        for row in shown:
            setattr(row, "many", many.get(row.pk, 0))  # noqa: B010  (no attribute of the model)

    @admin.display(description=_("agent"))
    def agent(self, enquiry: Enquiry) -> User:
        return enquiry.property.agent

    @admin.display(description=_("want to know"))
    def people(self, enquiry: Enquiry) -> int:
        return getattr(enquiry, "many", 0)

    @admin.display(description=_("want to know"))
    def who(self, enquiry: Enquiry) -> str:
        people = (say("{person}", person=person) for person in enquiries.enquirers(enquiry))
        return join(*people, separator=", ").put(Reader(markup=False))
