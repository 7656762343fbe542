"""Statements and policies over few values, so that allows, denies and conditions often meet.

They speak of things by place holders, `<role1>` for the ARN of the first role, which `resolved` replaces once it
is known what there is. The first choice everywhere is the plainest one, which Hypothesis shrinks to.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from .worlds import Json, document

EXTERNAL = "888888888888"
"""An account that no snapshot holds."""
IDP = "idp.example"
SESSIONS = ("j1", "j2")
VERSIONS = st.sampled_from(["2012-10-17"] * 9 + ["2008-10-17"])

Statements = st.SearchStrategy[Json]
Test = tuple[str, str, Any]
"""Operator, key, value or values."""


def some(*items: Any) -> st.SearchStrategy[Any]:
    """One of the items; the first is the plainest."""
    return st.sampled_from(items)


# ---- place holders ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scene:
    """What place holders stand for: account ids, ARNs of users and roles, bucket names, endpoint ids."""

    accounts: tuple[str, ...]
    users: tuple[str, ...]
    roles: tuple[str, ...]
    buckets: tuple[str, ...]
    endpoints: tuple[str, ...]


def resolved(value: Any, scene: Scene, own: str = "") -> Any:
    """The value with what its place holders stand for; one too many stands for an earlier thing.

    `own`: the account that `<own>` stands for.
    """

    def found(match: re.Match[str]) -> str:
        kind, number = match[1], int(match[2] or 1) - 1
        if kind == "own":
            return own
        if kind == "session":
            role = _one(scene.roles, number)
            return f"arn:aws:sts::{role.split(':')[4]}:assumed-role/{role.rsplit('/', 1)[-1]}"
        return _one(getattr(scene, f"{kind}s"), number)

    return json.loads(re.sub(r"<([a-z]+)(\d?)>", found, json.dumps(value)))


def _one(names: Sequence[str], number: int) -> str:
    return names[number % len(names)] if names else "none"


_ACCOUNTS = ("<account1>", "<account2>", "<account3>")
_ROLES = ("<role1>", "<role2>", "<role3>")
_USERS = ("<user1>", "<user2>")
_SESSIONS = tuple(f"<session{number}>/{name}" for number in (1, 2, 3) for name in SESSIONS)

# ---- conditions ---------------------------------------------------------------------------------------


def _tests(operators: Sequence[str], keys: str | Sequence[str], *values: Any) -> list[Test]:
    names = (keys,) if isinstance(keys, str) else keys
    return [(operator, key, value) for operator in operators for key in names for value in values]


EQUAL = ("StringEquals", "StringNotEquals", "StringEqualsIfExists", "StringNotEqualsIfExists")
LIKE = ("StringLike", "StringNotLike", "StringLikeIfExists")
SETS = ("ForAllValues:StringLike", "ForAnyValue:StringLike", "ForAnyValue:StringNotLike")
TEAM = "${aws:PrincipalTag/team}"

PRINCIPAL_TESTS = [
    *_tests(EQUAL, "aws:PrincipalTag/team", "blue", ["blue", "red"]),
    *_tests(EQUAL, "aws:PrincipalOrgID", "o-one"),
    *_tests(
        (*LIKE, "ArnLike", "ArnNotEquals"),
        "aws:PrincipalArn",
        "<role1>",
        "<user1>",
        "arn:aws:iam::*:role/app",
    ),
    *_tests(EQUAL, "aws:SourceIdentity", "ann", TEAM),
    *_tests(LIKE, "aws:userid", "*:j1", "*:j2"),
    *_tests(EQUAL, "aws:PrincipalAccount", "<account1>", "<account2>"),
    *_tests(("Null",), ("aws:SourceIdentity", "aws:PrincipalTag/team"), "true", "false"),
    *_tests(("Bool", "BoolIfExists"), "aws:MultiFactorAuthPresent", "true", "false"),
    *_tests(SETS, "aws:PrincipalOrgPaths", "o-one/*", "o-one/r-root/ou-a/*"),
]
"""Tests on keys that the principal and its session fix."""

NETWORK_TESTS = [
    *_tests(EQUAL, "aws:SourceVpce", "<endpoint1>", "vpce-0fff"),
    *_tests(("IpAddress", "NotIpAddress"), "aws:SourceIp", "203.0.113.0/24", "203.0.113.128/25"),
    *_tests(("Bool",), "aws:SecureTransport", "true", "false"),
]
"""Tests on the way a request travels."""

S3_TESTS = [
    *_tests(LIKE, "s3:prefix", "team/*", "", "${aws:username}/*"),
    *_tests(EQUAL, "aws:ResourceAccount", "${aws:PrincipalAccount}", "<account1>"),
]
STS_TESTS = [
    *_tests(EQUAL, "sts:ExternalId", "z9", ["z8", "z9"]),
    *_tests(LIKE, "sts:RoleSessionName", "j1", "j*", "${aws:username}"),
    *_tests(EQUAL, "sts:SourceIdentity", "ann", "${aws:username}", "${aws:SourceIdentity}"),
    *_tests(EQUAL, "aws:RequestTag/team", "blue", "red", TEAM),
    *_tests(("Null",), ("aws:RequestTag/team", "sts:SourceIdentity"), "false", "true"),
    *_tests(
        ("ForAllValues:StringEquals", "ForAnyValue:StringEquals"),
        ("aws:TagKeys", "sts:TransitiveTagKeys"),
        "team",
    ),
]
FEDERATED_TESTS: list[Test] = [
    ("StringEquals", f"{IDP}:sub", "repo:one"),
    ("StringEquals", "aws:RequestTag/team", "blue"),
]


def _element(tests: list[Test]) -> Json:
    block: dict[str, dict[str, Any]] = {}
    for operator, key, value in tests:
        block.setdefault(operator, {})[key] = value
    return {"Condition": block}


def _conditions(*groups: list[Test]) -> st.SearchStrategy[Json]:
    """A `Condition` element, in a dictionary to be merged: empty, or one or two tests of these groups."""
    test = st.one_of(*(st.sampled_from(group) for group in groups))
    return st.one_of(
        st.just({}),
        st.just({}),
        test.map(lambda one: _element([one])),
        st.tuples(test, test).map(list).map(_element),
    )


_ON_S3 = _conditions(PRINCIPAL_TESTS, NETWORK_TESTS, S3_TESTS)
_ON_STS = _conditions(STS_TESTS, PRINCIPAL_TESTS, STS_TESTS, NETWORK_TESTS)

# ---- statements ---------------------------------------------------------------------------------------

READ = ["s3:GetObject", "s3:ListBucket"]
_S3_ACTIONS = (
    *[{"Action": "s3:*"}] * 3,
    *[{"Action": "s3:GetObject"}] * 3,
    *[{"Action": READ}] * 3,
    {"Action": "s3:Put*"},
    {"Action": "s3:ListBucket"},
    {"Action": ["s3:GetBucket*", "s3:Delete*"]},
    {"NotAction": "sts:*"},
    {"NotAction": ["s3:PutObject", "iam:*"]},
)
_STS_ACTIONS = (
    *[{"Action": "sts:*"}] * 4,
    *[{"Action": "sts:AssumeRole"}] * 4,
    *[{"Action": ["sts:AssumeRole", "sts:TagSession"]}] * 2,
    *[{"Action": ["sts:AssumeRole", "sts:SetSourceIdentity"]}] * 2,
    {"NotAction": "s3:*"},
)
_KEYS = ("*", "o", "team/*", "*.txt", "${aws:username}/*", f"{TEAM}/*")
_BUCKETS = tuple(f"arn:aws:s3:::<bucket{number}>" for number in (1, 2, 3))
_PATTERNS = (
    *["*"] * 8,
    *(text for each in _BUCKETS for text in [f"{each}*"] * 2 + [each]),
    *(f"{each}/{key}" for each in _BUCKETS for key in _KEYS),
)
_S3_RESOURCES = st.one_of(
    some(*({"Resource": text} for text in _PATTERNS)),
    some(*({"Resource": text} for text in _PATTERNS)),
    st.tuples(some(*_PATTERNS[8:]), some(*_PATTERNS[8:])).map(lambda pair: {"Resource": list(pair)}),
    some(*({"NotResource": text} for text in _PATTERNS[8:])),
)
_STS_RESOURCES = some(
    *[{"Resource": "*"}] * 4,
    *({"Resource": role} for role in _ROLES),
    {"Resource": ["<role2>", "arn:aws:iam::<account1>:role/*"]},
)


def _merged(effect: str, *parts: st.SearchStrategy[Json]) -> Statements:
    def merge(drawn: tuple[Json, ...]) -> Json:
        found: Json = {"Effect": effect}
        for part in drawn:
            found |= part
        return found

    return st.tuples(*parts).map(merge)


def s3_statements(effect: str) -> Statements:
    """Statements about S3 without a principal."""
    return _merged(effect, some(*_S3_ACTIONS), _S3_RESOURCES, _ON_S3)


def sts_statements(effect: str) -> Statements:
    """Statements about assuming roles without a principal."""
    return _merged(effect, some(*_STS_ACTIONS), _STS_RESOURCES, _ON_STS)


def any_statements(effect: str) -> Statements:
    """Statements without a principal: about everything, about S3, about roles."""
    everything = some({"Action": "*", "Resource": "*"})
    return st.one_of(_merged(effect, everything, _ON_S3), s3_statements(effect), sts_statements(effect))


_ONE = (*_ACCOUNTS, *_ROLES, *_ROLES, *_USERS, *_SESSIONS)
_NAMED = st.one_of(
    some(*_ONE),
    some(*_ONE),
    st.tuples(some(*_ONE), some(*_ONE)).map(list),
)
_WILD = some({"Principal": "*"}, {"Principal": {"AWS": "*"}})
_BY_NAME = _NAMED.map(lambda value: {"Principal": {"AWS": value}})
_BUT = _NAMED.map(lambda value: {"NotPrincipal": {"AWS": value}})
_EC2 = some({"Principal": {"Service": "ec2.amazonaws.com"}})
OUTSIDERS = some(EXTERNAL, f"arn:aws:iam::{EXTERNAL}:role/far").map(lambda one: {"Principal": {"AWS": one}})


def bucket_statements(effect: str) -> Statements:
    """Statements of a bucket policy."""
    who = (_WILD, _BY_NAME, _BY_NAME, _BUT) if effect == "Allow" else (_WILD, _WILD, _BY_NAME, _BUT)
    return _merged(effect, st.one_of(*who), some(*_S3_ACTIONS), _S3_RESOURCES, _ON_S3)


def trust_statements(effect: str) -> Statements:
    """Statements of a trust policy; `<own>` is the role's account."""
    who = st.one_of(_WILD, _BY_NAME, _BY_NAME, _BY_NAME, _EC2)
    federated = some({"Principal": {"Federated": f"arn:aws:iam::<own>:oidc-provider/{IDP}"}})
    asked = some({"Action": "sts:*"}, {"Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]})
    own = _merged(effect, who, some(*_STS_ACTIONS), _ON_STS)
    return st.one_of(own, own, own, own, _merged(effect, federated, asked, _conditions(FEDERATED_TESTS)))


def endpoint_statements(effect: str) -> Statements:
    """Statements of a gateway endpoint's policy (VPCE-3)."""
    return _merged(effect, some({"Principal": "*"}), some(*_S3_ACTIONS), _S3_RESOURCES, _ON_S3)


def rcp_statements() -> Statements:
    """Statements of an RCP: Deny, for everyone, of S3 or STS actions (LANG-8)."""
    everyone = some({"Principal": "*"})
    s3 = some({"Action": "s3:*"}, {"Action": "s3:GetObject"}, {"Action": ["s3:Put*", "s3:List*"]})
    sts = some({"Action": "sts:AssumeRole", "Resource": "*"})
    on_s3 = _merged("Deny", everyone, s3, _S3_RESOURCES, _ON_S3)
    return st.one_of(on_s3, on_s3, _merged("Deny", everyone, sts, _ON_STS))


# ---- policies -----------------------------------------------------------------------------------------


def policies(allowing: Statements, denying: Statements, most: int = 3) -> Statements:
    """One to `most` statements, mostly Allow."""
    statement = st.one_of(allowing, allowing, allowing, denying)
    return st.tuples(st.lists(statement, min_size=1, max_size=most), VERSIONS).map(
        lambda drawn: document(*drawn[0], version=drawn[1])
    )


LINK_ACTIONS = some(
    *[{"Action": "sts:*"}] * 2,
    {"Action": "sts:AssumeRole"},
    {"Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]},
)
_GIVEN_TESTS = [
    *_tests(EQUAL[:2], "sts:SourceIdentity", "ann", "${aws:username}"),
    *_tests(EQUAL[:2], "aws:RequestTag/team", "blue", TEAM),
    *_tests(LIKE[:2], "sts:RoleSessionName", "j1", "j*"),
    *_tests(("ForAnyValue:StringEquals",), "sts:TransitiveTagKeys", "team"),
]
_CARRIED_TESTS = [
    *_tests(EQUAL[:2], "aws:SourceIdentity", "ann"),
    *_tests(EQUAL[:2], "aws:PrincipalTag/team", "blue", "red"),
    *_tests(LIKE[:2], "aws:userid", "*:j1"),
]
LINK_CONDITIONS = st.one_of(
    st.just({}), _conditions(_GIVEN_TESTS), _conditions(_GIVEN_TESTS, _CARRIED_TESTS), _ON_STS
)
"""Conditions on what a session is given and carries, more often than on anything else."""
LINK_READS = st.one_of(
    st.just([]),
    _merged("Allow", some({"Action": READ, "Resource": "*"}), _conditions(_CARRIED_TESTS)).map(
        lambda one: [one]
    ),
)
DENIES = any_statements("Deny")
IDENTITY_POLICIES = policies(st.one_of(s3_statements("Allow"), sts_statements("Allow")), DENIES)
_WIDE = document({"Effect": "Allow", "Action": ["s3:*", "sts:*"], "Resource": "*"})
BOUNDARIES = st.one_of(st.just(_WIDE), policies(any_statements("Allow"), DENIES))
BUCKET_POLICIES = policies(bucket_statements("Allow"), bucket_statements("Deny"))
TRUST_POLICIES = policies(trust_statements("Allow"), trust_statements("Deny"))
ENDPOINT_POLICIES = policies(endpoint_statements("Allow"), endpoint_statements("Deny"), most=2)
SCPS = st.one_of(DENIES.map(document), DENIES.map(document), policies(any_statements("Allow"), DENIES))
RCPS = rcp_statements().map(document)
