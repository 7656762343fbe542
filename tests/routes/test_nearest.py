"""The nearest way to open a refused request: which change, of which statement, at which layer; what no change opens."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pathfinder.authorization.decision import LayerKind
from pathfinder.conditions.wording import sentence
from pathfinder.graph.world import World
from pathfinder.logic.formula import FALSE, TRUE
from pathfinder.model.organization import Organization
from pathfinder.model.resources import Key, PublicAccessBlock
from pathfinder.policy.document import PolicyKind, Unread
from pathfinder.routes.explain import explain_request
from pathfinder.routes.names import UnknownNameError
from pathfinder.routes.nearest_answer import Nearest
from tests.building import (
    FULL,
    MANAGEMENT,
    A,
    B,
    C,
    account,
    allow,
    arn,
    bucket,
    deny,
    endpoint,
    organization,
    policy,
    role,
    user,
    world,
)

USER, ROLE = f"arn:aws:iam::{A}:user/u", f"arn:aws:iam::{A}:role/r"
OBJECT = "arn:aws:s3:::b/x"
GET = allow("s3:GetObject", "arn:aws:s3:::b/*")
NAMED = allow("s3:GetObject", "arn:aws:s3:::b/*", principal={"AWS": USER})


def scene(*identity: Any, of: tuple[Any, ...] = (NAMED,), inside: bool = False, **more: Any) -> World:
    """User u and role r of A with this identity policy, and bucket b with the policy `of`, of B or (`inside`) of A."""
    boundary, tags = more.pop("boundary", None), more.pop("tags", {})
    held = bucket(A if inside else B, "b", *of, **more.pop("bucket", {}))
    trust = more.pop("trust", {"AWS": str(A)})
    own = account(
        A,
        users=(user(A, "u", *identity, boundary=boundary, tags=tags),),
        roles=(role(A, "r", trust, *identity, boundary=boundary, tags=tags),),
        buckets=(held,) if inside else (),
        endpoints=more.pop("endpoints", ()),
    )
    other = account(B, buckets=() if inside else (held,), **more.pop("b", {}))
    return world(own, other, organization=more.pop("organization", None))


def nearest(
    found: World, caller: str = USER, action: str = "s3:GetObject", on: str = OBJECT, **told: str
) -> Nearest:
    context = {key.replace("__", ":").replace("_", "/"): value for key, value in told.items()}
    way = explain_request(found, caller, action, on, context or None).nearest
    assert way is not None
    return way


def said(way: Nearest) -> list[tuple[str, str, str | None]]:
    """Each change in short: kind, layer, and which statement changes."""
    return [(change.kind, change.layer.value, change.statement) for change in way.changes]


IDENTITY, RESOURCE, BOUNDARY = "identity-based policies", "resource-based policy", "permissions boundary"
SCP, RCP, ENDPOINT = "service control policies", "resource control policies", "VPC endpoint policy"
ONLY_EC2 = [[allow("ec2:*", "*")]]
IN_ORGANIZATION = organization(A, B)


def condition(operator: str, key: str, value: Any) -> dict[str, Any]:
    return {"condition": {operator: {key: value}}}


def under(operator: str, key: str, value: Any) -> dict[str, Any]:
    """The Allow of the user's own policy, under a condition."""
    return allow("s3:GetObject", "arn:aws:s3:::b/*", **condition(operator, key, value))


def named_under(operator: str, key: str, value: Any) -> dict[str, Any]:
    """The bucket's Allow, under a condition."""
    return allow(
        "s3:GetObject", "arn:aws:s3:::b/*", principal={"AWS": USER}, **condition(operator, key, value)
    )


