"""A writer names another KMS key than the bucket's default, where policies look at that (S3-41, S3-44, KMS-5)."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any, NamedTuple

import pytest

from pathfinder.authorization.decision import Outcome
from pathfinder.authorization.scenario import decide_scenario, outcome
from pathfinder.graph.hop import Witness
from pathfinder.graph.key_choices import KEY_ID
from pathfinder.graph.replay import decide_request, request_of_witness
from pathfinder.graph.world import World
from pathfinder.model.organization import Account
from pathfinder.routes.explain import explain_request
from pathfinder.routes.export import scenarios
from pathfinder.routes.route import Query
from pathfinder.routes.search import find_routes
from pathfinder.routes.whocan import who_can
from tests.building import ALL_KNOWN, A, B, account, allow, bucket, deny, organization, role, user, world
from tests.graph.test_kms import (
    BUCKET_OPEN,
    DEFAULT,
    KEY,
    OPEN_KEY,
    OWN_KEY,
    S3,
    TO_A,
    TO_B,
    VIA,
    WRITE,
    found,
    key,
)

OTHER = f"arn:aws:kms:eu-west-1:{B}:key/22222222-2222-3333-4444-555555555555"
ELSEWHERE = OTHER.replace("eu-west-1", "us-east-1")
FOREIGN = f"arn:aws:kms:eu-west-1:{444455556666}:key/33333333-2222-3333-4444-555555555555"
SSE, ID = "s3:x-amz-server-side-encryption", "s3:x-amz-server-side-encryption-aws-kms-key-id"
KMS = allow("kms:GenerateDataKey", "*")
CLOSED, OPEN = key(DEFAULT), key(*OPEN_KEY)
SECOND = key(*OPEN_KEY, at=OTHER)
OWN = key(allow("kms:*", "*", principal=TO_A), at=OWN_KEY)


def unless(operator: str, name: str, value: Any) -> dict[str, Any]:
    return deny(WRITE, "arn:aws:s3:::b/*", principal="*", condition={operator: {name: value}})


INSISTS = unless("StringNotEquals", SSE, "aws:kms")
"""SSE-KMS, whichever key."""
OF_OWNER = unless("StringNotLike", ID, f"arn:aws:kms:*:{B}:key/*")
"""SSE-KMS with a key of the bucket's account, named in the request."""
ONLY_DEFAULT = unless("ArnNotEquals", ID, KEY)
ONLY_OTHER = unless("StringNotEquals", ID, OTHER)
NAMES_NONE = unless("Null", ID, "false")


def scene(
    policies: tuple[dict[str, Any], ...],
    *keys: Any,
    identity: tuple[dict[str, Any], ...] = (S3, KMS),
    known: frozenset[str] = ALL_KNOWN,
    **more: Any,
) -> World:
    """User u of A (of B, with `inside`), and bucket b of B, with KEY as its default unless it is said otherwise."""
    inside, of_organization = more.pop("inside", False), more.pop("organization", None)
    caller = user(B if inside else A, "u", *identity)
    given = {"encryption": "aws:kms", "kms_key": KEY, "region": "eu-west-1", "bucket_key": False, **more}

    def held(account_id: str) -> tuple[Any, ...]:
        return tuple(each for each in keys if each.arn.account == account_id)

    def made(account_id: Any, **parts: Any) -> Account:
        return account(account_id, keys=held(account_id), **parts)

    return world(
        made(A, users=() if inside else (caller,), known=known),
        made(
            B,
            users=(caller,) if inside else (),
            roles=(role(B, "k", TO_B),),
            buckets=(bucket(B, "b", BUCKET_OPEN, *policies, **given),),
        ),
        organization=of_organization,
    )


class Case(NamedTuple):
    rule: str
    title: str
    world: World
    opens: bool | None
    """None: not certain."""
    names: str | None = None
    """The key that the witness names, None where that is not told."""


