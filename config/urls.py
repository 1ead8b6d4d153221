"""Every address of the service."""

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from bot.webhook import Webhook
from inspector_whatsapp.api import health
from inspector_whatsapp.api.metrics import metrics
from inspector_whatsapp.api.nowhere import Nowhere


def front(request: HttpRequest) -> HttpResponse:
    """Nothing is to be seen here but by admins."""
    return redirect("admin:index")


def simulator(request: HttpRequest) -> HttpResponse:
    """The simulator is a program of its own, on its own port."""
    return redirect(settings.SIMULATOR + "/")


urlpatterns = [
    path("", front),
    path("admin/", admin.site.urls),
    path("webhooks/whatsapp", Webhook.as_view(), name="webhook"),
    path("livez", health.livez),
    path("readyz", health.readyz),
    path("metrics", metrics),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    path("api/v1/", include("inspector_whatsapp.api.urls")),
    path("api/v1/", include("linking.api_urls")),
    path("api/v1/", include("notifications.api_urls")),
    path("api/v1/", include("bot.api")),
    re_path(r"^api/(?P<rest>(?s:.*))\Z", Nowhere.as_view()),
    path("", include("inspector_whatsapp.urls")),
    path("", include("linking.urls")),
    path("", include("notifications.urls")),
]
if settings.EMAIL_WEBHOOK_SECRET:  # open to the world, so never without
    urlpatterns.append(path("webhooks/mail/", include("anymail.urls")))
if settings.SIMULATOR:
    urlpatterns.append(path("simulator/", simulator, name="simulator"))
