"""Incidents: what a person should look at."""

from typing import Final

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspector_whatsapp import incidents
from inspector_whatsapp.api import idempotency
from inspector_whatsapp.api.authentication import account_of
from inspector_whatsapp.api.bodies import Listing, YesNo, read
from inspector_whatsapp.api.doors import Door, Staff
from inspector_whatsapp.api.paging import Pages
from inspector_whatsapp.api.staff.marks import PeoplesWords, log
from inspector_whatsapp.models import Incident

TAGS: Final = ["Admin: incidents"]


class Which(Listing):
    """Some of the incidents."""

    open = YesNo()
    kind = serializers.CharField(max_length=48, required=False)


class IncidentShown(serializers.ModelSerializer[Incident]):
    """Something is wrong that the service cannot mend itself."""

    id = serializers.IntegerField()
    sentence = PeoplesWords()

    class Meta:
        model = Incident
        fields = ("id", "kind", "key", "sentence", "times", "opened_at", "last_at", "closed_at")


class Incidents(Door):
    """Open ones and closed ones."""

    rights = {"GET": (Staff("inspector_whatsapp.view_incident"),)}
    pagination_class = Pages

    @extend_schema(
        tags=TAGS,
        operation_id="admin_list_incidents",
        parameters=[Which],
        responses=IncidentShown(many=True),
    )
    def get(self, request: Request) -> Response:
        """List incidents, the newest first."""
        which, pages = read(Which, request), Pages()
        rows = Incident.objects.all()
        if "open" in which:
            rows = rows.filter(closed_at__isnull=which["open"])
        if "kind" in which:
            rows = rows.filter(kind=which["kind"])
        found = pages.paginate_queryset(rows, request, self) or []
        return pages.get_paginated_response([IncidentShown(one).data for one in found])


class CloseIncident(Door):
    """Somebody has seen to it."""

    rights = {"POST": (Staff("inspector_whatsapp.change_incident"),)}

    @extend_schema(tags=TAGS, operation_id="admin_close_incident", request=None, responses=IncidentShown)
    def post(self, request: Request, pk: int) -> Response:
        """Close an incident; one that is closed stays as it is."""
        return idempotency.once(request, lambda: self._close(request, pk))

    def _close(self, request: Request, pk: int) -> Response:
        incident = get_object_or_404(Incident, pk=pk)
        by = account_of(request)
        if incident.closed_at is None and incidents.close(incident.kind, key=incident.key, by=by):
            log(request, incident, "1 incident was closed.")
        incident.refresh_from_db()
        return Response(IncidentShown(incident).data)