def cases() -> list[Case]:
    no_keys = (S3, deny("kms:*", f"arn:aws:kms:*:{A}:key/*"), KMS)
    ours = {"StringNotEqualsIfExists": {"aws:ResourceOrgID": "o-x"}}
    perimeter = organization(A, B, scps={A: [[deny("kms:*", "*", condition=ours)]]})
    not_all = ALL_KNOWN - {"keys"}
    plain: dict[str, Any] = {"encryption": "AES256", "kms_key": None}
    asks = (allow(WRITE, "*", condition={"StringEquals": {SSE: "aws:kms"}}),)
    return [
        Case("S3-41", "the default opens", scene((INSISTS,), OPEN), True),
        Case(
            "S3-41",
            "the default is closed, a second key is open",
            scene((OF_OWNER,), CLOSED, SECOND),
            True,
            OTHER,
        ),
        Case("S3-41", "... and no other", scene((OF_OWNER,), CLOSED), False),
        Case(
            "S3-41",
            "... and the second is closed, too",
            scene((OF_OWNER,), CLOSED, key(DEFAULT, at=OTHER)),
            False,
        ),
        Case(
            "KMS-10",
            "... the second is disabled",
            scene((OF_OWNER,), CLOSED, replace(SECOND, state="Disabled")),
            False,
        ),
        Case(
            "KMS-1",
            "... the second is of another Region",
            scene((OF_OWNER,), CLOSED, key(*OPEN_KEY, at=ELSEWHERE)),
            False,
        ),
        Case(
            "KMS-5",
            "... the identity side is silent",
            scene((OF_OWNER,), CLOSED, SECOND, identity=(S3,)),
            False,
        ),
        Case("S3-41", "a key of the writer's account", scene((INSISTS,), CLOSED, OWN), True),
        Case("S3-42", "aws/s3 of the writer's account", scene((INSISTS,), CLOSED, identity=(S3,)), True),
        Case(
            "S3-42",
            "... denied by the identity side",
            scene((INSISTS,), CLOSED, identity=(S3, deny("kms:*", "*"))),
            False,
        ),
        Case(
            "S3-41",
            "the bucket demands its default, closed",
            scene((ONLY_DEFAULT,), CLOSED, SECOND, OWN),
            False,
        ),
        Case("S3-41", "the bucket demands its default, open", scene((ONLY_DEFAULT,), OPEN), True, KEY),
        Case("S3-41", "the bucket demands another, open", scene((ONLY_OTHER,), CLOSED, SECOND), True, OTHER),
        Case(
            "S3-41",
            "the bucket demands another, closed",
            scene((ONLY_OTHER,), OPEN, key(DEFAULT, at=OTHER)),
            False,
        ),
        Case(
            "S3-41", "the bucket demands another, of which nothing is known", scene((ONLY_OTHER,), OPEN), None
        ),
        Case("S3-41", "... nor may the writer use any", scene((ONLY_OTHER,), OPEN, identity=(S3,)), False),
        Case(
            "S3-41",
            "no key may be named, the default is closed",
            scene((INSISTS, NAMES_NONE), CLOSED, SECOND),
            False,
        ),
        Case("S3-41", "no key may be named, the default is open", scene((INSISTS, NAMES_NONE), OPEN), True),
        Case(
            "KMS-5",
            "a key of an account that nobody knows",
            scene((INSISTS,), CLOSED, identity=no_keys),
            None,
        ),
        Case(
            "KMS-5",
            "... that the writer may not use",
            scene((INSISTS,), CLOSED, identity=(S3, deny("kms:*", f"arn:aws:kms:*:{A}:key/*"))),
            False,
        ),
        Case(
            "ORG-1",
            "... that the writer's SCP keeps it from",
            scene((INSISTS,), CLOSED, identity=no_keys, organization=perimeter),
            False,
        ),
        Case(
            "KMS-5",
            "a key that the writer's policy names and the snapshot does not hold",
            scene(
                (INSISTS,),
                CLOSED,
                identity=(S3, deny("kms:*", f"arn:aws:kms:*:{A}:key/*"), allow("kms:*", FOREIGN)),
            ),
            None,
        ),
        Case(
            "KMS-1",
            "no key of the bucket's Region may be named",
            scene((unless("StringNotLike", ID, "arn:aws:kms:us-east-1:*:key/*"),), OPEN),
            False,
        ),
        Case(
            "TERM-6",
            "nor one of its partition",
            scene((unless("ArnNotLike", ID, "arn:aws-cn:kms:*:*:key/*"),), OPEN),
            False,
        ),
        Case(
            "KMS-4",
            "the writer's account may hold keys that nobody has read",
            scene(
                (INSISTS, unless("StringEquals", ID, OWN_KEY.rpartition("/")[0] + "/aws-managed-for-s3")),
                CLOSED,
                identity=(S3,),
                known=not_all,
            ),
            None,
        ),
        Case(
            "S3-44",
            "SSE-C needs no key of KMS",
            scene((unless("StringNotEqualsIfExists", SSE, "aws:kms"),), CLOSED, identity=(S3,)),
            True,
        ),
        Case("S3-44", "plain objects", scene((), identity=(S3,), **plain), True),
        Case(
            "S3-42",
            "plain bucket that insists, own account",
            scene((INSISTS,), identity=(S3,), inside=True, **plain),
            True,
        ),
        Case(
            "S3-42",
            "... the writer may use no key",
            scene((INSISTS,), identity=(S3, deny("kms:*", "*")), inside=True, **plain),
            False,
        ),
        Case(
            "S3-41",
            "plain bucket that demands a key, open",
            scene((ONLY_OTHER,), SECOND, **plain),
            True,
            OTHER,
        ),
        Case(
            "S3-41",
            "plain bucket that demands a key, closed",
            scene((ONLY_OTHER,), key(DEFAULT, at=OTHER), **plain),
            False,
        ),
        Case(
            "S3-41", "the writer's own policy insists", scene((), identity=asks, inside=True, **plain), True
        ),
        Case(
            "S3-41",
            "... and it may use no key",
            scene((), identity=(*asks, deny("kms:*", "*")), inside=True, **plain),
            False,
        ),
    ]


CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=[f"{each.rule} {each.title}" for each in CASES])
def test_writes(case: Case) -> None:
    routes, blocked = found(case.world, WRITE)
    assert bool(routes) is (case.opens is not False)
    certain = [route for route in routes if route.access.witness is not None]
    assert bool(certain) is (case.opens is True)
    if case.opens is None:
        assert routes[0].gaps
    if case.opens is False:
        assert all("not writable" in (route.blocked or "") for route in blocked)
    writers = {each.principal for each in who_can(case.world, (WRITE,), "b").results}
    assert any(each.endswith("user/u") for each in writers) is (case.opens is not False)
    verdict = explain_request(case.world, "u", WRITE, "b/x").verdict
    assert (verdict in ("allow", "depends")) is (case.opens is True)
    assert (verdict == "unknown") is (case.opens is None)
    for route in certain:
        assert route.access.witness is not None
        if case.names is not None:
            assert dict(route.access.witness.context)[_spelled(ID)] == case.names
            assert [each.resource for each in route.access.also] == [case.names]
        for witness in (route.access.witness, *route.access.also):
            assert outcome(decide_request(case.world, request_of_witness(witness))) is Outcome.ALLOW, witness
    for each in scenarios(case.world, certain):
        assert decide_scenario(each).decision == "allow", each


def _spelled(name: str) -> str:
    return name


def test_blocked_writes_name_the_keys_that_were_asked() -> None:
    """KMS-13: the default first."""
    (route,) = found(scene((OF_OWNER,), CLOSED, key(DEFAULT, at=OTHER)), WRITE)[1]
    assert (route.blocked or "").startswith(f"not writable: key {KEY}: the key policy does not allow")
    assert f"not writable: key {OTHER}" in (route.blocked or "")