ADD, NARROW, WIDEN = "add-statement", "narrow-deny", "widen-statement"
CASES: list[tuple[str, str, World, dict[str, str], list[tuple[str, str, str | None]]]] = [
    # rule, what it is, the world, the context that is given, the fewest changes
    ("EVAL-20", "both halves", scene(of=()), {}, [(ADD, RESOURCE, None), (ADD, IDENTITY, None)]),
    ("EVAL-21", "the bucket half", scene(GET, of=()), {}, [(ADD, RESOURCE, None)]),
    ("EVAL-22", "the identity half", scene(), {}, [(ADD, IDENTITY, None)]),
    ("EVAL-12", "within the account", scene(of=(), inside=True), {}, [(ADD, IDENTITY, None)]),
    (
        "EVAL-10",
        "a direct grant needs no boundary",
        scene(of=(), inside=True, boundary=[allow("ec2:*", "*")]),
        {},
        [(ADD, RESOURCE, None)],
    ),
    (
        "EVAL-12",
        "the boundary alone",
        scene(GET, boundary=[allow("ec2:*", "*")]),
        {},
        [(ADD, BOUNDARY, None)],
    ),
    (
        "ORG-3",
        "an SCP level without an Allow",
        scene(GET, organization=organization(A, B, scps={"only:" + A: ONLY_EC2})),
        {},
        [(ADD, SCP, None)],
    ),
    (
        "ORG-3",
        "a Deny at the root of the organization",
        scene(GET, organization=organization(A, B, scps={"root": [[deny("s3:*", "*", sid="NoS3")]]})),
        {},
        [(NARROW, SCP, "NoS3")],
    ),
    (
        "ORG-21",
        "an RCP",
        scene(
            GET,
            organization=organization(
                A,
                B,
                rcps={
                    B: [
                        [
                            deny(
                                "s3:*",
                                "*",
                                principal="*",
                                sid="Own",
                                **condition("StringNotEquals", "aws:PrincipalAccount", str(B)),
                            )
                        ]
                    ]
                },
            ),
        ),
        {},
        [(NARROW, RCP, "Own")],
    ),
    (
        "VPCE-1",
        "the endpoint that the bucket demands",
        scene(
            GET,
            of=(named_under("StringEquals", "aws:SourceVpce", "vpce-0aaa"),),
            endpoints=(endpoint(A, "vpce-0aaa", "vpc-1", allow("s3:PutObject", "*", principal="*")),),
        ),
        {},
        [(ADD, ENDPOINT, None)],
    ),
    (
        "COND-21",
        "an address that was given",
        scene(under("IpAddress", "aws:SourceIp", "203.0.113.0/24")),
        {"aws__SourceIp": "198.51.100.7"},
        [("context", IDENTITY, None)],
    ),
    (
        "VPCE-5",
        "an endpoint in the place of the address that was given",
        scene(GET, of=(named_under("StringEquals", "aws:SourceVpce", "vpce-0aaa"),)),
        {"aws__SourceIp": "198.51.100.7"},
        [("context", RESOURCE, None)],
    ),
    (
        "COND-19",
        "MFA",
        scene(under("Bool", "aws:MultiFactorAuthPresent", "true")),
        {"aws__MultiFactorAuthPresent": "false"},
        [("context", IDENTITY, None)],
    ),
    (
        "COND-10",
        "a tag of the principal",
        scene(under("StringEquals", "aws:PrincipalTag/team", "blue"), tags={"team": "red"}),
        {},
        [("principal-tag", IDENTITY, None)],
    ),
    (
        "EVAL-1",
        "a Deny of its own",
        scene(GET, deny("s3:*", "*", sid="NoS3")),
        {},
        [(NARROW, IDENTITY, "NoS3")],
    ),
    (
        "PRIN-22",
        "NotPrincipal denies whoever has a boundary",
        scene(
            GET,
            of=(
                NAMED,
                {
                    "Sid": "Others",
                    "Effect": "Deny",
                    "NotPrincipal": {"AWS": [USER, str(A)]},
                    "Action": "s3:*",
                    "Resource": "*",
                },
            ),
            boundary=[FULL],
        ),
        {},
        [(NARROW, RESOURCE, "Others")],
    ),
    (
        "BPA-5",
        "a public policy that is restricted",
        scene(
            GET,
            of=(NAMED, allow("s3:GetBucketLocation", "arn:aws:s3:::b", principal="*")),
            bucket={"restricted": True},
        ),
        {},
        [("setting", "S3 Block Public Access", None)],
    ),
    (
        "TERM-11",
        "several layers",
        scene(
            GET,
            deny("s3:*", "*", sid="NoS3"),
            of=(),
            boundary=[allow("ec2:*", "*")],
            organization=organization(A, B, scps={"only:" + A: ONLY_EC2}),
        ),
        {},
        [(NARROW, IDENTITY, "NoS3"), (ADD, SCP, None), (ADD, RESOURCE, None), (ADD, BOUNDARY, None)],
    ),
    (
        "COND-54",
        "two conditions that no request meets together",
        scene(
            GET,
            deny("s3:*", "*", sid="Other", **condition("StringNotEquals", "aws:SourceVpce", "vpce-0bbb")),
            of=(named_under("StringEquals", "aws:SourceVpce", "vpce-0aaa"),),
        ),
        {},
        [(NARROW, IDENTITY, "Other")],
    ),
    (
        "COND-52",
        "one value that opens two layers",
        scene(
            under("StringEquals", "aws:SourceVpce", "vpce-0aaa"),
            of=(named_under("StringEquals", "aws:SourceVpce", "vpce-0aaa"),),
        ),
        {"aws__SourceVpce": "vpce-0bbb"},
        [("context", RESOURCE, None)],
    ),
]


