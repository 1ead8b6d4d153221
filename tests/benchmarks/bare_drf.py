"""The least that DRF can do with a request: a view without database, tokens and rules, that answers JSON.

Started like the web process: `granian … tests.benchmarks.bare_drf:application`.
"""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import re_path

if not settings.configured:
    settings.configure(
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["127.0.0.1"],
        MIDDLEWARE=[],
        INSTALLED_APPS=["rest_framework"],
        REST_FRAMEWORK={
            "DEFAULT_AUTHENTICATION_CLASSES": [],
            "DEFAULT_PERMISSION_CLASSES": [],
            "UNAUTHENTICATED_USER": None,
            "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        },
    )
application = get_wsgi_application()

from rest_framework.request import Request  # noqa: E402 - it reads the settings
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402


class Bare(APIView):
    """Reads what it is sent, keeps nothing."""

    def get(self, request: Request) -> Response:
        return Response({"results": [{"id": number} for number in range(10)]})

    def post(self, request: Request) -> Response:
        return Response(request.data, status=201)


urlpatterns = [re_path("", Bare.as_view())]
