"""A write that copies reads its source, as the same caller in the same context (S3-31, S3-40, TERM-2)."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from pathfinder.authorization.decision import Outcome
from pathfinder.authorization.scenario import decide_scenario, outcome
from pathfinder.graph.replay import decide_request, request_of_witness
from pathfinder.graph.world import World
from pathfinder.routes.explain import explain_request
from pathfinder.routes.export import scenarios
from pathfinder.routes.route import Query, Route
from pathfinder.routes.search import find_routes
from tests.building import A, B, account, allow, bucket, deny, role, user, world
from tests.graph.test_kms import CONTEXT, key

WRITE = "s3:PutObject"
COPY, DIRECTIVE = "s3:x-amz-copy-source", "s3:x-amz-metadata-directive"
KEY = f"arn:aws:kms:eu-west-1:{A}:key/11111111-2222-3333-4444-555555555555"
TO_A = {"AWS": f"arn:aws:iam::{A}:root"}
OF_A = {"AWS": f"arn:aws:iam::{A}:root"}
VPCE = "aws:SourceVpce"
READ = allow("s3:GetObject", "arn:aws:s3:::src/*")
PUT = allow(WRITE, "arn:aws:s3:::dst/*")


def let(**condition: dict[str, Any]) -> dict[str, Any]:
    """The bucket policy's Allow for the account of the writer."""
    more: dict[str, Any] = {"condition": condition} if condition else {}
    return allow(WRITE, "arn:aws:s3:::dst/*", principal=TO_A, **more)


def scene(
    target: tuple[dict[str, Any], ...],
    identity: tuple[dict[str, Any], ...] = (READ, PUT),
    source: tuple[dict[str, Any], ...] = (),
    *,
    kms: bool = False,
    held: bool = True,
) -> World:
    """User u and bucket src of account A; bucket dst of account B with these policies."""
    encrypted = {"encryption": "aws:kms", "kms_key": KEY, "region": "eu-west-1", "bucket_key": False}
    of_source = bucket(A, "src", *source, **(encrypted if kms else {}))
    return world(
        account(
            A,
            users=(user(A, "u", *identity),),
            buckets=(of_source,) if held else (),
            keys=(key(allow("kms:*", "*", principal=OF_A), at=KEY),),
        ),
        account(B, buckets=(bucket(B, "dst", *target),)),
    )


def writes(the_world: World) -> tuple[Route, ...]:
    return find_routes(the_world, Query(starts=("u",), targets=("dst",), actions=(WRITE,))).routes


class Case(NamedTuple):
    rule: str
    title: str
    world: World
    opens: bool | None
    """None: not certain."""
    copies: bool = False
    """Whether the witness is a copy."""


def in_vpce(action: str, resource: str, *ids: str) -> dict[str, Any]:
    return allow(action, resource, condition={"StringEquals": {VPCE: list(ids)}})


FROM_SRC = let(StringLike={COPY: "src/*"})
PUBLIC = let(StringLike={COPY: "src/public/*"})
VERSION = "s3:VersionId"


def version(effect: Any, **condition: dict[str, Any]) -> dict[str, Any]:
    """On reads of versions of the source."""
    more: dict[str, Any] = {"condition": condition} if condition else {}
    statement: dict[str, Any] = effect("s3:GetObjectVersion", "arn:aws:s3:::src/*", **more)
    return statement


