"""Keys of a request that could be otherwise: what was told of it, and the tags of its principal and resource.

What AWS fixes (who the principal is, its organization, the resource's account) is the request itself and stays.
Keys that hang together change together: the network's, and those of MFA. Source: evaluation.md chapter 6, VPCE-5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pathfinder.authorization.caller import RoleSession, UserCaller
from pathfinder.aws.condition_keys import is_multivalued, spelling
from pathfinder.conditions.keys_used import keys_of
from pathfinder.conditions.wording import sentence
from pathfinder.logic.formula import AllOf, Formula, all_of
from pathfinder.policy.context import (
    ABSENT,
    OBJECT_KEY,
    OPEN,
    PRESENT,
    SESSION_NAME,
    Absent,
    KeyState,
    Open,
    Values,
)
from pathfinder.policy.document import Policy, SomePolicy
from pathfinder.routes.nearest_change import Change, ChangeKind, SetKeys
from pathfinder.routes.nearest_parts import Part
from pathfinder.routes.nearest_scene import Scene
from pathfinder.routes.nearest_words import holder_of, resource_policy_kind

_NETWORK = frozenset(
    {
        "aws:sourceip",
        "aws:vpcsourceip",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:sourcevpcarn",
        "aws:vpceaccount",
        "aws:vpceorgid",
        "aws:vpceorgpaths",
    }
)
_TELLING = frozenset({"aws:sourceip", "aws:sourcevpce"})
"""Of the network's keys the two that say which way it is; the others follow."""
_MFA = frozenset({"aws:multifactorauthpresent", "aws:multifactorauthage"})
_TOGETHER = (_NETWORK, _MFA)


@dataclass(frozen=True, slots=True)
class Group:
    """Keys that change together. `opened`: their states while it is looked for values that open the request."""

    kind: ChangeKind
    opened: Mapping[str, KeyState]

    @property
    def keys(self) -> frozenset[str]:
        """The keys, in lower case."""
        return frozenset(self.opened)

    @property
    def name(self) -> str:
        """What tells it from other groups."""
        return min(self.opened)


def groups_of(scene: Scene) -> tuple[Group, ...]:
    """All groups: those of what was told first."""
    world, request = scene.world, scene.request
    own = world.context(scene.actor, request.action, scene.resource)
    told = [key for key, state in scene.told.items() if own.state(key) != state]
    found: dict[str, Group] = {}
    for key in told:
        if key.startswith(_TAGS):
            continue
        together = next((keys for keys in _TOGETHER if key in keys), frozenset({key}))
        kind: ChangeKind = "resource-tag" if key.startswith(_OBJECT_TAG) else "context"
        group = Group(kind, {each: own.state(each) for each in sorted(together)})
        found[group.name] = group
    for key in (*sorted(_tags_used(scene)), *(key for key in told if key.startswith(_TAGS))):
        tag = _tag_group(scene, key)
        if tag is not None:
            found.setdefault(tag.name, tag)
    return tuple(found.values())


_PRINCIPAL_TAG = "aws:principaltag/"
_RESOURCE_TAGS = ("aws:resourcetag/", "s3:buckettag/", "iam:resourcetag/")
_TAGS = (_PRINCIPAL_TAG, *_RESOURCE_TAGS)
_OBJECT_TAG = "s3:existingobjecttag/"


def _tags_used(scene: Scene) -> Iterable[str]:
    """The tag keys that policies of the request speak of."""
    policies = scene.policies
    listed: list[SomePolicy] = [*policies.identity, *policies.resource, *(policies.session or ())]
    listed += [policies.boundary] if policies.boundary else []
    for level in (*(policies.scp or ()), *(policies.rcp or ())):
        listed += level.policies
    listed += [endpoint.policy for endpoint in policies.endpoints]
    return {
        key
        for policy in listed
        if isinstance(policy, Policy)
        for statement in scene.world.compiler.compile(policy).statements
        for key in statement.keys
        if key.startswith(_TAGS)
    }


def _tag_group(scene: Scene, key: str) -> Group | None:
    """The tag, if the principal or the resource is one that can be given it."""
    tag = key.partition("/")[2]
    if not tag:
        return None
    if key.startswith(_PRINCIPAL_TAG):
        if isinstance(scene.context.state(key), Open) or not _can_be_tagged(scene):
            return None
        return Group("principal-tag", {key: OPEN})
    if scene.resource.tags is None or scene.resource.target.arn is None:
        return None
    service = scene.request.service
    prefixes = {"s3": ("aws:resourcetag/", "s3:buckettag/"), "sts": ("aws:resourcetag/", "iam:resourcetag/")}
    return Group(
        "resource-tag", {prefix + tag: OPEN for prefix in prefixes.get(service, ("aws:resourcetag/",))}
    )


def _can_be_tagged(scene: Scene) -> bool:
    """Users, and roles but those that AWS keeps (EVAL-50); an inventory must hold them."""
    caller = scene.request.caller
    if scene.actor.node.id not in scene.world.actors:
        return False
    if isinstance(caller, RoleSession):
        return not caller.role.path.startswith(("/aws-reserved/", "/aws-service-role/"))
    return isinstance(caller, UserCaller)