def test_a_key_given_to_explain_is_the_one_that_counts() -> None:
    """S3-41: the header's key, else the bucket default."""
    the_world = scene((), OPEN, key(DEFAULT, at=OTHER))
    for name, opens in ((KEY, True), (OTHER, False)):
        context: dict[str, str | list[str]] = {SSE: "aws:kms", ID: name}
        explained = explain_request(the_world, "u", WRITE, "b/x", context)
        assert (explained.verdict == "allow") is opens, name
        assert [each.resource for each in explained.further if each.verdict != "allow"] == (
            [] if opens else [OTHER]
        )
    plain = scene((), key(DEFAULT), SECOND, encryption="AES256", kms_key=None)
    assert explain_request(plain, "u", WRITE, "b/x", {SSE: "aws:kms", ID: OTHER}).verdict == "allow"
    assert explain_request(plain, "u", WRITE, "b/x", {SSE: "aws:kms", ID: KEY}).verdict == "implicit-deny"
    closed = scene((), CLOSED, SECOND)
    assert explain_request(closed, "u", WRITE, "b/x", {SSE: "aws:kms", ID: OTHER}).verdict == "allow"
    assert explain_request(closed, "u", WRITE, "b/x", {SSE: "aws:kms", ID: KEY}).verdict == "implicit-deny"


def test_too_many_keys_are_not_decided_and_never_denied() -> None:
    """S3-41: bounded work; what was left out is a gap."""
    many = [key(DEFAULT, at=f"{OTHER[:-3]}{number:03d}") for number in range(60)]
    (route,) = found(scene((OF_OWNER,), CLOSED, *many), WRITE)[0]
    assert route.access.witness is None
    assert any("more than 50 keys" in gap for gap in route.gaps)


OF_ROLE = {"AWS": f"arn:aws:iam::{B}:role/r"}
TEAM = "aws:PrincipalTag/team"


def key_for(*condition: dict[str, Any], at: str = KEY) -> Any:
    return key(*(allow("kms:*", "*", principal=OF_ROLE, condition=each) for each in condition), at=at)


def equals(name: str, value: str) -> dict[str, Any]:
    return {"StringEquals": {name: value}}


@pytest.mark.parametrize("policies", [(OF_OWNER,), (INSISTS,)])
@pytest.mark.parametrize(
    ("of_default", "of_second", "trusted", "opens"),
    [
        (equals(TEAM, "x"), equals(TEAM, "z"), equals("aws:RequestTag/team", "z"), True),
        (equals(TEAM, "x"), equals(TEAM, "y"), equals("aws:RequestTag/team", "z"), False),
        (equals(TEAM, "z"), equals(TEAM, "y"), equals("aws:RequestTag/team", "z"), True),
        (
            {"StringLike": {"aws:userid": "*:n1"}},
            {"StringLike": {"aws:userid": "*:n2"}},
            equals("sts:RoleSessionName", "n2"),
            True,
        ),
    ],
)
def test_the_session_decides_which_key_opens(
    policies: tuple[Any, ...], of_default: Any, of_second: Any, trusted: Any, opens: bool
) -> None:
    """S3-41, STS-14: a key that some session may use is not the one for a session that cannot be such."""
    starts = allow(
        ["sts:AssumeRole", "sts:TagSession"],
        principal={"AWS": f"arn:aws:iam::{B}:user/u"},
        condition=trusted,
    )
    may = (allow(WRITE, "*"), deny("kms:*", f"arn:aws:kms:*:{B}:key/aws-managed-for-s3"))
    given = {"encryption": "aws:kms", "kms_key": KEY, "region": "eu-west-1", "bucket_key": False}
    no_sse_c = unless("Null", f"{SSE}-customer-algorithm", "false")
    the_world = world(
        account(
            B,
            users=(user(B, "u", allow("sts:*", "*")),),
            roles=(role(B, "r", [starts], *may),),
            keys=(key_for(of_default), key_for(of_second, at=OTHER)),
            buckets=(bucket(B, "b", *policies, no_sse_c, **given),),
        )
    )
    routes, blocked = found(the_world, WRITE)
    certain = [route for route in routes if route.access.witness is not None]
    assert bool(certain) is opens
    assert bool(blocked) is not opens
    for each in scenarios(the_world, certain):
        assert decide_scenario(each).decision == "allow", each


