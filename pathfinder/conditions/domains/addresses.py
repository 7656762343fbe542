"""IP addresses in a condition key: as ranges for each family, and as languages. Source: COND-21, COND-33."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    summarize_address_range,
)

from pathfinder.conditions.domains.numbers import BLANKS
from pathfinder.conditions.domains.ranges import NOTHING, Ranges, between
from pathfinder.logic.automata import ANY, Language, Sequences, State, Unit, only
from pathfinder.logic.values import Network

WIDEST = {4: between(0, 2**32 - 1), 6: between(0, 2**128 - 1)}
"""All addresses of each family."""

_HEX = "0123456789abcdef"


def _v6_like(digits: str, blanks: str) -> tuple[Unit, ...]:
    """At least two colons, and a dot only behind them."""
    return (
        Unit(only(digits + blanks), many=True),
        Unit(only(":")),
        Unit(only(digits + ":"), many=True),
        Unit(only(":")),
        Unit(only(digits + ":." + blanks), many=True),
    )


PLAIN_V6: Language = Sequences([_v6_like(_HEX, "")])
"""Texts among which all IPv6 addresses in their usual spelling are."""
_LOOSE_V6 = _v6_like(_HEX + "ABCDEF", "".join(BLANKS.listed))
V6_LIKE: Language = Sequences([_LOOSE_V6, (*_LOOSE_V6, Unit(only("%")), Unit(ANY, many=True))])
"""Texts among which all spellings of IPv6 addresses are, with a zone or not."""

_PREFERRED = ("203.0.113.10", "198.51.100.10", "192.0.2.10", "10.0.0.10", "2001:db8::10")


def network_ranges(networks: Iterable[Network], version: int) -> Ranges:
    """The addresses of one family in any of the networks."""
    found = NOTHING
    for network in networks:
        if network.version == version:
            found |= between(int(network.network_address), int(network.broadcast_address))
    return found


def whole(addresses: Ranges) -> Ranges:
    """The set without ranges that lie between two neighbouring addresses."""
    return Ranges(tuple(part for part in addresses.parts if _first(part[0]) <= _last(part[1])))


def address_texts(addresses: Ranges, version: int) -> Iterator[str]:
    """Some addresses of the set, those reserved for examples first."""
    kind = IPv4Address if version == 4 else IPv6Address
    for text in _PREFERRED:
        if (":" in text) == (version == 6) and int(kind(text)) in addresses:
            yield text
    for low, high in addresses.parts:
        first = _first(low)
        yield from (str(kind(number)) for number in (first + 10, first + 1, first) if number <= _last(high))


def _first(cut: tuple[object, int]) -> int:
    number, after = cut
    assert isinstance(number, int)
    return number + after


def _last(cut: tuple[object, int]) -> int:
    number, after = cut
    assert isinstance(number, int)
    return number - 1 + after


def summarized(addresses: Ranges) -> tuple[IPv4Network, ...]:
    """IPv4 addresses as networks."""
    return tuple(
        network
        for low, high in addresses.parts
        for network in summarize_address_range(IPv4Address(_first(low)), IPv4Address(_last(high)))
    )


class V4Texts:
    """The spellings of the IPv4 addresses in some networks, with blanks around them or not.

    A state is (octets read, digits of the octet being read, networks that are still possible).
    """

    def __init__(self, networks: tuple[IPv4Network, ...], *, blanks: bool) -> None:
        self._blanks = blanks
        self._octets = tuple(
            tuple(zip(n.network_address.packed, n.broadcast_address.packed, strict=True)) for n in networks
        )
        self.start: State = (0, "", frozenset(range(len(networks))))
        self.alphabet = (BLANKS, only("."), *(only(c) for c in "0123456789"))

    def step(self, state: State, character: str) -> State | None:
        """Read one more character of an address."""
        assert isinstance(state, tuple)
        octet, digits, possible = state
        if character in BLANKS:
            if not self._blanks:
                return None
            if octet == 0 and not digits:
                return state
            if octet == 4:
                return state
            left = self._left(3, digits, possible) if octet == 3 and digits else None
            return (4, "", left) if left else None
        if octet == 4:
            return None
        if character == ".":
            left = self._left(octet, digits, possible) if digits and octet < 3 else None
            return (octet + 1, "", left) if left else None
        if not ("0" <= character <= "9") or digits == "0" or int(digits + character) > 255:
            return None
        return (octet, digits + character, possible)

    def _left(self, octet: int, digits: str, possible: frozenset[int]) -> frozenset[int]:
        number = int(digits)
        return frozenset(
            n for n in possible if self._octets[n][octet][0] <= number <= self._octets[n][octet][1]
        )

    def accepts(self, state: State) -> bool:
        """Whether it is a whole address in one of the networks."""
        assert isinstance(state, tuple)
        octet, digits, possible = state
        return octet == 4 or (octet == 3 and bool(digits) and bool(self._left(3, digits, possible)))

    def accepts_all(self, state: State) -> bool:
        """Never: a letter may follow."""
        return False


@lru_cache(maxsize=1024)
def v4_texts(networks: tuple[Network, ...], *, blanks: bool) -> Language:
    """The spellings of the IPv4 addresses in some networks."""
    return V4Texts(tuple(n for n in networks if isinstance(n, IPv4Network)), blanks=blanks)


def has_v6(networks: Iterable[Network]) -> bool:
    """Whether an IPv6 network is among them."""
    return any(isinstance(network, IPv6Network) for network in networks)
