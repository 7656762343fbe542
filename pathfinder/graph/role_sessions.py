"""Sessions of roles that are nodes of their own: who holds one may do less than the role, or does not hold it at all.

A session under session policies acts on its own. One that a service keeps, to start the next one with it, makes that
one call and no other. Source: evaluation.md TERM-10, LANG-9, EVAL-11, EVAL-12, STS-10, STS-43, STS-45.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pathfinder.graph.node import Node, NodeKind
from pathfinder.graph.principals import Actor, role_actor
from pathfinder.model.compute import PodIdentity
from pathfinder.model.identity import Role
from pathfinder.model.organization import Account
from pathfinder.model.workforce import AnywhereProfile


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """A session of a role. `acts`: whether who holds it acts with it; otherwise a service keeps it to itself."""

    role: Role
    actor: Actor
    acts: bool


def role_sessions(accounts: tuple[Account, ...], roles: Mapping[str, Role]) -> Iterator[Session]:
    """The sessions of the snapshot's roles that are nodes of their own, in the order of accounts."""
    for account in accounts:
        for profile in account.anywhere_profiles:
            for arn in profile.roles if profile.session_policies is not None else ():
                role = roles.get(str(arn))
                if role is not None and arn.account == account.id:
                    node, policies = profile_node(profile, role), profile.session_policies
                    yield Session(role, replace(role_actor(role), node=node, session=policies), acts=True)
        for association in account.pod_identities:
            role = roles.get(str(association.role))
            if role is not None and association.target_role is not None:
                node = kept_node(association, role)
                yield Session(role, replace(role_actor(role), node=node), acts=False)


def profile_node(profile: AnywhereProfile, role: Role) -> Node:
    """The node of the role's sessions by a profile of IAM Roles Anywhere that has session policies."""
    return Node(
        f"{profile.arn}:{role.arn.resource}",
        NodeKind.ROLE_SESSION,
        f"{role.arn.name} by profile {profile.name or profile.arn.name}",
        role.arn.account,
    )


def kept_node(association: PodIdentity, role: Role) -> Node:
    """The node of the session that EKS keeps to assume the association's target role with it."""
    return Node(
        f"{association.arn}:{role.arn.resource}",
        NodeKind.ROLE_SESSION,
        f"{role.arn.name} (kept by EKS)",
        role.arn.account,
    )
