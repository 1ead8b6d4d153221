"""What the theme's search box answers: pages by their names, and rows by anything that names them."""

import time
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

PER_PAGE = 100


class Searching:
    """For a site of the theme, whose own search keeps what it found for five minutes; this keeps nothing."""

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        # Here: the site is there before the pages and the models that these lean on.
        from inspector_whatsapp import audit, callers
        from inspector_whatsapp.console import finding
        from inspector_whatsapp.models import User

        typed = request.GET.get("s", "").strip()
        if not typed:
            return HttpResponse()
        began = time.monotonic()
        theirs: Any = super()
        results = theirs._search_apps(theirs.get_app_list(request), typed.lower())
        everything = "extended" in request.GET
        if everything and isinstance(request.user, User):
            rows = finding.find(request.user, typed)
            audit.searched("find", typed, found=len(rows), actor=request.user, address=callers.ip(request))
            results = [*rows, *results]
        pages = Paginator(results, PER_PAGE)
        page = pages.get_page(request.GET.get("page"))
        return TemplateResponse(
            request,
            f"unfold/helpers/{'command' if everything else 'search'}_results.html",
            {
                "page_obj": pages,
                "results": page,
                "page_counter": (page.number - 1) * PER_PAGE,
                "execution_time": time.monotonic() - began,
                "command_show_history": False,
            },
            headers={"HX-Trigger": "search"},
        )
