"""Figures: how the service is doing."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspector_whatsapp import figures
from inspector_whatsapp.api.doors import Door, Staff


class FiguresShown(serializers.Serializer[figures.Figures]):
    """Of a span of time."""

    since = serializers.DateTimeField()
    as_of = serializers.DateTimeField(allow_null=True, help_text="When they were counted: every half minute.")
    messages = serializers.DictField(child=serializers.IntegerField(), help_text="By status.")
    links_made = serializers.IntegerField()
    bookings = serializers.IntegerField()
    completed = serializers.IntegerField()
    no_shows = serializers.IntegerField()
    cost = serializers.DictField(
        child=serializers.DecimalField(max_digits=None, decimal_places=6),
        help_text="Of what was delivered, by currency, as far as prices are known.",
    )


class Both(serializers.Serializer[dict[str, Any]]):
    """Today, and lately."""

    today = FiguresShown()
    last_30_days = FiguresShown()


class FiguresDoor(Door):
    """Numbers, and nobody's name."""

    rights = {"GET": (Staff("inspector_whatsapp.view_outboxmessage"),)}

    @extend_schema(tags=["Admin: figures"], operation_id="admin_figures", responses=Both)
    def get(self, request: Request) -> Response:
        """Show messages, links, bookings, no-shows and cost: today, and in the last thirty days."""
        return Response(Both({"today": figures.today(), "last_30_days": figures.lately()}).data)