@pytest.mark.parametrize(
    ("rule", "what", "found", "told", "expected"), CASES, ids=[f"{case[0]} {case[1]}" for case in CASES]
)
def test_the_fewest_changes(
    rule: str, what: str, found: World, told: dict[str, str], expected: list[tuple[str, str, str | None]]
) -> None:
    way = nearest(found, **told)
    assert said(way) == expected
    assert way.verified
    assert way.fewest
    assert way.condition != FALSE
    assert not way.impossible


def test_each_layer_that_stops_it_has_its_own_alternatives() -> None:
    found = scene(
        GET,
        of=(),
        boundary=[allow("ec2:*", "*")],
        organization=organization(
            A, B, scps={"only:" + A: ONLY_EC2, "root": [[deny("s3:*", "*", sid="No")]]}
        ),
    )
    way = nearest(found)
    stops = [(layer.layer.value, layer.level, layer.why) for layer in way.layers]
    assert stops == [
        (SCP, "r-x", "explicit deny by No of p-scp1"),
        (SCP, A, "no statement allows it"),
        (RESOURCE, None, "no statement allows it"),
        (BOUNDARY, None, "no statement allows it"),
    ]
    assert all(layer.state == "blocks" and layer.alternatives for layer in way.layers)
    assert {change.level for change in way.layers[1].alternatives} == {A}


STATEMENTS = [
    # rule, what, world, caller, action, resource, the statement to add
    ("EVAL-22", "identity", scene(), USER, {"Effect": "Allow", "Action": "s3:GetObject", "Resource": OBJECT}),
    (
        "PRIN-3",
        "a user",
        scene(GET, of=()),
        USER,
        {"Effect": "Allow", "Principal": {"AWS": USER}, "Action": "s3:GetObject", "Resource": OBJECT},
    ),
    (
        "PRIN-5",
        "a role",
        scene(GET, of=()),
        ROLE,
        {"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "s3:GetObject", "Resource": OBJECT},
    ),
    (
        "PRIN-6",
        "one session",
        scene(GET, of=()),
        f"arn:aws:sts::{A}:assumed-role/r/s",
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:sts::{A}:assumed-role/r/s"},
            "Action": "s3:GetObject",
            "Resource": OBJECT,
        },
    ),
    (
        "PRIN-1",
        "a root user, whose ARN names the whole account",
        scene(of=()),
        f"arn:aws:iam::{A}:root",
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{A}:root"},
            "Action": "s3:GetObject",
            "Resource": OBJECT,
            "Condition": {"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{A}:root"}},
        },
    ),
    (
        "PRIN-9",
        "a service",
        scene(of=()),
        "cloudtrail.amazonaws.com",
        {
            "Effect": "Allow",
            "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": "s3:GetObject",
            "Resource": OBJECT,
        },
    ),
    (
        "PRIN-11",
        "everyone",
        scene(of=()),
        "anonymous",
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": OBJECT},
    ),
    (
        "ORG-3",
        "an SCP",
        scene(GET, organization=organization(A, B, scps={"only:root": ONLY_EC2})),
        USER,
        {
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": OBJECT,
            "Condition": {"ArnEquals": {"aws:PrincipalArn": USER}},
        },
    ),
    (
        "VPCE-3",
        "a gateway endpoint, which names principals by condition",
        scene(
            GET,
            of=(named_under("StringEquals", "aws:SourceVpce", "vpce-0aaa"),),
            endpoints=(endpoint(A, "vpce-0aaa", "vpc-1", allow("s3:PutObject", "*", principal="*")),),
        ),
        USER,
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": OBJECT,
            "Condition": {"ArnEquals": {"aws:PrincipalArn": USER}},
        },
    ),
]


