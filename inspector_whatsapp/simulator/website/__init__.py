"""A stand-in for Inspector: its website, and the backend behind it, on `/inspector/` of the simulator.

It knows of us what Inspector's developers know: the API, its tokens, the webhooks. So whoever looks on sees
both sides work together, and every call that one makes to the other.
"""

from inspector_whatsapp.simulator.website.site import HOME, Website

__all__ = ["HOME", "Website"]
