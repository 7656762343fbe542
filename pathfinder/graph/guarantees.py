"""What AWS guarantees of a request's keys whatever the policies say, as axioms for the solver.

Source: evaluation.md VPCE-5, EVAL-46, chapter 6 (columns "present when" and "Ctl"), COND-54.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pathfinder.graph.headers import s3_headers
from pathfinder.logic.formula import (
    TRUE,
    AllOf,
    AnyOf,
    Formula,
    KeyTest,
    Quantifier,
    all_of,
    any_of,
    negate,
    one,
    present,
)
from pathfinder.logic.patterns import EVERYTHING, Pattern, Variable, exact, parse_pattern
from pathfinder.logic.values import ArnTest, BoolTest, StringTest
from pathfinder.model.organization import Snapshot
from pathfinder.model.resources import VpcEndpoint

NETWORK_KEYS = frozenset(
    {
        "aws:sourceip",
        "aws:vpcsourceip",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:sourcevpcarn",
        "aws:vpceaccount",
        "aws:vpceorgid",
        "aws:vpceorgpaths",
        "aws:viaawsservice",
        "aws:calledvia",
        "aws:calledviafirst",
        "aws:calledvialast",
    }
)
"""Keys about the way a request travels; they depend on each other."""

THROUGH = present("aws:sourcevpce")
"""The request travels through a VPC endpoint (VPCE-1)."""
VIA_SERVICE = one("aws:viaawsservice", BoolTest(frozenset({True})))
"""An AWS service makes the request on the caller's behalf."""
DIRECT = VIA_SERVICE.opposite()
"""The caller makes the request itself: what a witness is wherever it can be."""

_WITH_VPC_KEYS = frozenset({"s3", "kms"})
"""Services whose requests carry aws:VpceAccount and its kin."""


def axioms(service: str, snapshot: Snapshot) -> tuple[Formula, ...]:
    """The axioms for requests to a service, with what the snapshot knows of endpoints and organizations."""
    headers = s3_headers() if service == "s3" else ()
    return (*_network(service), *_sessions(), *headers, _through_which(service, snapshot))


def narrowed(axioms: Iterable[Formula], given: Iterable[Formula]) -> tuple[Formula, ...]:
    """The axioms without the alternatives that what is given rules out at sight: those of other endpoints."""
    held = {each.key: texts for each in given if isinstance(each, KeyTest) and (texts := _texts(each))}
    return tuple(_without_excluded(axiom, held) for axiom in axioms) if held else tuple(axioms)


def _texts(test: KeyTest) -> tuple[str, ...]:
    """All texts that the key may have, where the test says so."""
    if test.quantifier is not Quantifier.ONE or test.negated or test.if_absent:
        return ()
    if not isinstance(test.value, StringTest) or test.value.ignore_case:
        return ()
    texts = tuple(pattern.literal for pattern in test.value.patterns)
    return tuple(text for text in texts if text is not None) if None not in texts else ()


def _without_excluded(axiom: Formula, held: Mapping[str, tuple[str, ...]]) -> Formula:
    if not isinstance(axiom, AnyOf):
        return axiom
    return any_of(*(part for part in axiom.parts if not _is_excluded(part, held)))


def _is_excluded(part: Formula, held: Mapping[str, tuple[str, ...]]) -> bool:
    match part:
        case KeyTest(key):
            return key in held and not any(part.holds((text,)) for text in held[key])
        case AllOf(parts):
            return any(_is_excluded(each, held) for each in parts)
        case _:
            return False


def _network(service: str) -> Iterator[Formula]:
    """Through an endpoint or from a public address, never both; on a caller's behalf perhaps neither (VPCE-5)."""
    for key in ("aws:sourcevpc", "aws:vpcsourceip"):
        yield same(THROUGH, present(key))
    for key in ("aws:sourcevpcarn", "aws:vpceaccount"):
        yield same(THROUGH, present(key)) if service in _WITH_VPC_KEYS else _then(present(key), THROUGH)
    for key in ("aws:vpceorgid", "aws:vpceorgpaths"):
        yield _then(present(key), THROUGH)
    yield any_of(negate(THROUGH), negate(present("aws:sourceip")))
    yield any_of(THROUGH, present("aws:sourceip"), VIA_SERVICE)
    yield _then(present("aws:calledvia"), VIA_SERVICE)
    for key in ("aws:calledviafirst", "aws:calledvialast"):
        yield same(present(key), present("aws:calledvia"))
        yield _then(present(key), some_is("aws:calledvia", key))


TEMPORARY_KNOWS_MFA = any_of(negate(present("aws:tokenissuetime")), present("aws:multifactorauthpresent"))
"""Temporary credentials of a user or root say whether MFA was used (STS-22); role sessions do not (D-21)."""


def _sessions() -> Iterator[Formula]:
    """MFA is known of temporary credentials only, its age only where it was used."""
    used = one("aws:multifactorauthpresent", BoolTest(frozenset({True})))
    yield _then(present("aws:multifactorauthpresent"), present("aws:tokenissuetime"))
    yield same(present("aws:multifactorauthage"), used)


