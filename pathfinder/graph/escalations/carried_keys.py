"""Policies that ask for what sessions carry: tags, or a source identity. Source: STS-30, STS-33, ESC-15."""

from __future__ import annotations

from pathfinder.graph.escalations.changed import own_arn
from pathfinder.graph.principals import Actor, named_principals
from pathfinder.graph.world import World
from pathfinder.policy.document import Policy, SomePolicy

_KEYS = ("aws:principaltag/", "aws:sourceidentity")


def asks_what_is_carried(world: World, actor: Actor) -> bool:
    """Whether a policy or the boundary of its own asks, in conditions or by a variable, or one that names it does.

    Policies that name a whole account, or everyone, are left out: there may be thousands of such roles.
    """
    own = actor.policies if actor.boundary is None else (*actor.policies, actor.boundary)
    return any(_asks(world, policy) for policy in own) or own_arn(actor) in _named(world)


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
        texts: list[str] = []
        for statement in policy.document.statements:
            texts.extend(statement.resources or ())
            for entry in statement.conditions:
                texts.extend((entry.key, *entry.values))
        found = any(key in text.lower() for text in texts for key in _KEYS)
        known = world.facts[("asks what is carried", id(policy.document))] = (policy.document, found)
    assert isinstance(known, tuple)
    return bool(known[1])