def open_groups(scene: Scene, keys: frozenset[str]) -> tuple[Group, ...]:
    """The groups of these keys as far as they are open in the request: what its caller still chooses."""
    found: dict[str, Group] = {}
    for key in sorted(keys):
        together = next((each for each in _TOGETHER if key in each), frozenset({key}))
        states = {each: PRESENT if each in _NAMES else scene.context.state(each) for each in sorted(together)}
        kind: ChangeKind = "resource-tag" if key.startswith(_OBJECT_TAG) else "context"
        group = Group(kind, {each: state for each, state in states.items() if isinstance(state, Open)})
        if group.opened:
            found[group.name] = group
    return tuple(found.values())


_NAMES = {OBJECT_KEY: "ask for ", SESSION_NAME: "use the "}
"""Keys that stand for a name in an ARN, and what is done about them."""


def opened_by(groups: Iterable[Group]) -> dict[str, KeyState]:
    """The states of all keys of the groups while they are open."""
    return {key: state for group in groups for key, state in group.opened.items()}


def fixed_by(
    group: Group,
    condition: Formula,
    chosen: Mapping[str, tuple[str, ...]],
    base: Scene,
    part: Part,
) -> Change:
    """The group as a change.

    `condition`: what must hold while the group is open. `chosen`: the values, by key in lower case, of a request
    for which it holds. `part`: what the change opens.
    """
    if group.kind == "resource-tag":  # one tag under several keys
        value = next((chosen[key] for key in group.opened if key in chosen), None)
        chosen = {} if value is None else dict.fromkeys(group.opened, value)
    states = {key: _state(key, state, chosen.get(key)) for key, state in group.opened.items()}
    spoken = keys_of(condition) | frozenset(base.told) | _TELLING
    changed = {
        key: state
        for key, state in states.items()
        if key in spoken and state != base.context.state(key) and not isinstance(state, Open)
    }
    return Change(
        group.kind,
        part.layer,
        part.level,
        f"{_words(group, condition, changed, base)}{_now(group, base)}",
        SetKeys(states),
        context={spelling(key): _shown(state) for key, state in changed.items() if key not in _NAMES},
    )


def _state(key: str, opened: KeyState, value: tuple[str, ...] | None) -> KeyState:
    if value is not None:
        return Values(value, multivalued=is_multivalued(key))
    return opened if isinstance(opened, Open) and opened.present else ABSENT


def _shown(state: KeyState) -> str | tuple[str, ...] | None:
    if not isinstance(state, Values):
        return None
    return state.values if state.multivalued or len(state.values) != 1 else state.values[0]


_ADVERBIAL = ("through ", "from ", "not through ", "not from ", "with MFA", "without ", "over TLS", "in a ")


def _words(group: Group, condition: Formula, changed: Mapping[str, KeyState], base: Scene) -> str:
    """What has to be done: by the condition, where it speaks of these keys apart from others."""
    wanted = part_about(condition, group.keys)
    if wanted is None:
        listed = [f"{spelling(key)} {_of_state(state)}" for key, state in sorted(changed.items())]
        words = " and ".join(listed) or "as it is"
    else:
        words = sentence(wanted)
    if group.name in _NAMES:
        return _NAMES[group.name] + words
    match group.kind:
        case "principal-tag":
            return f"tag the principal {base.actor.node.id} so that {words}"
        case "resource-tag":
            return f"tag {_tagged(group, base)} so that {words}"
        case _:
            how = "" if words.startswith(_ADVERBIAL) else "so that "
            return f"make the request {how}{words}"


def _tagged(group: Group, base: Scene) -> str:
    """What bears the tag: aws:ResourceTag of S3 requests is the bucket's (S3-26)."""
    kind = resource_policy_kind(base)
    if group.name.startswith(_OBJECT_TAG):
        return "the object"
    return f"the resource {holder_of(base, kind) if kind else base.request.target.arn}"


def part_about(condition: Formula, keys: frozenset[str]) -> Formula | None:
    """What a condition says of these keys; None where it is nothing, or tied up with other keys."""
    parts = condition.parts if isinstance(condition, AllOf) else (condition,)
    about = [part for part in parts if keys_of(part) & keys]
    if not about or any(not keys_of(part) <= keys for part in about):
        return None
    return all_of(*about)


def _now(group: Group, base: Scene) -> str:
    """What the keys hold so far, where somebody told it or AWS fixes it."""
    states = {key: base.context.state(key) for key in sorted(group.opened)}
    told = {key: state for key, state in states.items() if key in base.told or group.kind != "context"}
    shown = [
        f"{spelling(key)} {_of_state(state)}"
        for key, state in told.items()
        if isinstance(state, Values) or (isinstance(state, Absent) and group.kind != "context")
    ]
    return f" (now {' and '.join(shown[:1] if group.kind == 'resource-tag' else shown)})" if shown else ""


def _of_state(state: KeyState) -> str:
    return f"is {' and '.join(state.values)}" if isinstance(state, Values) else "is absent"