def _through_which(service: str, snapshot: Snapshot) -> Formula:
    """Through no endpoint, through a known one, or through one of an account whose endpoints are not all known.

    One alternative for each, with all that it says of the keys: however many endpoints there are, a search
    decides once.
    """
    known = [endpoint for account in snapshot.accounts for endpoint in account.endpoints]
    places = _Places(snapshot)
    ways = [_through(each, service, places) for each in known if each.service == service]
    unknown = none_of(_ID, [each.id for each in known])
    closed = frozenset(each.id for each in snapshot.accounts if "endpoints" in each.known)
    if service not in _WITH_VPC_KEYS:
        ways.append(all_of(unknown, none_of(_ACCOUNT, closed)))
        return any_of(negate(THROUGH), *ways)
    for accounts, said in places.groups():
        owners = sorted(accounts - closed)
        if owners:
            ways.append(all_of(unknown, is_(_ACCOUNT, *owners), said))
    ways.append(all_of(unknown, none_of(_ACCOUNT, closed | places.members), places.elsewhere))
    return any_of(negate(THROUGH), *ways)


def _through(endpoint: VpcEndpoint, service: str, places: _Places) -> Formula:
    """What the id of a known endpoint says of its VPC, its owner, and the owner's place (VPCE-5)."""
    facts: list[Formula] = [is_(_ID, endpoint.id)]
    if endpoint.vpc:
        facts.append(is_("aws:sourcevpc", endpoint.vpc))
        facts.append(any_of(negate(present(_VPC_ARN)), _is_arn_of_vpc(endpoint.vpc)))
    owner = is_(_ACCOUNT, endpoint.account)
    if service in _WITH_VPC_KEYS:
        return all_of(*facts, owner, places.of(endpoint.account))
    return all_of(*facts, any_of(negate(present(_ACCOUNT)), owner))


class _Places:
    """What aws:VpceOrgID and aws:VpceOrgPaths say of accounts, by their place in a known organization."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._groups: dict[tuple[str, str], set[str]] = {}
        for organization in snapshot.organizations:
            for account in (
                organization.management_account,
                *(each.account for each in organization.members),
            ):
                place = (organization.id, organization.path_text(account))
                self._groups.setdefault(place, set()).add(account)
        self._place_of = {account: place for place, accounts in self._groups.items() for account in accounts}
        ids = sorted({organization.id for organization in snapshot.organizations})
        self.members = frozenset(self._place_of)
        self.elsewhere = all_of(
            none_of(_ORGANIZATION, ids),
            *(negate(some_like(_PATHS, f"{id_}/*")) for id_ in ids),
        )

    def of(self, account: str) -> Formula:
        """What is said of endpoints of this account."""
        place = self._place_of.get(account)
        return self.elsewhere if place is None else self._said(place)

    def groups(self) -> Iterator[tuple[set[str], Formula]]:
        """The accounts of each place, with what is said of them."""
        return ((accounts, self._said(place)) for place, accounts in sorted(self._groups.items()))

    def _said(self, place: tuple[str, str]) -> Formula:
        organization, path = place
        return all_of(is_(_ORGANIZATION, organization), _is_all(_PATHS, path))


_ID = "aws:sourcevpce"
_ACCOUNT = "aws:vpceaccount"
_VPC_ARN = "aws:sourcevpcarn"
_ORGANIZATION = "aws:vpceorgid"
_PATHS = "aws:vpceorgpaths"


def some_is(key: str, other: str) -> KeyTest:
    """Some value of a multivalued key is the value of the other key."""
    test = StringTest((Pattern((Variable(other),)),))
    return KeyTest(key, Quantifier.SOME, test, negated=False, if_absent=False)


def is_(key: str, *values: str) -> KeyTest:
    """The key has one of these values."""
    return one(key, StringTest(tuple(map(exact, values))))


def _is_arn_of_vpc(vpc: str) -> KeyTest:
    fields = (exact("arn"), EVERYTHING, exact("ec2"), EVERYTHING, EVERYTHING, exact(f"vpc/{vpc}"))
    return one(_VPC_ARN, ArnTest((fields,)))


def none_of(key: str, values: Iterable[str]) -> Formula:
    """The key is absent, or has none of these values."""
    listed = sorted(values)
    return negate(is_(key, *listed)) if listed else TRUE


def _is_all(key: str, value: str) -> Formula:
    """A multivalued key has this value alone."""
    test = StringTest((exact(value),))
    return all_of(present(key), KeyTest(key, Quantifier.EVERY, test, negated=False, if_absent=True))


def some_like(key: str, pattern: str) -> KeyTest:
    """Some value of a multivalued key matches the pattern."""
    test = StringTest((parse_pattern(pattern, variables=False),))
    return KeyTest(key, Quantifier.SOME, test, negated=False, if_absent=False)


def _then(condition: Formula, consequence: Formula) -> Formula:
    return any_of(negate(condition), consequence)


def same(left: Formula, right: Formula) -> Formula:
    """Both hold, or neither."""
    return all_of(_then(left, right), _then(right, left))
