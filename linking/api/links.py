"""The doors of what is connected."""

from typing import ClassVar

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from inspector_whatsapp import clock, deadlocks
from inspector_whatsapp.api import idempotency
from inspector_whatsapp.api.authentication import account_of, caller_of
from inspector_whatsapp.api.bodies import read
from inspector_whatsapp.api.doors import Door, Person, Rights, Service
from inspector_whatsapp.api.paging import Pages
from inspector_whatsapp.api.problems import Problem
from inspector_whatsapp.models import Link, User
from inspector_whatsapp.models.contacts import LinkState
from linking import rules
from linking.api.shapes import LinkShown, LinksPage, LinksWanted, Nothing, link_shown
from linking.rules import Why


class Links(Door):
    """`/links`"""

    rights: ClassVar[Rights] = {"GET": (Person(), Service("read")), "DELETE": (Person(),)}

    @extend_schema(
        operation_id="list_links",
        summary="What is connected",
        tags=["linking"],
        parameters=[LinksWanted],
        responses={200: LinksPage},
    )
    def get(self, request: Request) -> Response:
        """The person's own; with a service's token, those of one account, or all."""
        wanted = read(LinksWanted, request)
        account = caller_of(request).account
        if account is not None and "user" in wanted:  # its own would be taken for somebody else's
            raise Problem(403, "not_yours", "A person's token is about that person: give no user.")
        found = _of(account) if account is not None else Link.objects.all()
        if "user" in wanted:
            found = found.filter(account__platform_id=wanted["user"])
        found = found.exclude(state=LinkState.ENDED).select_related("contact", "account")
        pages = Pages()
        page = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response([link_shown(link) for link in page or []])

    @extend_schema(
        operation_id="disconnect_all",
        summary="Disconnect every WhatsApp of mine",
        tags=["linking"],
        responses={204: OpenApiResponse(description="Nothing is connected.")},
    )
    def delete(self, request: Request) -> Response:
        """It holds at once: what waits to be said there is not."""
        account = account_of(request)
        for link in _of(account).exclude(state=LinkState.ENDED).select_related("contact", "account"):
            _end(link, why=Why.WEB, actor=account)
        return Response(status=204)


class OneLink(Door):
    """`/links/{id}`"""

    rights: ClassVar[Rights] = {"DELETE": (Person(), Service("sync"))}

    @extend_schema(
        operation_id="disconnect",
        summary="Disconnect a WhatsApp",
        tags=["linking"],
        responses={204: OpenApiResponse(description="It is not connected.")},
    )
    def delete(self, request: Request, id: int) -> Response:
        """It holds at once, both sides are told, and a second time changes nothing."""
        account = caller_of(request).account
        if account is not None:
            _end(_link(_of(account), id), why=Why.WEB, actor=account)
        else:
            _end(_link(Link.objects.all(), id), why=Why.HOST, actor=None)
        return Response(status=204)


class Switch(Door):
    """`/links/{id}/switch`"""

    rights: ClassVar[Rights] = {"POST": (Person(),)}

    @extend_schema(
        operation_id="switch_account",
        summary="Let a shared WhatsApp speak for me",
        tags=["linking"],
        request=Nothing,
        responses={200: LinkShown},
    )
    def post(self, request: Request, id: int) -> Response:
        """Of several accounts on one phone, its chat is this one's from now on."""
        return idempotency.once(request, lambda: self._switch(request, id))

    def _switch(self, request: Request, id: int) -> Response:
        Nothing(data=request.data).is_valid(raise_exception=True)
        link = _link(_of(account_of(request)), id)
        try:
            switched = rules.switch(contact=link.contact, account=link.account)
        except rules.NotLinked:
            raise Problem(409, "not_active", "This WhatsApp is paused or no longer connected.") from None
        return Response(link_shown(switched))


def _of(account: User) -> QuerySet[Link, Link]:
    return Link.objects.filter(account=account)


def _link(among: QuerySet[Link, Link], id: int) -> Link:
    link = among.select_related("contact", "account").filter(pk=id).first()
    if link is None:
        raise Http404
    return link


def _end(link: Link, *, why: Why, actor: User | None) -> None:
    deadlocks.retried(lambda: rules.unlink(link=link, why=why, actor=actor, now=clock.now()))
