"""The call by which a service assumes the role that a workload runs as.

Source: evaluation.md ESC-2, STS-43, STS-45, STS-49, STS-50, EVAL-45.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pathfinder.graph.escalations.calls import Call
from pathfinder.graph.facts import CERTIFICATES
from pathfinder.graph.principals import service_actor
from pathfinder.graph.world import World
from pathfinder.logic.formula import Formula, KeyTest, Quantifier, all_of
from pathfinder.logic.patterns import Pattern, exact, parse_pattern
from pathfinder.logic.values import ArnTest, StringTest
from pathfinder.model.identity import Role
from pathfinder.policy.document import Policy

_BESIDES: Mapping[str, tuple[str, ...]] = {
    "pods.eks.amazonaws.com": ("sts:TagSession",),
    CERTIFICATES: ("sts:TagSession", "sts:SetSourceIdentity"),
}
"""What the same request of a service needs besides sts:AssumeRole (STS-25, STS-43, STS-45)."""


def service_assumes(world: World, role: Role, service: str, region: str = "*") -> Call:
    """The service assumes the role, for something of the role's own account, in the region if it matters.

    A role is passed within its account only (STS-50), and so is what runs as it. Source: STS-49, EVAL-45.
    """
    own = _for_own_account(world, role)
    return Call(
        "sts:AssumeRole",
        world.role_resource(role),
        scope=all_of(own, _for_new_anchor(world, role, region)) if service == CERTIFICATES else own,
        actor=service_actor(service),
        besides=_BESIDES.get(service, ()),
    )


def _for_new_anchor(world: World, role: Role, region: str) -> Formula:
    """A trust anchor that is yet to be made: AWS gives it an id that no policy names (STS-45, ESC-36)."""
    account = role.arn.account
    any_text = _pattern("*")
    field = _pattern
    own = (field("arn"), any_text, field("rolesanywhere"), field(region), field(account))
    new = ArnTest(((*own, field("trust-anchor/*")),))
    tests: list[Formula] = [
        KeyTest("aws:sourcearn", Quantifier.ONE, new, negated=False, if_absent=False),
        KeyTest(
            "aws:sourceaccount",
            Quantifier.ONE,
            StringTest((_pattern(account),)),
            negated=False,
            if_absent=False,
        ),
    ]
    named = sorted(set(_anchors_named(world, role)))
    if named:
        test = StringTest(tuple(exact(text) for text in named))
        tests.append(KeyTest("aws:sourcearn", Quantifier.ONE, test, negated=True, if_absent=False))
    return all_of(*tests)


def _anchors_named(world: World, role: Role) -> Iterator[str]:
    """The ARNs that policies on the role name one by one."""
    policies = [role.trust]
    for level in world.rcp_levels(role.arn.account) or ():
        policies.extend(level.policies)
    for policy in policies:
        if isinstance(policy, Policy):
            for statement in policy.document.statements:
                for entry in statement.conditions:
                    if entry.key.lower() == "aws:sourcearn":
                        yield from (text for text in entry.values if "*" not in text and "?" not in text)


def _for_own_account(world: World, role: Role) -> Formula:
    """Whom the service acts for, where it says so. ARNs of buckets carry no account (TERM-5)."""
    account = role.arn.account
    any_text = _pattern("*")
    owners = (_pattern(account), _pattern(""))
    arns = ArnTest(
        tuple((_pattern("arn"), any_text, any_text, any_text, owner, any_text) for owner in owners)
    )
    tests = [_if_sent("aws:sourceaccount", StringTest(owners[:1])), _if_sent("aws:sourcearn", arns)]
    place = world.place(account)
    if place.known:
        # An account that is in no organization has no id to send; "-" is none.
        organization = place.organization.id if place.organization else "-"
        tests.append(_if_sent("aws:sourceorgid", StringTest((_pattern(organization),))))
    return all_of(*tests)


def _pattern(text: str) -> Pattern:
    return parse_pattern(text, variables=False)


def _if_sent(key: str, test: StringTest | ArnTest) -> Formula:
    return KeyTest(key, Quantifier.ONE, test, negated=False, if_absent=True)
