"""How the console looks, and what a browser may run: the same in every installation."""

from typing import Any

# A green that is Inspector's; by the theme's own scale, light to dark.
_GREEN = {
    "50": "oklch(97.6% 0.015 168)",
    "100": "oklch(94.5% 0.037 168)",
    "200": "oklch(89.5% 0.07 168)",
    "300": "oklch(82% 0.105 168)",
    "400": "oklch(72.5% 0.125 168)",
    "500": "oklch(60% 0.115 168)",
    "600": "oklch(50.5% 0.1 168)",
    "700": "oklch(43.5% 0.085 168)",
    "800": "oklch(37.5% 0.07 168)",
    "900": "oklch(32% 0.058 168)",
    "950": "oklch(22% 0.04 168)",
}
# The theme takes what is named by a dotted path as a function of the request.
UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Inspector WhatsApp",
    "SITE_HEADER": "Inspector WhatsApp",
    "SITE_SYMBOL": "home_work",
    "SITE_URL": None,
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": "inspector_whatsapp.console.navigation.icon"}
    ],
    "SHOW_VIEW_ON_SITE": False,
    "COLORS": {"primary": _GREEN},
    "ACCOUNT": {"navigation": "inspector_whatsapp.console.navigation.account"},
    "SIDEBAR": {
        "show_search": True,
        "command_search": True,
        "navigation": "inspector_whatsapp.console.navigation.sections",
    },
}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
# Under the console's address alone, and why: docs/decisions/0017.
CONSOLE_POLICY = {
    "script-src": ["'self'", "'unsafe-eval'"],
    "style-src": ["'self'", "'unsafe-inline'"],
}
