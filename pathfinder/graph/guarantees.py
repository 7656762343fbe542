"""What AWS guarantees of a request's keys whatever the policies say, as axioms for the solver.

Source: evaluation.md VPCE-5, EVAL-46, chapter 6 (columns "present when" and "Ctl"), COND-54.
"""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.aws.arn import AccountId
from pathfinder.logic.formula import Formula, KeyTest, Quantifier, all_of, any_of, negate, one, present
from pathfinder.logic.patterns import exact, parse_pattern
from pathfinder.logic.values import BoolTest, StringTest
from pathfinder.model.organization import Snapshot

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
    return (
        *_network(service),
        *_sessions(),
        *_known_endpoints(service, snapshot),
        *_organizations(service, snapshot),
    )


def _network(service: str) -> Iterator[Formula]:
    """Through an endpoint or from a public address, never both; on a caller's behalf perhaps neither (VPCE-5)."""
    for key in ("aws:sourcevpc", "aws:vpcsourceip"):
        yield _same(THROUGH, present(key))
    for key in ("aws:sourcevpcarn", "aws:vpceaccount"):
        yield _same(THROUGH, present(key)) if service in _WITH_VPC_KEYS else _then(present(key), THROUGH)
    for key in ("aws:vpceorgid", "aws:vpceorgpaths"):
        yield _then(present(key), THROUGH)
    yield any_of(negate(THROUGH), negate(present("aws:sourceip")))
    yield any_of(THROUGH, present("aws:sourceip"), VIA_SERVICE)
    for key in ("aws:calledvia", "aws:calledviafirst", "aws:calledvialast"):
        yield _then(present(key), VIA_SERVICE)


def _sessions() -> Iterator[Formula]:
    """MFA is known of temporary credentials only, its age only where it was used."""
    used = one("aws:multifactorauthpresent", BoolTest(frozenset({True})))
    yield _then(present("aws:multifactorauthpresent"), present("aws:tokenissuetime"))
    yield _same(present("aws:multifactorauthage"), used)


def _known_endpoints(service: str, snapshot: Snapshot) -> Iterator[Formula]:
    """What a known endpoint's id says of VPC and account; a fully known account has no other endpoints."""
    known = [endpoint for account in snapshot.accounts for endpoint in account.endpoints]
    for endpoint in sorted(known, key=lambda each: each.id):
        facts = [_if_shown(is_(_ACCOUNT, endpoint.account), service)]
        if endpoint.vpc:
            facts.append(is_("aws:sourcevpc", endpoint.vpc))
        yield _then(is_("aws:sourcevpce", endpoint.id), all_of(*facts))
        if endpoint.service != service:
            yield negate(is_("aws:sourcevpce", endpoint.id))
    without: list[str] = []
    for account in sorted(snapshot.accounts, key=lambda each: each.id):
        if "endpoints" not in account.known:
            continue
        own = [each.id for each in account.endpoints if each.service == service]
        if own:
            yield any_of(negate(is_(_ACCOUNT, account.id)), is_("aws:sourcevpce", *own))
        else:
            without.append(account.id)
    if without:
        yield negate(is_(_ACCOUNT, *without))


def _organizations(service: str, snapshot: Snapshot) -> Iterator[Formula]:
    """The owner of an endpoint says its organization, and its place in it, as far as it may own one (VPCE-5)."""
    if service not in _WITH_VPC_KEYS:
        return
    closed = {
        account.id
        for account in snapshot.accounts
        if "endpoints" in account.known and not any(each.service == service for each in account.endpoints)
    }
    for organization in snapshot.organizations:
        members = sorted({organization.management_account, *(each.account for each in organization.members)})
        owners = [account for account in members if account not in closed]
        yield _then(_some_like(_PATHS, f"{organization.id}/*"), is_(_ORGANIZATION, organization.id))
        if not owners:
            yield negate(is_(_ORGANIZATION, organization.id))
            continue
        yield _same(is_(_ACCOUNT, *owners), is_(_ORGANIZATION, organization.id))
        by_path: dict[str, list[AccountId]] = {}
        for account in owners:
            by_path.setdefault(organization.path_text(account), []).append(account)
        for path, accounts in sorted(by_path.items()):
            yield _same(is_(_ACCOUNT, *accounts), _is_all(_PATHS, path))


_ACCOUNT = "aws:vpceaccount"
_ORGANIZATION = "aws:vpceorgid"
_PATHS = "aws:vpceorgpaths"


def _if_shown(test: KeyTest, service: str) -> Formula:
    """The test, where requests to the service show the key; not every service does (VPCE-5)."""
    return test if service in _WITH_VPC_KEYS else any_of(negate(present(test.key)), test)


def is_(key: str, *values: str) -> KeyTest:
    """The key has one of these values."""
    return one(key, StringTest(tuple(map(exact, values))))


def _is_all(key: str, value: str) -> Formula:
    """A multivalued key has this value alone."""
    test = StringTest((exact(value),))
    return all_of(present(key), KeyTest(key, Quantifier.EVERY, test, negated=False, if_absent=True))


def _some_like(key: str, pattern: str) -> KeyTest:
    """Some value of a multivalued key matches the pattern."""
    test = StringTest((parse_pattern(pattern, variables=False),))
    return KeyTest(key, Quantifier.SOME, test, negated=False, if_absent=False)


def _then(condition: Formula, consequence: Formula) -> Formula:
    return any_of(negate(condition), consequence)


def _same(left: Formula, right: Formula) -> Formula:
    return all_of(_then(left, right), _then(right, left))
