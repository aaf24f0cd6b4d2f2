"""Under which key does a visitor count, without being known?

Invariant: a key is an HMAC under a salt of its day, and the salt an HMAC of the day under a secret
that is kept apart from the counters. Whoever reads the table cannot try out addresses, and whoever
learns one day's salt learns nothing of another day's. Addresses are neither stored nor logged.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
from datetime import datetime

from engine.counters.buckets import site_day
from engine.counters.protocol import Visitor

_IPV6_SITE_BITS = 64
"""What one household or office gets: within it, addresses are free for the asking."""


class VisitorKeys:
    """Derives keys from `secret`; the same secret in every process, or visitors count twice."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode("utf-8", "surrogatepass")

    def of(self, visitor: str | None, source_ip: str, user_agent: str, now: datetime) -> Visitor:
        """Return the keys of today for what the page calls the visitor, or else for the browser."""
        salt = _keyed(self._secret, "salt", site_day(int(now.timestamp()))).digest()
        if visitor is None:
            key = _keyed(salt, "browser", source_ip, user_agent)
        else:
            key = _keyed(salt, "visitor", visitor)
        source = _keyed(salt, "source", _network(source_ip))
        return Visitor(key.hexdigest()[:32], source.hexdigest()[:32])


def _network(source_ip: str) -> str:
    try:
        address = ipaddress.ip_address(source_ip)
    except ValueError:
        return source_ip
    if address.version == 6 and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((int(address), _IPV6_SITE_BITS), strict=False))
    return str(address)


def _keyed(key: bytes, *parts: str) -> hmac.HMAC:
    # JSON keeps the parts apart, whatever they hold.
    return hmac.new(key, json.dumps(parts).encode("ascii"), hashlib.sha256)
