"""Whether the witnesses of a route tell one story: name, source identity and tags of each session.

Written from evaluation.md (STS-9, STS-25, STS-30 to STS-34, STS-40) over nothing but the witnesses' own texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pathfinder.graph.hop import Hop, Witness
from pathfinder.model.identity import Role
from pathfinder.routes.route import Route

STARTS_SESSION = frozenset({"assume-role", "instance-profile", "service", "federated"})


@dataclass(frozen=True)
class Carried:
    """What a session carries, tags by name in lower case.

    `name` None: not told. `inherited`: the transitive tags. `perhaps`: tags of the route's first session, where
    the route starts with a session of a role: which of them are transitive is not told.
    """

    role: str
    name: str | None
    identity: str | None
    tags: Mapping[str, str]
    inherited: Mapping[str, str] = field(default_factory=dict)
    perhaps: Mapping[str, str] = field(default_factory=dict)


def told_as_one(route: Route, roles: Mapping[str, Role]) -> None:
    """Assert that each hop acts with what the hop before gave to its session."""
    carried: Carried | None = None
    for hop in route.hops:
        if hop.witness is None:
            carried = None
            continue
        if carried is None and hop.source in roles:
            carried = _first(hop.witness, hop.source)
        if carried is not None:
            _acts_with(hop.witness, carried)
        if hop.kind in STARTS_SESSION:
            carried = _given(hop, hop.witness, carried, roles[hop.target])


def further_actions(route: Route) -> Iterator[tuple[Hop, Witness, str]]:
    """Each hop that passes or inherits tags or a source identity, and the action that it needs besides (STS-25)."""
    inherited: set[str] = set()
    for hop in route.hops:
        if hop.witness is None or hop.kind not in STARTS_SESSION:
            continue
        inherited |= _names(hop.witness, "sts:TransitiveTagKeys")
        if inherited or _tags(hop.witness, "aws:RequestTag/"):
            yield hop, hop.witness, "sts:TagSession"
        if _text(hop.witness, "sts:SourceIdentity") is not None:
            yield hop, hop.witness, "sts:SetSourceIdentity"


def _first(witness: Witness, role: str) -> Carried:
    """A route that starts at a role starts with a session of it that its first request tells of (TERM-8)."""
    tags = _tags(witness, "aws:PrincipalTag/")
    return Carried(role, None, _text(witness, "aws:SourceIdentity"), tags, perhaps=tags)


def _acts_with(witness: Witness, carried: Carried) -> None:
    """PRIN-6, KEY-1: the caller's ARN, aws:userid, aws:SourceIdentity, aws:PrincipalTag."""
    told = f"{witness} acts as {carried}"
    _, _, _, _, account, path = carried.role.split(":", 5)
    beginning = f"arn:aws:sts::{account}:assumed-role/{path.rpartition('/')[2]}/"
    assert witness.principal.startswith(beginning), told
    name = witness.principal.removeprefix(beginning)
    assert carried.name in (None, name), told
    assert _text(witness, "aws:PrincipalArn") == carried.role, told
    assert str(_text(witness, "aws:userid")).endswith(f":{name}"), told
    assert _text(witness, "aws:SourceIdentity") == carried.identity, told
    shown = _tags(witness, "aws:PrincipalTag/")
    for tag in shown.keys() | carried.tags.keys():
        possible = {carried.tags.get(tag), carried.perhaps.get(tag, carried.tags.get(tag))}
        assert shown.get(tag) in possible, told


def _given(hop: Hop, witness: Witness, before: Carried | None, role: Role) -> Carried:
    """What the new session carries: role tags, passed tags over them, inherited tags over all (STS-30 to STS-34)."""
    passed = _tags(witness, "aws:RequestTag/")
    identity = _text(witness, "sts:SourceIdentity")
    inherited = dict(before.inherited) if before is not None else {}
    perhaps = dict(before.perhaps) if before is not None else {}
    assert not passed.keys() & inherited.keys(), f"an inherited tag is passed again (STS-31): {witness}"
    transitive = _names(witness, "sts:TransitiveTagKeys")
    assert _names(witness, "aws:TagKeys") == passed.keys(), witness
    assert transitive <= passed.keys(), witness
    if before is not None and before.identity is not None:
        assert identity == before.identity, f"a source identity stays as it was set (STS-33): {witness}"
    return Carried(
        str(role.arn),
        hop.source.rpartition("/")[2]
        if hop.kind == "instance-profile"
        else _text(witness, "sts:RoleSessionName"),
        identity,
        _lower(role.tags) | passed | inherited,
        inherited | {name: passed[name] for name in transitive},
        {name: value for name, value in perhaps.items() if name not in passed},
    )


def _text(witness: Witness, key: str) -> str | None:
    value = witness.context.get(key)
    assert value is None or isinstance(value, str), (key, value)
    return value


def _names(witness: Witness, key: str) -> set[str]:
    """The names of tags in a list, in lower case: they differ by more than that (STS-30)."""
    value = witness.context.get(key, ())
    return {name.lower() for name in ((value,) if isinstance(value, str) else value)}


def _tags(witness: Witness, beginning: str) -> dict[str, str]:
    return {
        key.lower().removeprefix(beginning.lower()): str(value)
        for key, value in witness.context.items()
        if key.lower().startswith(beginning.lower())
    }


def _lower(tags: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in tags.items()}
