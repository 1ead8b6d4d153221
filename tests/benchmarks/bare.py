"""The least that Django can do with a webhook: one view that reads the body and answers 200.

No middleware, no signature, no database. Started like the web process:
`granian … tests.benchmarks.bare:application`.
"""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

if not settings.configured:
    settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], MIDDLEWARE=[])


def read(request: HttpRequest) -> HttpResponse:
    """Read all of it, keep nothing."""
    request.read()
    return HttpResponse(content_type="text/plain", headers={"Content-Length": "0"})


urlpatterns = [path("webhooks/whatsapp", read)]
application = get_wsgi_application()
