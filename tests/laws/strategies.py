"""Small organizations for Hypothesis: two to four accounts with everything that a route can meet."""

from __future__ import annotations

from hypothesis import strategies as st

from . import statements as make
from .statements import IDP, OUTSIDERS, Scene, resolved, some
from .worlds import Json, Written, document

ACCOUNTS = ("111111111111", "222222222222", "333333333333", "444444444444")
USERS = ("ann", "bob")
ROLES = ("app", "ops", "etl")
BUCKETS = ("data", "data-two", "logs")
ENDPOINTS = ("vpce-0aaa", "vpce-0bbb")
FULL = document({"Effect": "Allow", "Action": "*", "Resource": "*"})
ORGANIZATION = "o-one"
UNITS = {"r-root": None, "ou-a": "r-root", "ou-b": "ou-a"}


@st.composite
def worlds(draw: st.DrawFn, *, complete: bool = True) -> Written:
    """A world. `complete`: every account named is there, and known wholly; otherwise there may be gaps."""
    world = draw(_skeletons())
    for content in world["accounts"].values():
        _fill(draw, content)
    if world["organization"]:
        _attach(draw, world["organization"])
    for link in draw(_LINKS):
        _join(world, link)
    if not complete:
        _leave_out(draw, world)
    scene = scene_of(world)
    world["accounts"] = {
        account: resolved(content, scene, account) for account, content in world["accounts"].items()
    }
    return {**world, "organization": resolved(world["organization"], scene)}


@st.composite
def lone_accounts(draw: st.DrawFn, identifier: str) -> Json:
    """An account whose policies name nothing but what is in it, wildcards aside."""
    content = empty_account()
    content["users"]["zoe"] = {"path": "/"}
    content["roles"]["zap"] = {"path": "/"}
    content["buckets"]["zone"] = {}
    if draw(_SOMETIMES):
        content["endpoints"]["vpce-0zzz"] = {"vpc": "vpc-0zzz"}
    _fill(draw, content)
    found: Json = resolved(content, scene_of({"accounts": {identifier: content}}), identifier)
    return found


_RARELY = some(*[False] * 8, True)
_SOMETIMES = some(False, False, True)
_PLACES = {number: st.integers(0, number - 1) for number in (2, 3, 4)}
_COUNTS = st.tuples(
    st.integers(2, 4), st.integers(1, 2), st.integers(1, 3), st.integers(1, 3), st.integers(0, 2)
)
_PATHS = some("/", "/", "/svc/")


@st.composite
def _skeletons(draw: st.DrawFn) -> Written:
    """Who and what there is, and where; policies come later."""
    accounts, users, roles, buckets, endpoints = draw(_COUNTS)
    world: Written = {
        "organization": None,
        "accounts": {each: empty_account() for each in ACCOUNTS[:accounts]},
    }
    place = some(*world["accounts"])
    at = world["accounts"]
    for name in USERS[:users]:
        at[draw(place)]["users"][name] = {"path": draw(_PATHS)}
    for name in ROLES[:roles]:
        at[draw(place)]["roles"][name] = {"path": draw(_PATHS)}
    for name in BUCKETS[:buckets]:
        at[draw(place)]["buckets"][name] = {}
    for name in ENDPOINTS[:endpoints]:
        at[draw(place)]["endpoints"][name] = {"vpc": name.replace("vpce", "vpc")}
    if draw(some(True, True, True, False)):
        world["organization"] = draw(_ORGANIZATIONS[accounts])
    return world


def empty_account() -> Json:
    """An account in which nothing is."""
    kinds = ("policies", "groups", "users", "roles", "buckets", "endpoints", "instances")
    return {"restrict_public": False, "providers": [], "unlisted": False} | {kind: {} for kind in kinds}


def _organizations(count: int) -> st.SearchStrategy[Json]:
    accounts = ACCOUNTS[:count]
    members = some(accounts, accounts, accounts[:1], accounts[1:])
    units = st.lists(some(*UNITS), min_size=count, max_size=count)
    switches = some((True, True), (True, False), (False, True))
    return st.tuples(members, units, switches).map(lambda drawn: _organization(*drawn))


def _organization(members: tuple[str, ...], units: list[str], switches: tuple[bool, bool]) -> Json:
    return {
        "id": ORGANIZATION,
        "management": members[0],
        "root": "r-root",
        "scp_enabled": switches[0],
        "rcp_enabled": switches[1],
        "scps": {"FullAWSAccess": FULL},
        "rcps": {},
        "ous": {name: {"parent": parent, "scps": [], "rcps": []} for name, parent in UNITS.items()},
        "accounts": {
            account: {"ou": unit, "scps": [], "rcps": []}
            for account, unit in zip(members, units, strict=False)
        },
    }


_ORGANIZATIONS = {count: _organizations(count) for count in (2, 3, 4)}


