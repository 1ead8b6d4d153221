"""Message templates, for admins. Meta is asked by a worker: these answer before it has."""

from typing import Any, Final

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from inspector_whatsapp import doorbell
from inspector_whatsapp.api.bodies import Listing, read
from inspector_whatsapp.api.doors import Door, Staff
from inspector_whatsapp.api.paging import Pages
from inspector_whatsapp.api.staff.marks import PeoplesWords
from notifications import registry
from notifications.models import MessageTemplate, TemplateCategory, TemplateStatus

TAGS: Final = ["Admin: templates"]
MAY_ACT: Final = Staff("notifications.change_messagetemplate")


class Which(Listing):
    """Some of the templates."""

    status = serializers.ChoiceField(choices=TemplateStatus.choices, required=False)


class TemplateRow(serializers.ModelSerializer[MessageTemplate]):
    """A version of a template, and how it stands at Meta."""

    id = serializers.IntegerField()
    category = serializers.ChoiceField(choices=TemplateCategory.choices, source="category_now")
    status = serializers.ChoiceField(choices=TemplateStatus.choices)
    body = PeoplesWords()
    reason = PeoplesWords(allow_blank=True)
    quality = serializers.CharField(allow_blank=True)
    differs = serializers.SerializerMethodField(help_text="What Meta has otherwise; empty: nothing.")

    class Meta:
        model = MessageTemplate
        fields = (
            *("id", "name", "version", "language", "category", "status", "reason", "quality", "body"),
            *("differs", "submitted_at", "synced_at"),
        )

    def get_differs(self, row: MessageTemplate) -> str:
        return registry.difference(row) or ""


class Asked(serializers.Serializer[dict[str, Any]]):
    """A worker does it now."""

    asked = serializers.BooleanField()


class Templates(Door):
    """Every version of every template."""

    rights = {"GET": (Staff("notifications.view_messagetemplate"),)}
    pagination_class = Pages

    @extend_schema(
        tags=TAGS,
        operation_id="admin_list_templates",
        parameters=[Which],
        responses=TemplateRow(many=True),
    )
    def get(self, request: Request) -> Response:
        """List the message templates as they stood when Meta was asked last (`synced_at`)."""
        which, pages = read(Which, request), Pages()
        rows = MessageTemplate.objects.filter(**{k: v for k, v in which.items() if k == "status"})
        found = pages.paginate_queryset(rows, request, self) or []
        return pages.get_paginated_response([TemplateRow(one).data for one in found])


class SyncTemplates(Door):
    """Asking Meta."""

    rights = {"POST": (MAY_ACT,)}

    @extend_schema(tags=TAGS, operation_id="admin_sync_templates", request=None, responses={202: Asked})
    def post(self, request: Request) -> Response:
        """Ask Meta how the templates stand."""
        doorbell.ring_on_commit(doorbell.SYNC_TEMPLATES)
        return Response({"asked": True}, status=status.HTTP_202_ACCEPTED)


class SubmitTemplates(Door):
    """Making at Meta what it lacks."""

    rights = {"POST": (MAY_ACT,)}

    @extend_schema(tags=TAGS, operation_id="admin_submit_templates", request=None, responses={202: Asked})
    def post(self, request: Request) -> Response:
        """Submit to Meta the templates that it does not have; what it refuses says so in `reason`."""
        doorbell.ring_on_commit(doorbell.SUBMIT_TEMPLATES)
        return Response({"asked": True}, status=status.HTTP_202_ACCEPTED)
