"""Every flow, one script each; importing this package registers them."""

from bot.flows import booking, connecting, inspections, interests, looking, settings

__all__ = ["booking", "connecting", "inspections", "interests", "looking", "settings"]