INSIDE, INSIDE_FROM_P = (
    allow(WRITE, "arn:aws:s3:::dst/in/*", principal=TO_A, condition=condition)
    for condition in ({"Null": {COPY: "false"}}, {"StringLike": {COPY: "p*/a/*"}})
)
"""Copies alone, and those to some objects alone: which objects those are says nothing of the source's."""
CASES = [
    Case("S3-31", "no policy asks what is copied", scene((let(),), (PUT,)), True),
    Case("S3-31", "copies from a bucket that the writer reads", scene((FROM_SRC,)), True, True),
    Case("S3-31", "... and does not read", scene((FROM_SRC,), (PUT,)), False),
    Case(
        "S3-31",
        "... whose policy denies it",
        scene((FROM_SRC,), source=(deny("s3:GetObject", "*", principal="*"),)),
        False,
    ),
    Case("S3-31", "objects of which it reads those", scene((PUBLIC,)), True, True),
    Case(
        "S3-31",
        "... and reads others alone",
        scene((PUBLIC,), (PUT, allow("s3:GetObject", "arn:aws:s3:::src/private/*"))),
        False,
    ),
    Case(
        "S3-31",
        "... and some of those",
        scene((PUBLIC,), (PUT, allow("s3:GetObject", "arn:aws:s3:::src/*/x"))),
        True,
        True,
    ),
    Case(
        "S3-31",
        "no copies",
        scene((let(), deny(WRITE, "*", principal="*", condition={"Null": {COPY: "false"}}))),
        True,
    ),
    Case("S3-31", "a bucket that the snapshot does not hold", scene((FROM_SRC,), held=False), None, True),
    Case("S3-31", "... of which the writer may read nothing", scene((FROM_SRC,), (PUT,), held=False), False),
    Case("S3-31", "a directive means a copy", scene((let(StringEquals={DIRECTIVE: "REPLACE"}),)), True, True),
    Case(
        "S3-31",
        "... of something that can be read",
        scene((let(StringEquals={DIRECTIVE: "REPLACE"}),), (PUT,)),
        False,
    ),
    Case(
        "TERM-2",
        "one way to travel for both sides",
        scene((FROM_SRC,), (in_vpce("s3:GetObject", "*", "vpce-1", "vpce-2"), in_vpce(WRITE, "*", "vpce-2"))),
        True,
        True,
    ),
    Case(
        "TERM-2",
        "each side through an endpoint of its own",
        scene((FROM_SRC,), (in_vpce("s3:GetObject", "*", "vpce-1"), in_vpce(WRITE, "*", "vpce-2"))),
        False,
    ),
    Case(
        "S3-31",
        "a version of the source, which alone the writer reads",
        scene((FROM_SRC,), (PUT, allow("s3:GetObjectVersion", "arn:aws:s3:::src/*"))),
        True,
        True,
    ),
    Case(
        "S3-31",
        "... where no version may be named",
        scene(
            (FROM_SRC, deny(WRITE, "*", principal="*", condition={"StringLike": {COPY: "*${?}versionId=*"}})),
            (PUT, allow("s3:GetObjectVersion", "arn:aws:s3:::src/*")),
        ),
        False,
    ),
    Case("S3-31", "its name in any case", scene((let(StringEqualsIgnoreCase={COPY: "SRC/X"}),)), True, True),
    *(
        Case(
            "S3-31, chapter 6 (s3:VersionId)",
            f"the version that is named, and no other: {title}",
            scene((let(StringEquals={COPY: "src/a?versionId=1"}),), (PUT, *reading)),
            opens,
            opens,
        )
        for title, reading, opens in (
            ("it alone", (version(allow, StringEquals={VERSION: "1"}),), True),
            ("another alone", (version(allow, StringEquals={VERSION: "2"}),), False),
            ("not it", (version(allow), version(deny, StringEquals={VERSION: "1"})), False),
            ("not another", (version(allow), version(deny, StringEquals={VERSION: "2"})), True),
            ("some version", (version(allow), version(deny, Null={VERSION: "true"})), True),
        )
    ),
    Case(
        "S3-31",
        "some version of a form",
        scene((FROM_SRC,), (PUT, version(allow, StringLike={VERSION: "v*"}))),
        True,
        True,
    ),
    *(
        Case(
            "S3-31", f"from buckets that nobody here knows: {title}", scene((target,), (PUT, reading)), opens
        )
        for title, target, reading, opens in (
            ("any", INSIDE, allow("s3:GetObject", "arn:aws:s3:::pub/*"), None),
            ("versions alone", INSIDE, allow("s3:GetObjectVersion", "arn:aws:s3:::pub/*"), None),
            ("of a form", INSIDE_FROM_P, allow("s3:GetObject", "arn:aws:s3:::pub/*"), None),
            ("of another form", INSIDE_FROM_P, allow("s3:GetObject", "arn:aws:s3:::other/*"), False),
        )
    ),
    Case("S3-40", "the source's key is closed", scene((FROM_SRC,), kms=True), False),
    Case(
        "S3-40",
        "the source's key is open for some objects",
        scene(
            (FROM_SRC,),
            (
                READ,
                PUT,
                allow("kms:Decrypt", "*", condition={"StringLike": {CONTEXT: "arn:aws:s3:::src/ours/*"}}),
            ),
            kms=True,
        ),
        True,
        True,
    ),
    Case(
        "S3-40",
        "... and for others than those that may be copied",
        scene(
            (PUBLIC,),
            (
                READ,
                PUT,
                allow("kms:Decrypt", "*", condition={"StringLike": {CONTEXT: "arn:aws:s3:::src/ours/*"}}),
            ),
            kms=True,
        ),
        False,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[f"{each.rule} {each.title}" for each in CASES])
def test_writes_that_may_be_copies(case: Case) -> None:
    routes = writes(case.world)
    assert bool(routes) is (case.opens is not False)
    certain = [route for route in routes if route.access.witness is not None]
    assert bool(certain) is (case.opens is True)
    verdict = explain_request(case.world, "u", WRITE, "dst/in/x").verdict
    assert (verdict in ("allow", "depends")) is (case.opens is True)
    if case.opens is None:
        assert routes[0].gaps
    for route in certain:
        witness = route.access.witness
        assert witness is not None
        name = witness.context.get(COPY)
        assert (name is not None) is case.copies
        reads = [each for each in route.access.also if each.action.startswith("s3:GetObject")]
        source, version, _ = str(name).removeprefix("/").partition("?versionId=")
        assert [each.resource for each in reads] == ([f"arn:aws:s3:::{source}"] if case.copies else [])
        assert all((each.action == "s3:GetObjectVersion") is bool(version) for each in reads)
        for each in (witness, *route.access.also):
            assert outcome(decide_request(case.world, request_of_witness(each))) is Outcome.ALLOW, each
    for scenario in scenarios(case.world, certain):
        assert decide_scenario(scenario).decision == "allow", scenario


def test_a_source_given_to_explain_is_read_too() -> None:
    """S3-31: the copy that is asked about, step by step."""
    the_world = scene((let(),), (PUT, allow("s3:GetObject", "arn:aws:s3:::src/public/*")))
    for name, opens in (
        ("src/public/a", True),
        ("/src/public/a", True),
        ("src/private/a", False),
        ("src/public/a?versionId=1", False),
    ):
        explained = explain_request(the_world, "u", WRITE, "dst/x", {COPY: name})
        assert (explained.verdict == "allow") is opens, name
        if not opens:
            assert any(each.startswith("s3:GetObject") for each in explained.blocking)
    assert explain_request(the_world, "u", WRITE, "dst/x").further == ()


@pytest.mark.parametrize(
    ("team", "reads", "opens"), [("x", False, True), ("z", True, True), ("z", False, False)]
)
def test_a_session_that_may_not_write_itself_may_copy(team: str, reads: bool, opens: bool) -> None:
    """S3-31, STS-14: that some session may write without a copy does not say that this one may."""
    starts = allow(
        ["sts:AssumeRole", "sts:TagSession"],
        principal={"AWS": f"arn:aws:iam::{A}:user/u"},
        condition={"StringEquals": {"aws:RequestTag/team": team}},
    )
    may = (
        allow(WRITE, "*", condition={"StringEquals": {"aws:PrincipalTag/team": "x"}}),
        allow(WRITE, "*", condition={"StringLike": {COPY: "src/*"}}),
    )
    the_world = world(
        account(
            A,
            users=(user(A, "u", allow("sts:*", "*")),),
            roles=(role(A, "r", [starts], *may, *((READ,) if reads else ())),),
            buckets=(bucket(A, "src"), bucket(A, "dst")),
        )
    )
    certain = [each for each in writes(the_world) if each.access.witness is not None]
    assert bool(certain) is opens
    for scenario in scenarios(the_world, certain):
        assert decide_scenario(scenario).decision == "allow", scenario
