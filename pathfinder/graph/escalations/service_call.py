"""The call by which a service assumes the role that a workload runs as.

Source: evaluation.md ESC-2, STS-49, STS-50, EVAL-45.
"""

from __future__ import annotations

from pathfinder.graph.escalations.calls import Call
from pathfinder.graph.principals import service_actor
from pathfinder.graph.world import World
from pathfinder.logic.formula import Formula, KeyTest, Quantifier, all_of
from pathfinder.logic.patterns import Pattern, parse_pattern
from pathfinder.logic.values import ArnTest, StringTest
from pathfinder.model.identity import Role


def service_assumes(world: World, role: Role, service: str) -> Call:
    """The service assumes the role, for something of the role's own account.

    A role is passed within its account only (STS-50), and so is what runs as it. Source: STS-49, EVAL-45.
    """
    return Call(
        "sts:AssumeRole",
        world.role_resource(role),
        scope=_for_own_account(world, role),
        actor=service_actor(service),
    )


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
