"""What a role session carries into its requests, and what a caller can pass to a session that it starts.

Source: evaluation.md STS-9, STS-25, STS-30 to STS-35, STS-40, STS-43, STS-45, D-21, chapter 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pathfinder.authorization.caller import RoleSession, ServiceCaller
from pathfinder.graph.facts import LASTING_CLAIMS, ROLE_TAGS, delivering_service
from pathfinder.graph.hop import Hop
from pathfinder.graph.principals import Actor
from pathfinder.logic.formula import Formula
from pathfinder.policy.context import ABSENT, SESSION_NAME, KeyState, Values

SESSION_GIVEN = "sts:rolesessionname"
IDENTITY_GIVEN = "sts:sourceidentity"
IDENTITY = "aws:sourceidentity"
PRINCIPAL_TAG = "aws:principaltag/"
PROVIDER = "aws:federatedprovider"
PODS = "pods.eks.amazonaws.com"
POD_TARGET = "pod-identity-target"
"""The hop kind by which EKS assumes a target role: what it passes of its own in that call is not told (STS-43)."""
ROLES_ANYWHERE = "rolesanywhere.amazonaws.com"


@dataclass(frozen=True, slots=True)
class At:
    """The key has the value that this key of some request of the route has."""

    key: str


@dataclass(frozen=True, slots=True)
class Case:
    """What a key of a request is, where the guard (over the keys of the whole route) holds."""

    guard: Formula
    place: KeyState | At


def carries(actor: Actor) -> bool:
    """Whether the caller is a session whose start the graph tells of."""
    return isinstance(actor.caller, RoleSession) and not actor.node.external


def is_carried(key: str) -> bool:
    """Whether a session carries the key, so that its value was fixed when the session was started."""
    return key == SESSION_NAME or hangs_on_start(key)


def hangs_on_start(key: str) -> bool:
    """The same, the session's name aside, which is whatever one likes."""
    return (
        key in (IDENTITY, PROVIDER)
        or key in LASTING_CLAIMS
        or key.startswith((PRINCIPAL_TAG, "identitystore:", *ROLE_TAGS))
        or delivering_service(key) is not None
    )


def own_tag(tags: Mapping[str, str], name: str) -> KeyState:
    """A principal's or role's own tag, its name in lower case; names differ by more than their case (STS-30)."""
    value = next((text for known, text in tags.items() if known.lower() == name), None)
    return ABSENT if value is None else Values((value,))


@dataclass(frozen=True, slots=True)
class Passable:
    """What a caller's call may pass: tags of these names (None: all); a source identity.

    `always`: the caller passes them whether one likes or not. `transitive`: whether the tags are; None: as one likes.
    """

    tags: frozenset[str] | None
    transitive: bool | None = None
    identity: bool = True
    always: bool = False


_POD_TAGS = frozenset(
    {
        "eks-cluster-arn",
        "eks-cluster-name",
        "kubernetes-namespace",
        "kubernetes-service-account",
        "kubernetes-pod-name",
        "kubernetes-pod-uid",
    }
)
_ANYTHING = Passable(None)
_NOTHING = Passable(frozenset(), identity=False)
_BY_SERVICE = {
    PODS: Passable(_POD_TAGS, transitive=True, identity=False, always=True),
    ROLES_ANYWHERE: Passable(None, transitive=False, always=True),
}


def passable(actor: Actor, hop: Hop) -> Passable:
    """What the caller can pass to a session that it starts; of services, few pass anything (STS-43, STS-45)."""
    if hop.extra.get("session_tags") == "switched off" or hop.kind == POD_TARGET:
        return _NOTHING
    if isinstance(actor.caller, ServiceCaller):
        return _BY_SERVICE.get(actor.caller.name, _NOTHING)
    return _ANYTHING
