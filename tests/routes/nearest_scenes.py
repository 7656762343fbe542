"""Small random requests as plain JSON, their changes applied to that JSON, and both asked as whole new worlds.

A scene: {"caller", "inside", "identity": [[statement]], "boundary": None or [statement], "bucket": [statement],
"scps" and "rcps": {"root" or account: [[statement]]}, "endpoint": None or [statement], "restricted", "tags",
"told"}. Nothing here knows how pathfinder finds or applies changes: it reads them as a person does.
"""

from __future__ import annotations

import copy
import random
from dataclasses import replace
from typing import Any

from pathfinder.graph.world import World
from pathfinder.model.identity import Role, User
from pathfinder.policy.document import PolicyKind
from pathfinder.report.conditions import Wording
from pathfinder.report.nearest import nearest_json
from pathfinder.routes.explain import Explanation, explain_request
from tests.building import (
    FULL,
    MANAGEMENT,
    A,
    B,
    account,
    allow,
    bucket,
    deny,
    endpoint,
    organization,
    policy,
    role,
    user,
    world,
)

Scene = dict[str, Any]
USER, ROLE = f"arn:aws:iam::{A}:user/u", f"arn:aws:iam::{A}:role/r"
SESSION = f"arn:aws:sts::{A}:assumed-role/r/s"
OBJECT = "arn:aws:s3:::b/x"
_PLACES = ("root", A, B)
_LEVELS = {"r-x": "root"}


# ---- made from a seed ------------------------------------------------------------------------------------


def random_scene(seed: int) -> Scene:
    """The scene of this seed; the same in every run."""
    made = random.Random(f"nearest {seed}")
    pick = made.choice

    def chance(percent: int) -> bool:
        return made.random() * 100 < percent

    def statements(most: int, *, principal: bool, allows: int = 60) -> list[dict[str, Any]]:
        return [_statement(made, principal=principal, allows=allows) for _ in range(made.randint(0, most))]

    caller = pick((USER, USER, ROLE, SESSION))
    granting = [_near_grant(made, None)] if chance(60) else []
    naming = [_near_grant(made, {"AWS": ROLE if caller == SESSION else caller})] if chance(60) else []
    limit = [_near_grant(made, None)] if chance(60) else []
    return {
        "caller": caller,
        "inside": chance(40),
        "identity": [granting, *(statements(2, principal=False) for _ in range(made.randint(0, 2)))],
        "boundary": [*limit, *statements(2, principal=False)] if chance(25) else None,
        "bucket": [*naming, *(statements(2, principal=True) if chance(75) else [])],
        "scps": {place: [statements(2, principal=False, allows=40)] for place in _PLACES[:2] if chance(25)},
        "only_scps": [place for place in _PLACES[:2] if chance(15)],
        "rcps": {
            place: [[s for s in statements(2, principal=True, allows=0) if _is_rcp(s)]]
            for place in ("root", B)
            if chance(20)
        },
        "endpoint": [_near_grant(made, "*"), *statements(1, principal=True)] if chance(30) else None,
        "restricted": chance(15),
        "tags": {"team": pick(("blue", "red"))} if chance(50) else {},
        "told": _told(made),
    }


def _told(made: random.Random) -> dict[str, str]:
    """Keys that are given; a request has a public address or comes through an endpoint, never both (VPCE-5)."""
    found = {key: made.choice(values) for key, values in _TOLD.items() if made.random() < 0.25}
    if "aws:SourceVpce" in found:
        found.pop("aws:SourceIp", None)
    return found


_TOLD = {
    "aws:SourceVpce": ("vpce-0aaa", "vpce-0bbb"),
    "aws:SourceIp": ("203.0.113.7", "192.0.2.7"),
    "aws:MultiFactorAuthPresent": ("true", "false"),
    "aws:SecureTransport": ("true", "false"),
    "aws:UserAgent": ("one", "two"),
}
_CONDITIONS = (
    ("StringEquals", "aws:SourceVpce", ("vpce-0aaa", "vpce-0bbb", "vpce-0ccc")),
    ("StringNotEquals", "aws:SourceVpce", ("vpce-0aaa", "vpce-0bbb")),
    ("IpAddress", "aws:SourceIp", ("203.0.113.0/24", "198.51.100.0/24")),
    ("NotIpAddress", "aws:SourceIp", ("203.0.113.0/24",)),
    ("Bool", "aws:MultiFactorAuthPresent", ("true", "false")),
    ("BoolIfExists", "aws:MultiFactorAuthPresent", ("true", "false")),
    ("Bool", "aws:SecureTransport", ("true", "false")),
    ("StringEquals", "aws:PrincipalTag/team", ("blue", "red", "green")),
    ("StringNotEquals", "aws:PrincipalTag/team", ("blue", "red")),
    ("StringLike", "aws:UserAgent", ("one", "t*")),
    ("StringEquals", "aws:PrincipalOrgID", ("o-x", "o-y")),
    ("ArnLike", "aws:PrincipalArn", (USER, ROLE, f"arn:aws:iam::{A}:user/v")),
    ("ArnNotLike", "aws:PrincipalArn", (USER, f"arn:aws:iam::{A}:role/other")),
    ("Null", "aws:PrincipalTag/team", ("true", "false")),
    ("ForAnyValue:StringEquals", "aws:CalledVia", ("athena.amazonaws.com",)),
)
_PRINCIPALS = ("*", {"AWS": USER}, {"AWS": ROLE}, {"AWS": str(A)}, {"AWS": f"arn:aws:iam::{A}:user/v"})