@pytest.mark.parametrize(("caller", "opens"), [("444455556666", True), (str(B), False)])
def test_any_other_account_calls_kms_as_itself(caller: str, opens: bool) -> None:
    """kms:CallerAccount is the account of the principal, whichever it is (chapter 6, KMS-5)."""
    of_caller = allow("kms:*", "*", principal="*", condition=equals("kms:CallerAccount", caller))
    let = allow(WRITE, "arn:aws:s3:::b/*", principal="*", condition=equals(ID, KEY))
    the_world = world(account(B, keys=(key(DEFAULT, of_caller),), buckets=(bucket(B, "b", let),)))
    routes = find_routes(the_world, Query(starts=("any-other-account",), actions=(WRITE,))).routes
    assert bool(routes) is opens
    for each in scenarios(the_world, routes):
        assert decide_scenario(each).decision == "allow", each


# ---- a law: against all requests that differ in what they say of encryption -------------------------------

POLICIES: list[tuple[dict[str, Any], ...]] = [
    (),
    (INSISTS,),
    (OF_OWNER,),
    (ONLY_DEFAULT,),
    (ONLY_OTHER,),
    (INSISTS, NAMES_NONE),
    (unless("StringEquals", SSE, "AES256"), unless("StringEquals", ID, KEY)),
    (unless("StringNotLikeIfExists", ID, f"arn:aws:kms:*:{B}:key/1*"), unless("Null", SSE, "true")),
]
KEYS = [(CLOSED,), (OPEN,), (CLOSED, SECOND), (CLOSED, OWN), (OPEN, key(DEFAULT, at=OTHER), OWN)]
IDENTITIES = [(S3,), (S3, KMS), (S3, allow("kms:GenerateDataKey", OTHER)), (S3, KMS, deny("kms:*", OWN_KEY))]
MANAGED = f"arn:aws:kms:eu-west-1:{A}:key/aws-managed-for-s3"


def requests() -> list[dict[str, str]]:
    none: list[dict[str, str]] = [{}, {SSE: "AES256"}, {SSE: "aws:kms"}]
    return [*none, *({SSE: "aws:kms", ID: each} for each in (KEY, OTHER, OWN_KEY, MANAGED))]


def is_allowed(the_world: World, headers: dict[str, str]) -> bool:
    """By hand: the request to S3, and the one to KMS for the key that is meant (S3-41)."""
    own = {"aws:SecureTransport": "true", "aws:SourceIp": "203.0.113.10", **headers}
    caller = f"arn:aws:iam::{A}:user/u"
    asked = [Witness(caller, WRITE, "arn:aws:s3:::b/x", B, own)]
    if headers.get(SSE) != "AES256":
        name = headers.get(ID, KEY)
        context = {
            "aws:ViaAWSService": "true",
            "kms:ViaService": VIA["kms:ViaService"],
            "kms:CallerAccount": str(A),
            "aws:ResourceOrgID": "o-x",
        }
        asked.append(Witness(caller, "kms:GenerateDataKey", name, name.split(":")[4], context))
    return all(
        outcome(decide_request(the_world, request_of_witness(each))) is Outcome.ALLOW for each in asked
    )


@pytest.mark.parametrize("number", range(len(POLICIES)))
def test_a_write_is_open_where_some_choice_of_headers_is_allowed(number: int) -> None:
    """S3-41, a law; keys of accounts outside are left out by an SCP, SSE-C by a Deny.

    Where a policy names a key that the snapshot does not hold, it may be open all the same.
    """
    ours = {"StringNotEqualsIfExists": {"aws:ResourceOrgID": "o-x"}}
    only_ours = organization(A, B, scps={A: [[deny("kms:*", "*", condition=ours)]]})
    no_sse_c = unless("Null", f"{SSE}-customer-algorithm", "false")
    for keys, identity in product(KEYS, IDENTITIES):
        the_world = scene((*POLICIES[number], no_sse_c), *keys, identity=identity, organization=only_ours)
        expected = any(is_allowed(the_world, each) for each in requests())
        routes, blocked = found(the_world, WRITE)
        assert bool([each for each in routes if each.access.witness is not None]) is expected, (
            keys,
            identity,
        )
        if not expected and any(
            "the snapshot does not hold the key" in gap for each in routes for gap in each.gaps
        ):
            continue
        assert bool(routes) is expected
        assert bool(blocked) is not expected


assert KEY_ID == ID
