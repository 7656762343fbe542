"""Ways by which requests travel: from the internet, through an endpoint, from the organization, by a service.

Each way says what holds of a request's network keys if it travels so. Source: evaluation.md KEY-6, VPCE-1 to
VPCE-6, STS-14, chapter 6 (keys marked c, E and V).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pathfinder.authorization.caller import Caller, ServiceCaller, account_of
from pathfinder.graph.guarantees import DIRECT, THROUGH, VIA_SERVICE, is_
from pathfinder.logic.formula import (
    FALSE,
    TRUE,
    Formula,
    KeyTest,
    Quantifier,
    Unknown,
    all_of,
    constant,
    negate,
    present,
    rewrite,
)
from pathfinder.logic.patterns import exact
from pathfinder.logic.values import StringTest
from pathfinder.model.organization import Snapshot
from pathfinder.model.resources import VpcEndpoint

INTERNET, ORGANIZATION, SERVICE = "internet", "organization", "service"
_S3 = frozenset({"s3"})
ROUTED = ("s3", "sts")
"""Services that the requests of a route go to."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to travel. `services`: those whose requests it is about, None for all; others travel any way.

    `name`: `internet`, `organization`, `service`, or the id of a VPC endpoint. `formula`: what it says of one
    such request's keys.
    """

    name: str
    services: frozenset[str] | None
    formula: Formula
    endpoint: VpcEndpoint | None = None

    def concerns(self, caller: Caller, service: str) -> bool:
        """Whether it says anything of the caller's requests to the service.

        It says nothing of the call by which AWS itself delivers a session to an instance or a function.
        """
        delivers = isinstance(caller, ServiceCaller) and service not in _S3
        return not delivers and (self.services is None or service in self.services)

    def of_request(self, caller: Caller, service: str) -> Formula:
        """What holds if the caller's request to the service travels so; FALSE where it cannot.

        Requests that an AWS service makes as itself come from no network of a customer; nobody acts on behalf
        of callers that sign with no account's credentials.
        """
        if not self.concerns(caller, service):
            return TRUE
        if isinstance(caller, ServiceCaller):
            return constant(self.name == SERVICE)
        if account_of(caller) is None:
            return rewrite(self.formula, _unsigned)
        return self.formula


def _unsigned(leaf: KeyTest | Unknown) -> Formula:
    if leaf == VIA_SERVICE:
        return FALSE
    return TRUE if leaf == DIRECT else leaf


def ways_of(snapshot: Snapshot) -> tuple[Way, ...]:
    """Every way to travel that the snapshot knows: internet, organization, service, then endpoints by id."""
    return (
        Way(INTERNET, None, all_of(present("aws:SourceIp"), negate(THROUGH), DIRECT)),
        *_organization(snapshot),
        Way(SERVICE, _S3, VIA_SERVICE),
        *(
            Way(each.id, frozenset({each.service}), is_("aws:sourcevpce", each.id), each)
            for each in endpoints_of(snapshot)
            if each.service in ROUTED
        ),
    )


def endpoints_of(snapshot: Snapshot) -> tuple[VpcEndpoint, ...]:
    """All known endpoints, by id."""
    found = (endpoint for account in snapshot.accounts for endpoint in account.endpoints)
    return tuple(sorted(found, key=lambda each: each.id))


def _organization(snapshot: Snapshot) -> Iterator[Way]:
    """Another network of the organization: peering and transit gateways lead to interface endpoints, never gateways.

    So the request comes through an interface endpoint that an account of the organization owns, known or not;
    requests to other services than S3 may take the way out to the internet that such a network has.
    """
    members = sorted(
        {
            account
            for each in snapshot.organizations
            for account in (each.management_account, *(member.account for member in each.members))
        }
    )
    if not members:
        return
    gateways = [each.id for each in endpoints_of(snapshot) if each.gateway]
    formula = all_of(THROUGH, is_("aws:vpceaccount", *members), _none_of("aws:sourcevpce", gateways))
    yield Way(ORGANIZATION, _S3, formula)


def _none_of(key: str, values: list[str]) -> Formula:
    if not values:
        return TRUE
    test = StringTest(tuple(map(exact, values)))
    return KeyTest(key, Quantifier.ONE, test, negated=True, if_absent=True)
