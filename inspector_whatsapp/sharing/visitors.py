"""Who opens a link: people, or the programs that look at it for them."""

import ipaddress
import re
from dataclasses import dataclass

import crawleruseragents

LONGEST = 400  # characters of an agent that say who it is; more only take longer to look at


@dataclass(frozen=True)
class Visitor:
    """What a request says of its sender. Never stored.

    address: of the client, empty when it is not known. agent: its User-Agent. purpose: `Sec-Purpose` or
    `Purpose`. only_looks: a HEAD request.
    """

    address: str
    agent: str
    purpose: str = ""
    only_looks: bool = False

    @property
    def is_crawler(self) -> bool:
        """Whether a program wants to know what is there: the preview of a link, a search engine.

        WhatsApp makes a preview on the sender's phone, as `WhatsApp/2.…`; a link that is tapped opens in a
        browser, or in WhatsApp's own with `WA4A/` or `WAiOS/` in its name.
        """
        agent = self.agent[:LONGEST]
        return not agent.strip() or bool(crawleruseragents.is_crawler(agent))

    @property
    def network(self) -> str:
        """Where they are: an IPv4 address, or the network of an IPv6 one, whose end changes by itself."""
        try:
            address = ipaddress.ip_address(self.address)
        except ValueError:
            return ""
        if isinstance(address, ipaddress.IPv6Address):
            mapped = address.ipv4_mapped
            return str(mapped) if mapped else str(ipaddress.ip_network((int(address), 64), strict=False))
        return str(address)


def is_person(visitor: Visitor) -> bool:
    """Whether they count: no crawler, no browser that fetches ahead, nobody who only looks."""
    ahead = re.search(r"prefetch|prerender|preview", visitor.purpose, re.IGNORECASE)
    return not (visitor.only_looks or ahead or visitor.is_crawler)
