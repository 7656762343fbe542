"""Policies that ask for what sessions carry: tags, or a source identity. Source: STS-30, STS-33, ESC-15."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.graph.escalations.changed import own_arn
from pathfinder.graph.principals import Actor, named_principals
from pathfinder.graph.world import World
from pathfinder.policy.document import Effect, Policy, SomePolicy, Statement

_KEYS = ("aws:principaltag/", "aws:sourceidentity")


def asks_what_is_carried(world: World, actor: Actor) -> bool:
    """Whether a policy or the boundary of its own asks, in conditions or by a variable, or one that names it does.

    Policies that name a whole account, or everyone, are left out: there may be thousands of such roles. See
    `asks_elsewhere`.
    """
    own = actor.policies if actor.boundary is None else (*actor.policies, actor.boundary)
    return any(_asks(world, policy) for policy in own) or own_arn(actor) in _named(world)


def asks_elsewhere(world: World, account: str) -> bool:
    """Whether other policies ask that may decide about roles of the account: SCPs, RCPs, those of resources."""
    return any(
        _asks_in(statement) and _may_be_about(statement, account)
        for policy in _others(world, account)
        if _asks(world, policy) and isinstance(policy, Policy)
        for statement in policy.document.statements
    )


def _others(world: World, account: str) -> Iterator[SomePolicy]:
    for level in world.scp_levels(account) or ():
        yield from level.policies
    for each in world.snapshot.accounts:
        for level in world.rcp_levels(each.id) or ():
            yield from level.policies
        yield from (role.trust for role in each.roles)
        for held in (each.buckets, each.access_points, each.multi_region_access_points, each.keys):
            yield from (one.policy for one in held if one.policy is not None)
    yield from (each.policy for each in world.endpoints if each.policy is not None)


def _may_be_about(statement: Statement, account: str) -> bool:
    """Whether it names everyone or the account; a Deny, also something of the account."""
    named = statement.principal
    if named is None or named.inverted:
        return True
    denies = statement.effect is Effect.DENY
    return any(
        text in ("*", account) or (account in text and (denies or text.endswith(":root")))
        for _, texts in named.entries
        for text in texts
    )


def _named(world: World) -> frozenset[str]:
    """The roles that bucket policies and trust policies name which ask."""
    known = world.facts.get("named where it is asked")
    if known is None:
        policies = [role.trust for role in world.roles.values()]
        policies.extend(each.policy for each in world.buckets.values() if each.policy is not None)
        asking = tuple(each for each in policies if _asks(world, each))
        known = frozenset(text for _, text in named_principals(asking))
        world.facts["named where it is asked"] = known
    assert isinstance(known, frozenset)
    return known


def _asks(world: World, policy: SomePolicy) -> bool:
    if not isinstance(policy, Policy):
        return False
    known = world.facts.get(("asks what is carried", id(policy.document)))
    if known is None:
        found = any(map(_asks_in, policy.document.statements))
        known = world.facts[("asks what is carried", id(policy.document))] = (policy.document, found)
    assert isinstance(known, tuple)
    return bool(known[1])


def _asks_in(statement: Statement) -> bool:
    texts = [*(statement.resources or ())]
    for entry in statement.conditions:
        texts.extend((entry.key, *entry.values))
    return any(key in text.lower() for text in texts for key in _KEYS)
