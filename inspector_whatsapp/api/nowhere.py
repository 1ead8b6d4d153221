"""Addresses below /api/ that are none: said as every other problem is."""

from typing import Any, NoReturn

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from inspector_whatsapp.api.doors import Door
from inspector_whatsapp.api.problems import Problem

VERSION = "v1"


@extend_schema(exclude=True)
class Nowhere(Door):
    """404; 400 for a version that there is not."""

    authentication_classes = ()
    permission_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> NoReturn:
        version = str(kwargs["rest"]).partition("/")[0]
        if version != VERSION and version[:1] == "v" and version[1:].isdecimal():
            raise Problem(400, "unknown_version", f"There is no {version}; this is {VERSION}.")
        raise Http404
