"""Links, for admins: seen, paused, ended by the same rules as in the console. None is made here."""

from typing import Final

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspector_whatsapp import clock
from inspector_whatsapp.admin.pages import masked
from inspector_whatsapp.api import idempotency
from inspector_whatsapp.api.authentication import account_of
from inspector_whatsapp.api.bodies import Listing, read
from inspector_whatsapp.api.doors import Door, Staff
from inspector_whatsapp.api.paging import Pages
from inspector_whatsapp.api.people import LONGEST_ID
from inspector_whatsapp.api.staff.marks import AccountShown, log
from inspector_whatsapp.models import Link
from inspector_whatsapp.models.contacts import LinkState
from linking import rules
from linking.rules import Why

TAGS: Final = ["Admin: links"]
MAY_ACT: Final = Staff("inspector_whatsapp.change_link")


class Which(Listing):
    """Some of the links."""

    state = serializers.ChoiceField(choices=LinkState.choices, required=False)
    user = serializers.CharField(max_length=LONGEST_ID, required=False, help_text="Inspector's id.")


class LinkRow(serializers.ModelSerializer[Link]):
    """A WhatsApp that speaks, or spoke, for an account; its number is masked."""

    id = serializers.IntegerField()
    whatsapp = serializers.SerializerMethodField()
    account = AccountShown()
    state = serializers.ChoiceField(choices=LinkState.choices)

    class Meta:
        model = Link
        fields = ("id", "whatsapp", "account", "state", "current", "made_at", "ended_at", "ended_why")

    def get_whatsapp(self, link: Link) -> str | None:
        return masked(link.contact)


class Links(Door):
    """All links."""

    rights = {"GET": (Staff("inspector_whatsapp.view_link"),)}
    pagination_class = Pages

    @extend_schema(
        tags=TAGS, operation_id="admin_list_links", parameters=[Which], responses=LinkRow(many=True)
    )
    def get(self, request: Request) -> Response:
        """List links, the newest first."""
        which, pages = read(Which, request), Pages()
        rows = Link.objects.select_related("contact", "account")
        if "state" in which:
            rows = rows.filter(state=which["state"])
        if "user" in which:
            rows = rows.filter(account__platform_id=which["user"])
        found = pages.paginate_queryset(rows, request, self) or []
        return pages.get_paginated_response([LinkRow(one).data for one in found])


class OneLink(Door):
    """A link."""

    rights = {"DELETE": (MAY_ACT,)}

    @extend_schema(tags=TAGS, operation_id="admin_end_link", responses={200: LinkRow})
    def delete(self, request: Request, pk: int) -> Response:
        """End a link; one that has ended stays so."""
        return idempotency.once(request, lambda: self._end(request, pk))

    def _end(self, request: Request, pk: int) -> Response:
        link = _of(pk)
        if rules.unlink(link=link, why=Why.ADMIN, actor=account_of(request), now=clock.now()):
            log(request, link, "1 link was ended.")
        return Response(LinkRow(_of(pk)).data)


class SuspendLink(Door):
    """Pausing a link."""

    rights = {"POST": (MAY_ACT,)}

    @extend_schema(tags=TAGS, operation_id="admin_suspend_link", request=None, responses=LinkRow)
    def post(self, request: Request, pk: int) -> Response:
        """Pause an active link until the person proves themselves again; any other stays as it is."""
        return idempotency.once(request, lambda: self._suspend(request, pk))

    def _suspend(self, request: Request, pk: int) -> Response:
        link = _of(pk)
        if rules.suspend(link=link, why=Why.ADMIN, actor=account_of(request), now=clock.now()):
            log(request, link, "1 link was paused.")
        return Response(LinkRow(_of(pk)).data)


def _of(pk: int) -> Link:
    return get_object_or_404(Link.objects.select_related("contact", "account"), pk=pk)
