"""Networks as people write them, IPv4 and IPv6, and which addresses lie in them."""

from __future__ import annotations

import ipaddress
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

# Where IPv6 has a place for each IPv4 address (RFC 4291, 2.5.5.2), so that both are numbers of one line.
MAPPED = 0xFFFF << 32

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def network_as_written(text: str) -> str:
    """The network in its usual form; a `ValueError` says in one line what is wrong with the text."""
    try:
        return str(ipaddress.ip_network(text.strip()))
    except ValueError:
        pass
    try:
        whole = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        raise ValueError(f"{text!r} is no network: write 203.0.113.0/24 or 2001:db8::/32") from None
    raise ValueError(f"{text!r} names an address within a network: write {whole} for all of it, or the address alone")


class Networks:
    """A set of networks that tells of addresses whether they lie in it."""

    def __init__(self, texts: Iterable[str]) -> None:
        networks = [ipaddress.ip_network(text) for text in texts]
        bounds = sorted((_number(one.network_address), _number(one.broadcast_address)) for one in networks)
        self._firsts = [first for first, _ in bounds]
        self._lasts = list(accumulate((last for _, last in bounds), max))

    def __contains__(self, text: str) -> bool:
        """Whether the text is an address in one of the networks; a host's name is none."""
        try:
            number = _number(ipaddress.ip_address(text.strip()))
        except ValueError:
            return False
        before = bisect_right(self._firsts, number)
        return before > 0 and number <= self._lasts[before - 1]


def _number(address: Address) -> int:
    """The address's place on the line of all addresses."""
    return int(address) + (MAPPED if address.version == 4 else 0)
