"""Sessions that a service or an identity provider starts for something that the snapshot knows.

What is known of it fixes keys of the request: the session's name, whom the service acts for, what it passes.
Source: evaluation.md STS-40 to STS-46, KEY-1, EVAL-45, TERM-2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from pathfinder.aws.arn import Arn
from pathfinder.conditions.keys_used import keys_of
from pathfinder.graph.evidence import evidence_of
from pathfinder.graph.facts import organization_states
from pathfinder.graph.hop import Evidence, Hop
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.node import Node
from pathfinder.graph.principals import Actor, candidates, role_actor
from pathfinder.graph.settle import settle
from pathfinder.graph.world import World
from pathfinder.logic.formula import Formula, all_of, one
from pathfinder.logic.patterns import parse_pattern
from pathfinder.logic.values import StringTest
from pathfinder.model.identity import Role
from pathfinder.model.organization import Account, Gap
from pathfinder.policy.context import ABSENT, Context, KeyState, Values


@dataclass(frozen=True, slots=True)
class Delivery:
    """A way by which a thing gets sessions of a role.

    `kind`: the hop kind. `caller`: the service or provider that makes the request. `action`: the request;
    `besides`: further actions that the same call needs (STS-25). `given`: keys of the request that are known,
    in lower case; `absent`: beginnings of keys that are not there unless they are given. `session_name`: where
    it is known. `session`: keys that the session carries. `facts`: what says that the thing has the role.
    """

    kind: str
    caller: Actor
    facts: tuple[Evidence, ...]
    action: str = "sts:AssumeRole"
    besides: tuple[str, ...] = ()
    given: Mapping[str, KeyState] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    session_name: str | None = None
    session: tuple[tuple[str, str], ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
    gaps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def delivered(
    world: World,
    source: Node,
    role: Role,
    delivery: Delivery,
    within: tuple[tuple[str, str], ...] = (),
    to: Node | None = None,
) -> Edge | None:
    """The hop from the thing to the role, or None where the role's trust policy lets no such request in.

    `within`: keys of the request whose value is not known, and a pattern that it matches. `to`: the node of the
    sessions that it leads to, where they are not any session of the role.
    """
    if role.service_linked:
        return None
    given = dict(delivery.given)
    if delivery.session_name is not None:
        given["sts:rolesessionname"] = Values((delivery.session_name,))
    resource = world.role_resource(role)
    known = world.context(delivery.caller, delivery.action, resource)

    def otherwise(key: str) -> KeyState:
        return ABSENT if delivery.absent and key.startswith(delivery.absent) else known.otherwise(key)

    context = Context({**known.states, **given}, otherwise)
    actions = (delivery.action, *delivery.besides)
    decisions = [world.decide(delivery.caller, each, resource, context) for each in actions]
    allowed = all_of(*(each.allowed for each in decisions))
    spoken = keys_of(allowed)
    allowed = all_of(allowed, *(_like(key, pattern) for key, pattern in within if key in spoken))
    settled = settle(world, delivery.caller, delivery.action, resource, allowed, given=given)
    if settled is None:
        return None
    extra = dict(delivery.extra)
    if delivery.session_name is not None:
        extra["session_name"] = delivery.session_name
    witness = settled.witness
    target = to or role_actor(role).node
    hop = Hop(
        delivery.kind,
        source.id,
        target.id,
        settled.condition,
        (delivery.action,),
        (str(role.arn),),
        evidence=(*delivery.facts, *evidence_of(decisions)),
        witness=witness,
        gaps=tuple(dict.fromkeys((*delivery.gaps, *settled.gaps))),
        also=tuple(replace(witness, action=each) for each in delivery.besides) if witness else (),
        extra=extra,
        notes=delivery.notes,
        caller=delivery.caller.node.id if delivery.caller.node != source else None,
        given=tuple(sorted(given.items())),
        session=delivery.session,
    )
    return Edge(source, target, hop)


def _like(key: str, pattern: str) -> Formula:
    return one(key, StringTest((parse_pattern(pattern, variables=False),)))


def starts_missed(world: World, account: Account, kind: str, service: str, what: str) -> Iterator[Gap]:
    """That things of this kind are not all known, where some role of the account trusts what runs them."""
    if kind in account.known:
        return
    trusting = [
        role
        for role in account.roles
        if not role.service_linked and service in candidates((role.trust,), {}).services
    ]
    if trusting:
        counted = "1 role" if len(trusting) == 1 else f"{len(trusting)} roles"
        reason = f"{what} the {counted} that trust {service} is not in the snapshot, or not completely"
        yield Gap(account.id, reason.replace("1 role that trust ", "1 role that trusts "), (account.id,))


def on_behalf_of(world: World, arn: Arn) -> dict[str, KeyState]:
    """What a service says of the resource that it acts for: its ARN, account and organization (EVAL-45)."""
    return {"aws:sourcearn": Values((str(arn),)), **on_behalf_of_account(world, arn.account)}


def on_behalf_of_account(world: World, account: str) -> dict[str, KeyState]:
    """The same, where the resource itself is not known."""
    return {
        "aws:sourceaccount": Values((account,)),
        **organization_states("aws:source", world.place(account)),
    }
