"""A door that only the tests have: it books nothing and shows what every door does."""

from typing import Any

from django.urls import include, path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspector_whatsapp.api import idempotency
from inspector_whatsapp.api.authentication import caller_of
from inspector_whatsapp.api.bodies import Body, Moment
from inspector_whatsapp.api.doors import Door, Person, Service
from inspector_whatsapp.api.problems import Problem
from inspector_whatsapp.models import Incident


class Wish(Body):
    """Something to be opened."""

    name = serializers.CharField(max_length=36)
    at = Moment(required=False)


class Wishes(Door):
    """Opens an incident for each wish, which is as good as anything to be done once."""

    rights = {"GET": (Person(), Service("read")), "POST": (Person(), Service("events"))}

    def get(self, request: Request) -> Response:
        return Response({"caller": caller_of(request).name})

    def post(self, request: Request) -> Response:
        return idempotency.once(request, lambda: self._open(request), demanded=True)

    def _open(self, request: Request) -> Response:
        wish = Wish(data=request.data)
        wish.is_valid(raise_exception=True)
        name: str = wish.validated_data["name"]
        if name == "break":
            raise RuntimeError("SELECT secret FROM somewhere")
        incident = Incident.objects.create(kind="wish", key=name, sentence=name, opened_at=NOW, last_at=NOW)
        if name == "refused":
            raise Problem(409, "refused", "Not now.")
        return Response({"incident": incident.pk}, status=201)


NOW = "2026-12-01T10:00:00Z"

urlpatterns: list[Any] = [path("api/v1/wishes", Wishes.as_view()), path("", include("config.urls"))]
