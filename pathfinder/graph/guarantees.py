"""What AWS guarantees of a request's keys whatever the policies say, as axioms for the solver.

Source: evaluation.md VPCE-5, EVAL-46, chapter 6 (columns "present when" and "Ctl"), COND-54.
"""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.logic.formula import Formula, KeyTest, all_of, any_of, negate, one, present
from pathfinder.logic.patterns import exact
from pathfinder.logic.values import BoolTest, StringTest
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

_THROUGH = present("aws:sourcevpce")
_VIA_SERVICE = one("aws:viaawsservice", BoolTest(frozenset({True})))
DIRECT = _VIA_SERVICE.opposite()
"""The caller makes the request itself: what a witness is wherever it can be."""

_WITH_VPC_KEYS = frozenset({"s3", "kms"})
"""Services whose requests carry aws:VpceAccount and its kin."""


def axioms(service: str, endpoints: tuple[VpcEndpoint, ...], complete: frozenset[str]) -> tuple[Formula, ...]:
    """The axioms for requests to a service. `complete`: accounts all of whose endpoints are known."""
    return (*_network(service), *_sessions(), *_known_endpoints(service, endpoints, complete))


def _network(service: str) -> Iterator[Formula]:
    """Through an endpoint or from a public address, never both; on a caller's behalf perhaps neither (VPCE-5)."""
    for key in ("aws:sourcevpc", "aws:vpcsourceip"):
        yield _same(_THROUGH, present(key))
    for key in ("aws:sourcevpcarn", "aws:vpceaccount"):
        yield _same(_THROUGH, present(key)) if service in _WITH_VPC_KEYS else _then(present(key), _THROUGH)
    for key in ("aws:vpceorgid", "aws:vpceorgpaths"):
        yield _then(present(key), _THROUGH)
    yield any_of(negate(_THROUGH), negate(present("aws:sourceip")))
    yield any_of(_THROUGH, present("aws:sourceip"), _VIA_SERVICE)
    for key in ("aws:calledvia", "aws:calledviafirst", "aws:calledvialast"):
        yield _then(present(key), _VIA_SERVICE)


def _sessions() -> Iterator[Formula]:
    """MFA is known of temporary credentials only, its age only where it was used."""
    used = one("aws:multifactorauthpresent", BoolTest(frozenset({True})))
    yield _then(present("aws:multifactorauthpresent"), present("aws:tokenissuetime"))
    yield _same(present("aws:multifactorauthage"), used)


def _known_endpoints(
    service: str, endpoints: tuple[VpcEndpoint, ...], complete: frozenset[str]
) -> Iterator[Formula]:
    """What a known endpoint's id says of VPC and account; a fully known account has no other endpoints."""
    for endpoint in endpoints:
        facts = [_is("aws:vpceaccount", endpoint.account)]
        if endpoint.vpc:
            facts.append(_is("aws:sourcevpc", endpoint.vpc))
        yield any_of(negate(_is("aws:sourcevpce", endpoint.id)), _absent_or(all_of(*facts), service))
        if endpoint.service != service:
            yield negate(_is("aws:sourcevpce", endpoint.id))
    for account in sorted(complete):
        own = [each.id for each in endpoints if each.account == account and each.service == service]
        yield any_of(
            negate(_is("aws:vpceaccount", account)),
            *(_is("aws:sourcevpce", endpoint_id) for endpoint_id in own),
        )


def _absent_or(formula: Formula, service: str) -> Formula:
    return formula if service in _WITH_VPC_KEYS else any_of(negate(present("aws:vpceaccount")), formula)


def _is(key: str, value: str) -> KeyTest:
    return one(key, StringTest((exact(value),)))


def _then(condition: Formula, consequence: Formula) -> Formula:
    return any_of(negate(condition), consequence)


def _same(left: Formula, right: Formula) -> Formula:
    return all_of(_then(left, right), _then(right, left))
