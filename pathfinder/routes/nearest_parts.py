"""A decision taken apart into what must all hold, so that it can be said which part stops a request.

Each Deny statement that matches must not, each gate must let the request pass, and one way of granting must
hold in each of its needs: in the same account there are several such ways. Source: EVAL-1, EVAL-10 to EVAL-45.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pathfinder.authorization.caller import (
    Anonymous,
    IdentityProviderCaller,
    RootUser,
    ServiceCaller,
    UserCaller,
    account_of,
)
from pathfinder.authorization.decision import Layer, LayerKind, Match, Strength
from pathfinder.logic.formula import FALSE, TRUE, Formula, Unknown, all_of, any_of, negate, one, present
from pathfinder.logic.patterns import exact
from pathfinder.logic.values import StringTest
from pathfinder.policy.conditions import fold_test
from pathfinder.policy.document import Effect, PolicyKind, Unread
from pathfinder.routes.nearest_scene import Scene


@dataclass(frozen=True, slots=True)
class Need:
    """A layer that must grant; in a resource's own policies by one of these strengths, None: by any."""

    layer: LayerKind
    strengths: frozenset[Strength] | None = None


Way = tuple[Need, ...]
"""What must grant together, besides all gates and Denies."""

PartName = tuple[LayerKind, str | None, tuple[PolicyKind, str, str, int] | None, Need | None]


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that must hold. `passes`: when it does. `deny`: the Deny statement that must not match.

    `need`: what a way of granting needs; neither of the two: a gate.
    """

    layer: LayerKind
    level: str | None
    passes: Formula
    deny: Match | None = None
    need: Need | None = None
    note: str | None = None

    @property
    def name(self) -> PartName:
        """What it is called in any other decision of the same request."""
        match = self.deny
        statement = (match.kind, match.policy, match.attached_to, match.index) if match else None
        return (self.layer, self.level, statement, self.need)


def parts_of(scene: Scene, way: Way) -> tuple[Part, ...]:
    """All parts, in the order of AWS's evaluation: Denies, gates, grants (TERM-11)."""
    return (*_denies(scene), *_gates(scene), *_needs(scene, way))


def part_now(scene: Scene, way: Way, part: Part) -> Formula:
    """When the same part passes in another decision; TRUE where it is no longer there."""
    return next((each.passes for each in parts_of(scene, way) if each.name == part.name), TRUE)


def _denies(scene: Scene) -> Iterator[Part]:
    for layer in scene.decision.layers:
        if not layer.applies or layer.denies == FALSE:  # FALSE with matches: EVAL-33
            continue
        for match in layer.matches:
            if match.effect is Effect.DENY:
                condition = all_of(_met(scene, layer), match.condition)
                yield Part(layer.kind, layer.level, negate(condition), deny=match)


def _met(scene: Scene, layer: Layer) -> Formula:
    """When the request meets the layer at all: an endpoint's policy only where it travels through it."""
    if layer.kind is not LayerKind.ENDPOINT:
        return TRUE
    key = "aws:sourcevpce"
    through = present(key) if layer.level is None else one(key, StringTest((exact(layer.level),)))
    return fold_test(through, scene.context)


_GRANTING = frozenset(
    {LayerKind.RESOURCE, LayerKind.ACL, LayerKind.IDENTITY, LayerKind.BOUNDARY, LayerKind.SESSION}
)


def _gates(scene: Scene) -> Iterator[Part]:
    """The gates; of Block Public Access one for each place where it is on (BPA-1)."""
    for layer in scene.decision.layers:
        if not layer.applies or layer.kind in _GRANTING or layer.kind is LayerKind.RCP:
            continue
        several = scene.settings if layer.kind is LayerKind.PUBLIC_ACCESS else ()
        for level in several or (layer.level,):
            yield Part(layer.kind, level, layer.allows, note=layer.note)