def _near_grant(made: random.Random, principal: Any) -> dict[str, Any]:
    """An Allow of the request, often under a condition."""
    found = allow("s3:GetObject", made.choice(("*", "arn:aws:s3:::b/*", OBJECT)))
    if principal is not None:
        found["Principal"] = principal
    if made.random() < 0.6:
        operator, key, values = made.choice(_CONDITIONS)
        found["Condition"] = {operator: {key: made.choice(values)}}
    return found


def _statement(made: random.Random, *, principal: bool, allows: int) -> dict[str, Any]:
    pick = made.choice
    make = allow if made.random() * 100 < allows else deny
    found = make(
        pick(("s3:GetObject", "s3:GetObject", "s3:*", "*", "s3:PutObject", ["s3:GetObject", "s3:PutObject"]))
    )
    if found["Effect"] == "Deny" and made.random() < 0.15:
        found["NotAction"] = found.pop("Action")
        found["NotAction"] = "s3:ListBucket"
    found["Resource"] = pick(
        ("*", "arn:aws:s3:::b/*", OBJECT, "arn:aws:s3:::c/*", [OBJECT, "arn:aws:s3:::c/*"])
    )
    if made.random() < 0.1:
        found["NotResource"] = found.pop("Resource")
    if principal:
        inverted = found["Effect"] == "Deny" and made.random() < 0.1
        found["NotPrincipal" if inverted else "Principal"] = pick(_PRINCIPALS)
    for _ in range(made.choice((0, 0, 1, 1, 2))):
        operator, key, values = pick(_CONDITIONS)
        found.setdefault("Condition", {}).setdefault(operator, {})[key] = pick(values)
    return found


def _is_rcp(statement: dict[str, Any]) -> bool:
    return statement.get("Principal") == "*" and "Action" in statement and statement["Action"] != "*"


# ---- asked -----------------------------------------------------------------------------------------------


def asked(scene: Scene) -> Explanation:
    """The scene's request, explained in a world of its own."""
    return explain_request(world_of(scene), scene["caller"], "s3:GetObject", OBJECT, scene["told"] or None)


def world_of(scene: Scene) -> World:
    """The scene as a world: caller and endpoint in account A, the bucket in A or B."""
    callers = _callers(scene)
    owner = A if scene["inside"] else B
    found = bucket(owner, "b", *_kept(scene["bucket"]), restricted=scene["restricted"])
    points = [endpoint(A, each, "vpc-1") for each in ("vpce-0bbb", "vpce-0ccc")]
    given = scene["endpoint"]
    held = None
    if given is not None:
        held = policy(PolicyKind.ENDPOINT, "endpoint policy", "vpce-0aaa", *_kept(given))
    points.append(replace(endpoint(A, "vpce-0aaa", "vpc-1"), policy=held))
    own = account(A, **callers, endpoints=tuple(points), buckets=(found,) if owner == A else ())
    other = account(B, buckets=(found,) if owner == B else ())
    return world(own, other, account(MANAGEMENT), organization=_organization(scene))


def _callers(scene: Scene) -> dict[str, tuple[User | Role, ...]]:
    """The user and the role, with the same policies."""

    def dressed(made: Any) -> Any:
        own = str(made.arn)
        policies = tuple(
            policy(PolicyKind.IDENTITY, f"i{number}", own, *_kept(each))
            for number, each in enumerate(scene["identity"])
        )
        limit = scene["boundary"]
        boundary = None if limit is None else policy(PolicyKind.BOUNDARY, "boundary", own, *_kept(limit))
        return replace(made, policies=policies, boundary=boundary)

    trust = {"AWS": str(A)}
    return {
        "users": (dressed(user(A, "u", tags=scene["tags"])),),
        "roles": (dressed(role(A, "r", trust, tags=scene["tags"])),),
    }


