"""OIDC and SAML providers to the roles that trust them. Source: evaluation.md STS-20, PRIN-10."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.authorization.tenants import pinning
from pathfinder.aws.arn import parse_arn
from pathfinder.aws.services import BUILT_IN_IDENTITY_PROVIDERS
from pathfinder.graph.evidence import evidence_of
from pathfinder.graph.hop import Hop
from pathfinder.graph.hops.registry import Edge, hop_kind
from pathfinder.graph.principals import candidates, names_everyone, role_actor
from pathfinder.graph.settle import settle
from pathfinder.graph.world import World
from pathfinder.model.identity import Role
from pathfinder.model.organization import Gap
from pathfinder.policy.document import Effect, Policy, Statement


@hop_kind("federated")
def federated(world: World) -> Iterator[Edge | Gap]:
    """From each provider that a role's trust policy names, where it is of the role's account or built in.

    A trust policy that names everyone lets in each provider of the role's account (PRIN-11).
    """
    for role in world.roles.values():
        found = dict.fromkeys(candidates((role.trust,), {}).providers)
        if names_everyone((role.trust,)):
            found.update((str(each.arn), None) for each in world.accounts[role.arn.account].providers)
        for provider in sorted(found):
            yield from _of_provider(world, role, provider)


def _of_provider(world: World, role: Role, provider: str) -> Iterator[Edge | Gap]:
    arn = parse_arn(provider)
    if arn is None and provider not in BUILT_IN_IDENTITY_PROVIDERS:
        return
    if arn is not None and arn.account != role.arn.account:
        return
    saml = arn is not None and arn.resource_type == "saml-provider"
    action = "sts:AssumeRoleWithSAML" if saml else "sts:AssumeRoleWithWebIdentity"
    actor = world.provider_actor(provider)
    resource = world.role_resource(role)
    decision = world.decide(actor, action, resource)
    settled = settle(world, actor, action, resource, decision.allowed)
    if settled is None:
        return
    hop = Hop(
        "federated",
        provider,
        str(role.arn),
        settled.condition,
        (action,),
        (str(role.arn),),
        evidence=evidence_of((decision,)),
        witness=settled.witness,
        gaps=settled.gaps,
        notes=tuple(_notes(role, provider)),
    )
    yield Edge(actor.node, role_actor(role).node, hop)


def _notes(role: Role, provider: str) -> Iterator[str]:
    """Statements that let in whomever the provider vouches for (STS-20)."""
    if not isinstance(role.trust, Policy):
        return
    for number, statement in enumerate(role.trust.document.statements):
        if not _names(statement, provider):
            continue
        found = pinning(statement, provider)
        if not found.pinned:
            yield f"{statement.sid or f'Statement[{number}]'} of the trust policy: {found.why}"


def _names(statement: Statement, provider: str) -> bool:
    """Whether it lets the provider in, by name or because it names everyone (PRIN-10, PRIN-11)."""
    element = statement.principal
    if statement.effect is not Effect.ALLOW or element is None:
        return False
    return element.inverted or any(
        (kind == "Federated" and provider in texts) or kind == "*" for kind, texts in element.entries
    )