def _needs(scene: Scene, way: Way) -> Iterator[Part]:
    layers = {layer.kind: layer for layer in scene.decision.layers}
    for need in way:
        layer = layers.get(need.layer)
        limits = need.layer in (LayerKind.BOUNDARY, LayerKind.SESSION)
        if layer is None or (limits and not layer.applies):
            continue
        if need.layer is LayerKind.RESOURCE and LayerKind.ACL in layers:
            layer = _with_acls(layer, layers[LayerKind.ACL])
        passes = layer.allows if need.strengths is None else _by_strength(scene, layer, need.strengths)
        yield Part(layer.kind, layer.level, passes, need=need, note=layer.note)


def _with_acls(policy: Layer, acls: Layer) -> Layer:
    """What the resource's side grants in all: by its policy, and by ACLs (S3-2)."""
    return replace(
        policy, allows=any_of(policy.allows, acls.allows), matches=(*policy.matches, *acls.matches)
    )


def _by_strength(scene: Scene, layer: Layer, strengths: frozenset[Strength]) -> Formula:
    """When one of these strengths grants; a policy that is not known may."""
    found = (m.condition for m in layer.matches if m.effect is Effect.ALLOW and m.strength in strengths)
    unread = any(isinstance(policy, Unread) for policy in scene.policies.resource)
    return any_of(*found, Unknown("a policy of the resource is not known") if unread else FALSE)


_RESOURCE, _IDENTITY = Need(LayerKind.RESOURCE), Need(LayerKind.IDENTITY)
_LIMITS = (Need(LayerKind.BOUNDARY), Need(LayerKind.SESSION))
_ACCOUNT = Need(LayerKind.RESOURCE, frozenset({Strength.ACCOUNT}))
_ROLE = Need(LayerKind.RESOURCE, frozenset({Strength.ROLE}))
_DIRECT = Need(LayerKind.RESOURCE, frozenset({Strength.DIRECT}))
PLAIN_IDENTITY: Way = (_IDENTITY, *_LIMITS)
"""The principal's own policies are enough: within one account, but for roles being assumed and KMS keys."""


def ways_of(scene: Scene) -> tuple[Way, ...]:
    """Every way in which the request may be granted, the usual one first (EVAL-10 to EVAL-45).

    Where the resource's owner is not known, the ways of both readings (TERM-5).
    """
    caller = scene.request.caller
    account = account_of(caller)
    if account is None or isinstance(caller, (Anonymous, ServiceCaller, IdentityProviderCaller)):
        return ((_RESOURCE,),)
    root = isinstance(caller, RootUser)
    across: Way = (_RESOURCE,) if root else (_RESOURCE, _IDENTITY, *_LIMITS)
    owner = scene.resource.account if scene.request.target.arn is not None else account
    if owner == account:
        return _inside(scene, root)
    return (across,) if owner is not None else (*_inside(scene, root), across)


def _inside(scene: Scene, root: bool) -> tuple[Way, ...]:
    """The ways within one account."""
    explicit = _needs_explicit_trust(scene)
    if root:
        return ((_RESOURCE,),) if explicit else ((),)
    identity: Way = (_ACCOUNT, *PLAIN_IDENTITY) if explicit else PLAIN_IDENTITY
    if scene.request.service == "iam" or scene.request.target.arn is None:
        return (identity,)
    user_assumes = (
        isinstance(scene.request.caller, UserCaller) and scene.request.action.lower() == "sts:assumerole"
    )
    direct: Way = (_DIRECT, Need(LayerKind.BOUNDARY)) if user_assumes else (_DIRECT,)  # D-3
    role: Way = (_ROLE, *_LIMITS)
    return (direct, role, identity) if explicit else (identity, direct, role)


def _needs_explicit_trust(scene: Scene) -> bool:
    """Roles being assumed and KMS keys: nothing without their own policy's Allow (EVAL-14)."""
    arn = scene.request.target.arn
    if arn is None:
        return False
    return (scene.request.service == "sts" and arn.is_role) or (
        scene.request.service == "kms" and arn.service == "kms" and arn.resource_type == "key"
    )