def _organization(scene: Scene) -> Any:
    """Each place with FullAWSAccess, unless only the scene's own SCPs stand there."""
    made = organization(A, B)

    def scps(place: str) -> tuple[Any, ...]:
        full = [] if place in scene["only_scps"] else [policy(PolicyKind.SCP, "p-FullAWSAccess", place, FULL)]
        own = enumerate(scene["scps"].get(place, []))
        return (*full, *(policy(PolicyKind.SCP, f"p-{place}{n}", place, *_kept(each)) for n, each in own))

    def rcps(place: str) -> tuple[Any, ...]:
        own = enumerate(scene["rcps"].get(place, []))
        return tuple(policy(PolicyKind.RCP, f"r-{place}{n}", place, *_kept(each)) for n, each in own)

    return replace(
        made,
        units=tuple(replace(unit, scps=scps("root"), rcps=rcps("root")) for unit in made.units),
        members=tuple(replace(m, scps=scps(m.account), rcps=rcps(m.account)) for m in made.members),
        rcps_enabled=True,
    )


def _kept(statements: list[Any]) -> list[Any]:
    """The statements that are still there."""
    return [each for each in statements if each is not None]


# ---- changed ---------------------------------------------------------------------------------------------


def changes_of(explanation: Explanation) -> list[dict[str, Any]]:
    """The changes as the JSON output has them."""
    found = nearest_json(explanation.nearest, Wording())
    assert found is not None
    changes = found["changes"]
    assert isinstance(changes, list)
    return changes


def tellable(scene: Scene, changes: list[dict[str, Any]]) -> bool:
    """Whether `--context` can say what the changes want: not that a key is absent that could be there."""
    network = {"aws:SourceIp", "aws:SourceVpce"}
    for change in changes:
        absent = {key for key, value in change["context"].items() if value is None}
        if network <= absent or not absent <= {*network, *scene["told"], "aws:PrincipalTag/team"}:
            return False
    return True


def alternatives_of(explanation: Explanation) -> list[dict[str, Any]]:
    """All changes that are named for some layer, as the JSON output has them."""
    found: Any = nearest_json(explanation.nearest, Wording())
    return [change for layer in found["layers"] for change in layer["alternatives"]]


def changed(scene: Scene, changes: list[dict[str, Any]]) -> Scene:
    """The scene after the changes, done as a person would who has the JSON output alone."""
    found = copy.deepcopy(scene)
    for change in changes:
        _CHANGES[change["kind"]](found, change)
    return found


def _add(scene: Scene, change: dict[str, Any]) -> None:
    match change["layer"]:
        case "identity-based policies":
            scene["identity"].append([change["add"]])
        case "permissions boundary":
            scene["boundary"].append(change["add"])
        case "resource-based policy":
            scene["bucket"].append(change["add"])
        case "VPC endpoint policy":
            scene["endpoint"].append(change["add"])
        case "service control policies":
            place = _LEVELS.get(change["level"], change["level"])
            scene["scps"].setdefault(place, []).append([change["add"]])
        case other:
            raise AssertionError(other)


def _amend(scene: Scene, change: dict[str, Any]) -> None:
    statements = _policy(scene, change)
    index = int(change["statement"].removeprefix("Statement[").removesuffix("]"))
    if statements[index] is not None:
        statements[index] = change["becomes"]


def _policy(scene: Scene, change: dict[str, Any]) -> Any:
    name = change["policy"]
    match change["policy_type"]:
        case "identity-based policy":
            return scene["identity"][int(name.removeprefix("i"))]
        case "permissions boundary":
            return scene["boundary"]
        case "resource-based policy":
            return scene["bucket"]
        case "VPC endpoint policy":
            return scene["endpoint"]
        case "service control policy":
            place = change["attached_to"]
            return scene["scps"][place][int(name.removeprefix(f"p-{place}"))]
        case "resource control policy":
            place = change["attached_to"]
            return scene["rcps"][place][int(name.removeprefix(f"r-{place}"))]
        case other:
            raise AssertionError(other)


def _context(scene: Scene, change: dict[str, Any]) -> None:
    for key, value in change["context"].items():
        scene["told"] = {name: held for name, held in scene["told"].items() if name.lower() != key.lower()}
        if value is not None:
            scene["told"][key] = value


def _tag(scene: Scene, change: dict[str, Any]) -> None:
    ((key, value),) = change["context"].items()
    scene["tags"].pop(key.partition("/")[2], None)
    if value is not None:
        scene["tags"][key.partition("/")[2]] = value


def _setting(scene: Scene, _change: dict[str, Any]) -> None:
    scene["restricted"] = False


_CHANGES = {
    "add-statement": _add,
    "widen-statement": _amend,
    "narrow-deny": _amend,
    "remove-statement": _amend,
    "context": _context,
    "principal-tag": _tag,
    "setting": _setting,
}