@pytest.mark.parametrize(
    ("rule", "what", "found", "caller", "statement"), STATEMENTS, ids=[f"{c[0]} {c[1]}" for c in STATEMENTS]
)
def test_the_statement_to_add_is_for_this_request_alone(
    rule: str, what: str, found: World, caller: str, statement: dict[str, Any]
) -> None:
    (change,) = nearest(found, caller).changes
    assert change.add == statement


def test_a_wildcard_in_an_object_key_is_no_wildcard_in_the_statement() -> None:
    """LANG-43."""
    found = scene(of=(), inside=True)
    whole = explain_request(found, USER, "s3:GetObject", "arn:aws:s3:::b/$x")
    assert whole.nearest is not None
    assert whole.nearest.changes[0].add == {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::b/$x",
    }
    every = nearest(found, on="b/*")
    assert every.changes[0].add == {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::b/*",
    }


NARROWED = [
    # what, the Deny, what is added to it
    (
        "a list of spared principals",
        deny("s3:*", "*", principal="*", **condition("ArnNotLike", "aws:PrincipalArn", [ROLE])),
        {"Condition": {"ArnNotLike": {"aws:PrincipalArn": USER}}},
    ),
    (
        "no list yet",
        deny("s3:*", "*", principal="*"),
        {"Condition": {"ArnNotEquals": {"aws:PrincipalArn": USER}}},
    ),
]


@pytest.mark.parametrize(("what", "statement", "added"), NARROWED, ids=[case[0] for case in NARROWED])
def test_a_deny_is_narrowed_by_who_is_asked_about(what: str, statement: Any, added: dict[str, Any]) -> None:
    """EVAL-1, PRIN-19."""
    (change,) = nearest(scene(GET, of=(NAMED, statement))).changes
    assert (change.kind, change.statement, change.add) == (NARROW, "Statement[1]", added)
    assert change.becomes is not None
    assert change.becomes["Effect"] == "Deny"


def test_a_deny_that_names_the_principal_among_others_drops_it() -> None:
    both = deny("s3:*", "*", principal={"AWS": [USER, ROLE]})
    (change,) = nearest(scene(GET, of=(NAMED, both))).changes
    assert "take" in change.text
    assert change.becomes is not None
    assert change.becomes["Principal"] == {"AWS": ROLE}


def test_every_exception_of_a_deny_is_named_and_its_removal_last() -> None:
    statement = deny(
        ["s3:GetObject", "s3:PutObject"],
        "*",
        principal="*",
        **condition("StringNotEquals", "aws:PrincipalOrgID", "o-y"),
    )
    way = nearest(scene(GET, of=(NAMED, statement), organization=IN_ORGANIZATION))
    (layer,) = way.layers
    becomes = [change.becomes for change in layer.alternatives]
    assert [sorted(set(each) - {"Effect", "Principal"}) if each else None for each in becomes] == [
        ["Action", "Condition", "Resource"],  # except the principal
        ["Action", "Condition", "Resource"],  # except the organization
        ["Action", "Condition", "NotResource"],  # except the object
        ["Action", "Condition", "Resource"],  # except the action
        None,
    ]
    assert layer.alternatives[-1].kind == "remove-statement"


def test_an_aws_managed_policy_is_detached() -> None:
    """EVAL-51."""
    found = scene(GET)
    own = found.snapshot.accounts[0]
    quarantine = policy(
        PolicyKind.IDENTITY, "arn:aws:iam::aws:policy/AWSDenyAll", USER, deny("*", "*", sid="DenyAll")
    )
    (u,) = own.users
    changed = replace(own, users=(replace(u, policies=(*u.policies, quarantine)),))
    (change,) = nearest(world(changed, found.snapshot.accounts[1])).changes
    assert (change.kind, change.policy) == ("detach-policy", "arn:aws:iam::aws:policy/AWSDenyAll")


def test_one_scp_in_two_places_is_one_change() -> None:
    """ORG-3."""
    made = organization(A, B)
    guard = policy(PolicyKind.SCP, "p-guard", "r-x", deny("s3:*", "*", sid="NoS3"))
    everywhere: Organization = replace(
        made,
        units=tuple(replace(unit, scps=(*unit.scps, guard)) for unit in made.units),
        members=tuple(
            replace(each, scps=(*each.scps, replace(guard, attached_to=each.account)))
            for each in made.members
        ),
    )
    (change,) = nearest(scene(GET, organization=everywhere)).changes
    assert change.policy == "p-guard"
    assert f"r-x and {A}" in change.text


WIDENED = [
    # rule, what, the Allow, the context that is given, what is added
    (
        "COND-10",
        "StringEquals",
        ("StringEquals", "s3:x-amz-acl", "private"),
        {"s3__x-amz-acl": "public-read"},
        {"Condition": {"StringEquals": {"s3:x-amz-acl": "public-read"}}},
    ),
    (
        "COND-21",
        "IpAddress",
        ("IpAddress", "aws:SourceIp", "203.0.113.0/24"),
        {"aws__SourceIp": "198.51.100.7"},
        {"Condition": {"IpAddress": {"aws:SourceIp": "198.51.100.7/32"}}},
    ),
    (
        "COND-15",
        "NumericLessThan",
        ("NumericLessThan", "aws:MultiFactorAuthAge", "300"),
        {"aws__MultiFactorAuthAge": "600", "aws__MultiFactorAuthPresent": "true"},
        {"Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": "601"}}},
    ),
    (
        "COND-17",
        "DateLessThan",
        ("DateLessThan", "aws:CurrentTime", "2026-01-01T00:00:00Z"),
        {"aws__CurrentTime": "2026-03-01T12:00:00Z"},
        {"Condition": {"DateLessThan": {"aws:CurrentTime": "2026-03-02T12:00:00Z"}}},
    ),
]


@pytest.mark.parametrize(
    ("rule", "what", "written", "told", "added"), WIDENED, ids=[f"{c[0]} {c[1]}" for c in WIDENED]
)
def test_an_allow_that_lacks_one_value_is_widened(
    rule: str, what: str, written: tuple[str, str, Any], told: dict[str, str], added: dict[str, Any]
) -> None:
    action = "s3:PutObject" if "s3:" in written[1] else "s3:GetObject"
    own = allow(action, "*", **condition(*written))
    named = allow("s3:*", "*", principal={"AWS": USER})
    way = nearest(scene(own, of=(named,)), action=action, **told)
    kinds = [change.kind for layer in way.layers for change in layer.alternatives]
    assert kinds[:2] == ["context", WIDEN]
    assert way.layers[0].alternatives[1].add == added


def test_what_many_share_is_widened_last() -> None:
    """One organization more in a condition lets in all of it: a statement more is narrower."""
    far = allow("s3:GetObject", "*", principal="*", **condition("StringEquals", "aws:PrincipalOrgID", "o-y"))
    way = nearest(scene(GET, of=(far,), organization=IN_ORGANIZATION))
    assert [change.kind for change in way.layers[0].alternatives] == [ADD, WIDEN]


def test_a_statement_about_everything_is_not_given_one_thing_more() -> None:
    wide = allow("ec2:*", "*")
    narrow = allow("s3:PutObject", OBJECT)
    way = nearest(scene(wide, narrow))
    assert [(change.kind, change.add) for change in way.layers[0].alternatives][1:] == [
        (WIDEN, {"Action": "s3:GetObject"})
    ]


def test_keys_say_what_they_must_hold_and_what_they_hold_now() -> None:
    blue = under("StringEquals", "aws:PrincipalTag/team", "blue")
    (change,) = nearest(scene(blue, tags={"team": "red"})).changes
    assert change.text == (
        f"tag the principal {USER} so that aws:PrincipalTag/team is blue (now aws:PrincipalTag/team is red)"
    )
    assert change.context == {"aws:PrincipalTag/team": "blue"}
    (change,) = nearest(
        scene(GET, of=(named_under("StringEquals", "aws:SourceVpce", "vpce-0aaa"),)),
        aws__SourceIp="198.51.100.7",
    ).changes
    assert change.text == "make the request through vpce-0aaa (now aws:SourceIp is 198.51.100.7)"
    assert change.context == {"aws:SourceIp": None, "aws:SourceVpce": "vpce-0aaa"}


def test_what_stays_open_is_said() -> None:
    """The changes open it, and the caller still has to come through the endpoint."""
    way = nearest(scene(of=(named_under("StringEquals", "aws:SourceVpce", "vpce-0aaa"),)))
    assert said(way) == [(ADD, IDENTITY, None)]
    assert sentence(way.condition) == "through vpce-0aaa"


def test_an_open_request_under_a_condition_says_what_to_send() -> None:
    mfa = under("Bool", "aws:MultiFactorAuthPresent", "true")
    way = nearest(scene(mfa, of=(named_under("StringEquals", "aws:SourceVpce", "vpce-0aaa"),)))
    assert [change.text for change in way.changes] == [
        "make the request with MFA",
        "make the request through vpce-0aaa",
    ]
    assert (way.condition, way.verified) == (TRUE, True)
    assert [(layer.state, layer.why) for layer in way.layers] == [
        ("conditional", "lets it pass only: through vpce-0aaa"),
        ("conditional", "lets it pass only: with MFA"),
    ]
    assert all([change.kind for change in layer.alternatives] == ["context", ADD] for layer in way.layers)


def test_an_open_request_may_need_an_object_key() -> None:
    found = scene(allow("s3:GetObject", "arn:aws:s3:::b/logs/*"))
    way = nearest(found, on="b")
    assert [(change.text, dict(change.context)) for change in way.changes] == [
        ("ask for object keys under logs/", {})
    ]


def test_nothing_to_do_for_what_is_allowed() -> None:
    assert explain_request(scene(GET), USER, "s3:GetObject", OBJECT).nearest is None


# ---- roles -----------------------------------------------------------------------------------------------


def roles(
    *statements: Any, caller_account: Any = A, name: str = "t", trust: Any = None, **more: Any
) -> World:
    """A user of one account who may assume everything, and role t of A that trusts EC2."""
    assumed = role(A, name, trust or {"Service": "ec2.amazonaws.com"})
    users = (user(caller_account, "u", *statements),)
    if caller_account == A:
        return world(account(A, users=users, roles=(assumed,)), **more)
    return world(account(A, roles=(assumed,)), account(caller_account, users=users), **more)


ASSUME = allow("sts:AssumeRole", "*")
TRUSTED = [
    # rule, what, world, caller, changes
    ("STS-5", "the trust policy", roles(ASSUME), USER, [(ADD, RESOURCE, None)]),
    ("STS-2", "a trust policy that names the user is enough", roles(), USER, [(ADD, RESOURCE, None)]),
    (
        "EVAL-14",
        "an account that is trusted switches identity policies on",
        roles(trust={"AWS": str(A)}),
        USER,
        [(ADD, RESOURCE, None)],
    ),
    (
        "EVAL-20",
        "both halves of another account",
        roles(caller_account=B),
        f"arn:aws:iam::{B}:user/u",
        [(ADD, RESOURCE, None), (ADD, IDENTITY, None)],
    ),
]


@pytest.mark.parametrize(
    ("rule", "what", "found", "caller", "expected"), TRUSTED, ids=[f"{c[0]} {c[1]}" for c in TRUSTED]
)
def test_roles(rule: str, what: str, found: World, caller: str, expected: list[Any]) -> None:
    way = nearest(found, caller, "sts:AssumeRole", f"arn:aws:iam::{A}:role/t")
    assert said(way) == expected
    added = way.changes[0].add
    assert added == {"Effect": "Allow", "Principal": {"AWS": caller}, "Action": "sts:AssumeRole"}


def test_a_tag_of_the_resource() -> None:
    """STS-32, S3-26: roles have tags, a bucket's count where its ABAC is on."""
    blue = condition("StringEquals", "aws:ResourceTag/team", "blue")
    tagged = role(A, "t", {"AWS": str(A)}, tags={"team": "red"})
    found = world(account(A, users=(user(A, "u", allow("sts:AssumeRole", "*", **blue)),), roles=(tagged,)))
    way = nearest(found, action="sts:AssumeRole", on=str(tagged.arn))
    assert [(change.kind, dict(change.context)) for change in way.changes] == [
        ("resource-tag", {"aws:ResourceTag/team": "blue"})
    ]
    assert way.layers[0].why.startswith("names the account, which switches identity policies on")
    for abac, kind in ((True, "resource-tag"), (False, ADD)):
        (change,) = nearest(
            scene(allow("s3:GetObject", "*", **blue), inside=True, of=(), bucket={"abac": abac})
        ).changes
        assert change.kind == kind
        assert "arn:aws:s3:::b/x" not in change.text


def test_a_key_needs_both_halves() -> None:
    """KMS-2, EVAL-20: in a key policy the resource is "*", this key."""
    own = f"arn:aws:kms:eu-west-1:{B}:key/k"
    held = policy(PolicyKind.KEY, "key policy", own, allow("kms:*", "*", principal={"AWS": str(B)}))
    found = world(account(A, users=(user(A, "u"),)), account(B, keys=(Key(arn(own), held),)))
    way = nearest(found, action="kms:Decrypt", on=own)
    assert [change.add and change.add["Resource"] for change in way.changes] == ["*", own]
    managed = world(
        account(A, users=(user(A, "u"),)), account(B, keys=(Key(arn(own), held, aws_managed=True),))
    )
    assert nearest(managed, action="kms:Decrypt", on=own).changes == ()


def test_a_role_of_an_account_that_is_not_in_the_snapshot() -> None:
    """asks.md rank 1: its trust policy is not known, and nothing is said about it but that."""
    found = world(account(A, users=(user(A, "u"), user(A, "v", ASSUME))))
    far = f"arn:aws:iam::{C}:role/far"
    way = nearest(found, action="sts:AssumeRole", on=far)
    assert (said(way), way.verified) == ([(ADD, IDENTITY, None)], False)
    assert explain_request(found, "v", "sts:AssumeRole", far).verdict == "unknown"
    with pytest.raises(UnknownNameError, match="no role"):
        explain_request(found, "v", "sts:AssumeRole", f"arn:aws:iam::{A}:role/typo")


def test_an_outsider_whose_side_is_taken_to_allow() -> None:
    """EVAL-22: only what lets it in here is missing."""
    found = explain_request(scene(of=()), f"arn:aws:iam::{C}:role/x", "s3:GetObject", OBJECT)
    assert found.verdict == "implicit-deny"
    assert found.nearest is not None
    assert (said(found.nearest), found.nearest.verified) == ([(ADD, RESOURCE, None)], True)


FIXED = [
    # rule, caller, role's name
    ("STS-6", f"arn:aws:iam::{A}:root", "t"),
    ("STS-48", USER, "aws-service-role/x.amazonaws.com/AWSServiceRoleForX"),
]


@pytest.mark.parametrize(("rule", "caller", "name"), FIXED, ids=[case[0] for case in FIXED])
def test_what_no_change_opens(rule: str, caller: str, name: str) -> None:
    way = nearest(roles(ASSUME, name=name), caller, "sts:AssumeRole", f"arn:aws:iam::{A}:role/{name}")
    assert way.changes == ()
    assert not way.verified
    assert any(rule in reason for reason in way.impossible)


def test_partitions_never_trust_each_other() -> None:
    """TERM-6."""
    found = scene(GET)
    way = nearest(found, "arn:aws-cn:iam::444444444444:user/x")
    assert way.changes == ()
    assert any("TERM-6" in reason for reason in way.impossible)


def test_the_trust_policy_of_an_identity_center_role_is_fixed() -> None:
    """EVAL-50."""
    name = "aws-reserved/sso.amazonaws.com/AWSReservedSSO_admin_0123456789abcdef"
    way = nearest(roles(ASSUME, name=name), USER, "sts:AssumeRole", f"arn:aws:iam::{A}:role/{name}")
    assert way.changes == ()
    assert any("EVAL-50" in reason for reason in way.impossible)


def test_scps_do_not_stop_the_management_account() -> None:
    """ORG-2: its principals need the other layers only."""
    made = organization(A, B, scps={"root": [[deny("*", "*")]]})
    own = account(MANAGEMENT, users=(user(MANAGEMENT, "m"),))
    found = world(own, account(B, buckets=(bucket(B, "b"),)), organization=made)
    way = nearest(found, f"arn:aws:iam::{MANAGEMENT}:user/m")
    assert said(way) == [(ADD, RESOURCE, None), (ADD, IDENTITY, None)]


# ---- settings, and what is not known ---------------------------------------------------------------------


def test_every_level_of_block_public_access_is_a_setting_of_its_own() -> None:
    """BPA-1."""
    on = PublicAccessBlock(restrict_public_buckets=True)
    public = allow("s3:GetObject", "arn:aws:s3:::b/*", principal="*")
    found = scene(GET, of=(public,), bucket={"restricted": True}, b={"public_access_block": on})
    way = nearest(found, "anonymous")
    assert [(change.kind, change.attached_to) for change in way.changes] == [
        ("setting", "bucket b"),
        ("setting", f"account {B}"),
    ]


def test_a_public_statement_is_refused_where_public_policies_are_blocked() -> None:
    """BPA-4."""
    found = scene(of=())
    held = found.snapshot.accounts[1]
    (b,) = held.buckets
    blocked = replace(b, public_access_block=PublicAccessBlock(block_public_policy=True))
    changed = world(found.snapshot.accounts[0], replace(held, buckets=(blocked,)))
    (change,) = nearest(changed, "anonymous").changes
    assert "BPA-4" in change.text


def unread_bucket(*identity: Any) -> World:
    """The user of A, and a bucket of B whose policy could not be read."""
    found = scene(*identity, of=())
    held = found.snapshot.accounts[1]
    unread = Unread(PolicyKind.RESOURCE, "bucket policy", "arn:aws:s3:::b", "AccessDenied")
    (b,) = held.buckets
    return world(found.snapshot.accounts[0], replace(held, buckets=(replace(b, policy=unread),)))


def test_a_policy_that_is_not_known_is_not_in_the_way() -> None:
    """asks.md rank 1: not known is not denied, and not allowed."""
    found = explain_request(unread_bucket(GET), USER, "s3:GetObject", OBJECT)
    assert found.verdict == "unknown"
    assert found.nearest is not None
    assert (found.nearest.changes, found.nearest.verified) == ((), False)
    assert [(layer.layer.value, layer.state) for layer in found.nearest.layers] == [(RESOURCE, "unknown")]


def test_what_is_known_is_opened_though_something_is_not_known() -> None:
    way = nearest(unread_bucket())
    assert said(way) == [(ADD, IDENTITY, None)]
    assert not way.verified
    assert [(layer.layer.value, layer.state) for layer in way.layers] == [
        (IDENTITY, "blocks"),
        (RESOURCE, "unknown"),
    ]
    assert any("AccessDenied" in reason for reason in way.unknown)


def test_a_deny_that_cannot_be_read_is_not_hidden_by_one_that_always_matches() -> None:
    """LANG-51."""
    unreadable = deny("s3:*", "*", sid="Odd", **condition("StringSortOf", "aws:UserAgent", "x"))
    way = nearest(scene(GET, deny("s3:*", "*", sid="NoS3"), unreadable))
    assert said(way) == [(NARROW, IDENTITY, "NoS3")]
    assert not way.verified
    assert any("Odd is malformed" in reason for reason in way.unknown)


def test_the_same_answer_every_time() -> None:
    first, second = (
        nearest(
            scene(
                GET,
                deny("s3:*", "*", **condition("StringNotEquals", "aws:SourceVpce", "vpce-0bbb")),
                of=(named_under("StringEquals", "aws:SourceVpce", "vpce-0aaa"),),
                boundary=[allow("ec2:*", "*")],
            )
        )
        for _ in range(2)
    )
    assert first == second


def test_work_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the search is cut short, the changes still open the request; only that they are fewest is not said."""
    monkeypatch.setattr("pathfinder.routes.nearest_search.MOST_CHOICES", 1)
    denies = [
        deny("s3:*", "*", sid=f"D{n}", **condition("StringNotEquals", "aws:SourceVpce", f"vpce-{n}"))
        for n in range(4)
    ]
    way = nearest(scene(GET, *denies))
    assert way.verified
    assert not way.fewest
    assert len(way.changes) >= 3


def test_very_many_statements_are_not_gone_through_one_by_one() -> None:
    denies = [deny("s3:*", "*", sid=f"D{n}") for n in range(60)]
    way = nearest(scene(GET, *denies))
    assert (way.changes, way.verified, way.fewest) == ((), False, False)
    assert way.impossible == ("it takes more changes than are looked for",)
    assert len(way.layers) + way.omitted == 60


def test_layers_are_named_as_the_decision_names_them() -> None:
    kinds = {layer.layer for layer in nearest(scene(of=())).layers}
    assert kinds <= set(LayerKind)