def scene_of(world: Written) -> Scene:
    """What policies of the world can talk about."""

    def arns(kind: str) -> tuple[str, ...]:
        return tuple(
            f"arn:aws:iam::{account}:{kind}{each['path']}{name}"
            for account, content in world["accounts"].items()
            for name, each in content[f"{kind}s"].items()
        )

    def names(kind: str) -> tuple[str, ...]:
        return tuple(name for content in world["accounts"].values() for name in content[kind])

    accounts = tuple(world["accounts"])
    return Scene(accounts, arns("user"), arns("role"), names("buckets"), names("endpoints"))


_ONE_INLINE = st.lists(make.IDENTITY_POLICIES, max_size=1)
_PERHAPS_A_BUCKET_POLICY = st.none() | make.BUCKET_POLICIES
_PERHAPS_AN_ENDPOINT_POLICY = st.none() | make.ENDPOINT_POLICIES
_ROUTINE = some(*[False] * 3, True)


def _fill(draw: st.DrawFn, content: Json) -> None:
    if content["users"] or content["roles"]:
        if draw(_SOMETIMES):
            content["policies"]["shared"] = draw(make.IDENTITY_POLICIES)
        if draw(_SOMETIMES):
            content["policies"]["limit"] = draw(make.BOUNDARIES)
    if content["users"] and draw(_SOMETIMES):
        content["groups"]["team"] = {"inline": [draw(make.IDENTITY_POLICIES)], "managed": []}
    for name, user in content["users"].items():
        user |= _holder(draw, content)
        user["groups"] = [*content["groups"]]
        user["keys"] = draw(some([], [f"AKIA{name.upper()}"]))
    for name, role in content["roles"].items():
        role |= _holder(draw, content)
        role["trust"] = draw(make.TRUST_POLICIES)
        if draw(_SOMETIMES):
            content["instances"][f"i-0{name}"] = name
        if IDP in str(role["trust"]):
            content["providers"] = [IDP]
    for bucket in content["buckets"].values():
        bucket["policy"] = draw(_PERHAPS_A_BUCKET_POLICY)
        bucket["restrict_public"] = draw(_RARELY)
        content["restrict_public"] = draw(_RARELY)
    for endpoint in content["endpoints"].values():
        endpoint["policy"] = draw(_PERHAPS_AN_ENDPOINT_POLICY)


_LINKS = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.integers(0, 3),
        make.LINK_ACTIONS,
        make.LINK_CONDITIONS,
        make.LINK_CONDITIONS,
        make.LINK_READS,
    ),
    min_size=1,
    max_size=4,
)


def _join(world: Written, link: tuple[int, int, Json, Json, Json, list[Json]]) -> None:
    """Let a user or role assume a role, and perhaps that role read: routes of several hops are not left to luck."""
    first, second, action, trusted, asked, reads = link
    scene = scene_of(world)
    arns = (*scene.users, *scene.roles)
    holders = list(zip(arns, (*_things(world, "users"), *_things(world, "roles")), strict=True))
    caller_arn, caller = holders[first % len(holders)]
    role_arn, role = holders[len(scene.users) + second % len(scene.roles)]
    caller["inline"].append(document({"Effect": "Allow", "Resource": role_arn} | action | asked))
    role["trust"]["Statement"].append(
        {"Effect": "Allow", "Principal": {"AWS": caller_arn}} | action | trusted
    )
    role["inline"].extend(document(statement) for statement in reads)


def _things(world: Written, kind: str) -> list[Json]:
    return [each for content in world["accounts"].values() for each in content[kind].values()]


_TAGS = some({}, {"team": "blue"}, {"team": "red"})
_SHARED = some([], ["shared"])
_LIMIT = some(None, None, "limit")


def _holder(draw: st.DrawFn, content: Json) -> Json:
    """What users and roles both have."""
    return {
        "inline": draw(_ONE_INLINE),
        "managed": draw(_SHARED) if "shared" in content["policies"] else [],
        "boundary": draw(_LIMIT) if "limit" in content["policies"] else None,
        "tags": draw(_TAGS),
    }


_ATTACHED_SCPS = some(*[["FullAWSAccess"]] * 8, ["FullAWSAccess", "guard"], ["guard"])
_ATTACHED_RCPS = some(*[[]] * 8, ["perimeter"])


def _attach(draw: st.DrawFn, organization: Json) -> None:
    """Each level has FullAWSAccess, mostly, and sometimes a policy of ours."""
    organization["scps"]["guard"] = draw(make.SCPS)
    organization["rcps"]["perimeter"] = draw(make.RCPS)
    for level in [*organization["ous"].values(), *organization["accounts"].values()]:
        level["scps"] = draw(_ATTACHED_SCPS)
        level["rcps"] = draw(_ATTACHED_RCPS)


def _leave_out(draw: st.DrawFn, world: Written) -> None:
    """Buckets of accounts that are not listed, principals of accounts that are not there."""
    for content in world["accounts"].values():
        content["unlisted"] = not content["buckets"] and draw(st.booleans())
        for holder in (*content["buckets"].values(), *content["roles"].values()):
            held = holder.get("policy", holder.get("trust"))
            if held and draw(_SOMETIMES):
                held["Statement"][0] |= draw(OUTSIDERS)
                held["Statement"][0].pop("NotPrincipal", None)
