"""The web process with the fast lane, for Meta's posts: `uvicorn … config.asgi:application`.

Everything else goes through the WSGI application, in threads: Django's own ASGI handler is slower.
"""

from typing import cast

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi_typing import WSGIApp
from asgiref.typing import ASGI3Application
from django.conf import settings

from config import wsgi

application = cast(ASGI3Application, WSGIMiddleware(cast(WSGIApp, wsgi.application), workers=8))

if settings.WEBHOOK_FAST_LANE:
    from bot.fast_lane import FastLane  # Django is set up by now

    application = FastLane(application)
