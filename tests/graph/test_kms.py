"""SSE-KMS: who reads the bytes, who writes them, and who is stopped by the key alone (S3-40 to S3-44, chapter 9)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from pathfinder.authorization.decision import Outcome
from pathfinder.authorization.scenario import decide_scenario, outcome
from pathfinder.graph.replay import decide_request, request_of_witness
from pathfinder.graph.world import World
from pathfinder.model.resources import Key, KmsGrant
from pathfinder.policy.document import PolicyKind
from pathfinder.routes.explain import explain_request
from pathfinder.routes.export import scenarios
from pathfinder.routes.route import Query, Route
from pathfinder.routes.search import find_routes
from pathfinder.routes.whocan import who_can
from tests.building import A, B, account, allow, arn, bucket, deny, organization, policy, role, user, world

KEY = f"arn:aws:kms:eu-west-1:{B}:key/11111111-2222-3333-4444-555555555555"
OWN_KEY = f"arn:aws:kms:eu-west-1:{A}:key/99999999-2222-3333-4444-555555555555"
READ, WRITE = "s3:GetObject", "s3:PutObject"
S3 = allow("s3:*", "*")
DECRYPT = allow(["kms:Decrypt", "kms:GenerateDataKey"], "*")
TO_A = {"AWS": f"arn:aws:iam::{A}:root"}
TO_B = {"AWS": f"arn:aws:iam::{B}:root"}
BUCKET_OPEN = allow("s3:*", ["arn:aws:s3:::b", "arn:aws:s3:::b/*"], principal=TO_A)
DEFAULT = allow("kms:*", "*", principal=TO_B)
OPEN_KEY = (DEFAULT, allow(["kms:Decrypt", "kms:GenerateDataKey"], "*", principal=TO_A))
ROLE_K = {"AWS": f"arn:aws:iam::{B}:role/k"}
VIA = {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}
CONTEXT = "kms:EncryptionContext:aws:s3:arn"


def key(*statements: dict[str, Any], at: str = KEY, **more: Any) -> Key:
    more.setdefault("grants", ())
    more.setdefault("aliases", ())
    more.setdefault("state", "Enabled")
    return Key(arn(at), policy(PolicyKind.KEY, "key policy", at, *statements), **more)


def scene(
    identity: tuple[dict[str, Any], ...],
    keys: tuple[Key, ...] = (key(*OPEN_KEY),),
    *,
    policies: tuple[dict[str, Any], ...] = (BUCKET_OPEN,),
    inside: bool = False,
    **more: Any,
) -> World:
    """User u of A (or of B, with `inside`) and bucket b of B, encrypted with KEY unless it is said otherwise."""
    organization = more.pop("organization", None)
    boundary = more.pop("boundary", None)
    given = {"encryption": "aws:kms", "kms_key": KEY, "region": "eu-west-1", "bucket_key": False, **more}
    caller = user(B if inside else A, "u", *identity, boundary=boundary)
    own = tuple(each for each in keys if each.arn.account == A)
    return world(
        account(A, users=() if inside else (caller,), keys=own),
        account(
            B,
            users=(caller,) if inside else (),
            roles=(role(B, "k", TO_B),),
            buckets=(bucket(B, "b", *policies, **given),),
            keys=tuple(each for each in keys if each.arn.account == B),
        ),
        organization=organization,
    )


def found(the_world: World, action: str) -> tuple[tuple[Route, ...], tuple[Route, ...]]:
    got = find_routes(the_world, Query(starts=("u",), actions=(action,)))
    return got.routes, got.blocked


class Case(NamedTuple):
    rule: str
    title: str
    world: World
    read: bool | None
    """None: not certain."""
    write: str = "always"


GRANT = KmsGrant("g", f"arn:aws:iam::{A}:user/u", ("Decrypt", "GenerateDataKey"))
ONLY_S3 = (DEFAULT,)
IP = {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
IP_SPARED = {**IP, "Bool": {"aws:ViaAWSService": "false"}}
EVERYONE_VIA = allow(
    "kms:*", "*", principal={"AWS": "*"}, condition={"StringEquals": {**VIA, "kms:CallerAccount": str(A)}}
)
ELSE = "only SSE-S3"


def cases() -> list[Case]:
    both = (S3, DECRYPT)
    full = allow("*", "*")
    return [
        Case("S3-40", "bucket and key open to the caller", scene(both), True),
        Case("S3-40", "DSSE-KMS needs it too", scene((S3,), encryption="aws:kms:dsse"), False, ELSE),
        Case("S3-40", "no permission for the key", scene((S3,)), False, ELSE),
        Case("S3-40", "kms:Decrypt alone reads", scene((S3, allow("kms:Decrypt", "*"))), True, ELSE),
        Case(
            "S3-40",
            "kms:GenerateDataKey alone writes",
            scene((S3, allow("kms:GenerateDataKey*", KEY))),
            False,
        ),
        Case("S3-44", "SSE-S3 needs no key", scene((S3,), encryption="AES256", kms_key=None), True),
        Case("S3-44", "no default encryption known", scene((S3,), encryption=None, kms_key=None), True),
        Case("S3-41", "a key alone means SSE-KMS", scene((S3,), encryption=None), False, ELSE),
        Case("S3-41", "by id, of the bucket's account", scene(both, kms_key=KEY.rpartition("/")[2]), True),
        Case(
            "S3-41", "by alias", scene(both, (key(*OPEN_KEY, aliases=("alias/x",)),), kms_key="alias/x"), True
        ),
        Case(
            "S3-41",
            "by alias, key closed",
            scene((S3,), (key(*OPEN_KEY, aliases=("alias/x",)),), kms_key="alias/x"),
            False,
            ELSE,
        ),
        Case("S3-41", "by an alias of which nothing is known", scene(both, kms_key="alias/x"), None, ELSE),
        Case("S3-41", "a key that is not in the snapshot", scene(both, ()), None, ELSE),
        Case("S3-41", "... nor may the caller use any", scene((S3,), ()), False, ELSE),
        Case(
            "S3-41",
            "a key of the caller's account",
            scene(both, (key(allow("kms:*", "*", principal=TO_A), at=OWN_KEY),), kms_key=OWN_KEY),
            True,
        ),
        Case(
            "S3-41",
            "... without identity permission",
            scene((S3,), (key(allow("kms:*", "*", principal=TO_A), at=OWN_KEY),), kms_key=OWN_KEY),
            False,
            ELSE,
        ),
        Case("S3-42", "EX-24: aws/s3 across accounts", scene((full,), (), kms_key=None), False, ELSE),
        Case("S3-42", "... by its alias", scene((full,), (), kms_key="alias/aws/s3"), False, ELSE),
        Case(
            "S3-42",
            "aws/s3 within the account, no kms permission",
            scene((S3,), (), kms_key=None, inside=True),
            True,
        ),
        Case(
            "S3-42",
            "... denied by the identity side",
            scene((S3, deny("kms:*", "*")), (), kms_key=None, inside=True),
            False,
            ELSE,
        ),
        Case(
            "KMS-2",
            "EX-25: an administrator, the key for a role alone",
            scene((full,), (key(allow("kms:*", "*", principal=ROLE_K)),), inside=True),
            False,
            ELSE,
        ),
        Case("KMS-3", "the account named, identity allows", scene(both, (key(DEFAULT),), inside=True), True),
        Case(
            "KMS-3",
            "the account named, identity silent",
            scene((S3,), (key(DEFAULT),), inside=True),
            False,
            ELSE,
        ),
        Case(
            "KMS-4",
            "the user named",
            scene(
                (S3,), (key(allow("kms:*", "*", principal={"AWS": f"arn:aws:iam::{B}:user/u"})),), inside=True
            ),
            True,
        ),
        Case("KMS-5", "across accounts, key policy silent", scene(both, (key(DEFAULT),)), False, ELSE),
        Case("KMS-5", "everyone of A through S3", scene(both, (key(DEFAULT, EVERYONE_VIA),)), True),
        Case("KMS-5", "... identity silent", scene((S3,), (key(DEFAULT, EVERYONE_VIA),)), False, ELSE),
        Case(
            "KMS-6", "a grant needs no identity policy", scene((S3,), (key(DEFAULT, grants=(GRANT,)),)), True
        ),
        Case(
            "KMS-6",
            "a grant for another operation",
            scene((S3,), (key(DEFAULT, grants=(replace(GRANT, operations=("Encrypt",)),)),)),
            False,
            ELSE,
        ),
        Case(
            "KMS-6",
            "a grant for Decrypt",
            scene((S3,), (key(DEFAULT, grants=(replace(GRANT, operations=("Decrypt",)),)),)),
            True,
            ELSE,
        ),
        Case(
            "KMS-6",
            "a grant to another",
            scene((S3,), (key(DEFAULT, grants=(replace(GRANT, grantee=f"arn:aws:iam::{A}:user/v"),)),)),
            False,
            ELSE,
        ),
        Case(
            "KMS-6",
            "a grant overrides no Deny",
            scene((S3, deny("kms:*", "*")), (key(DEFAULT, grants=(GRANT,)),)),
            False,
            ELSE,
        ),
        Case(
            "KMS-6",
            "a grant for more of an encryption context",
            scene((S3,), (key(DEFAULT, grants=(replace(GRANT, encryption_context={"app": "x"}),)),)),
            None,
            ELSE,
        ),
        Case(
            "KMS-6",
            "a grant that equals more of a context",
            scene(
                (S3,),
                (
                    key(
                        DEFAULT,
                        grants=(
                            replace(
                                GRANT,
                                encryption_context={"aws:s3:arn": "arn:aws:s3:::b", "app": "x"},
                                context_equals=True,
                            ),
                        ),
                    ),
                ),
                bucket_key=True,
            ),
            None,
            ELSE,
        ),
        Case(
            "KMS-6",
            "a grant that equals the context with bucket keys",
            scene(
                (S3,),
                (
                    key(
                        DEFAULT,
                        grants=(
                            replace(
                                GRANT,
                                encryption_context={"aws:s3:arn": "arn:aws:s3:::b"},
                                context_equals=True,
                            ),
                        ),
                    ),
                ),
                bucket_key=True,
            ),
            True,
        ),
        Case(
            "KMS-6",
            "a grant to an account",
            scene((S3,), (key(DEFAULT, grants=(replace(GRANT, grantee=f"arn:aws:iam::{A}:root"),)),)),
            None,
            ELSE,
        ),
        Case(
            "KMS-8",
            "a Deny by address breaks reads",
            scene((*both, deny("kms:*", "*", condition=IP))),
            False,
            ELSE,
        ),
        Case(
            "KMS-8",
            "... unless it spares calls of services",
            scene((*both, deny("kms:*", "*", condition=IP_SPARED))),
            True,
        ),
        Case(
            "KMS-8",
            "through S3 of this region",
            scene((S3, allow("kms:*", "*", condition={"StringEquals": VIA}))),
            True,
        ),
        Case(
            "KMS-8",
            "through S3 of another region",
            scene(
                (
                    S3,
                    allow(
                        "kms:*",
                        "*",
                        condition={"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}},
                    ),
                )
            ),
            False,
            ELSE,
        ),
        Case(
            "KMS-8",
            "caller's account",
            scene((S3, allow("kms:*", "*", condition={"StringEquals": {"kms:CallerAccount": str(A)}}))),
            True,
        ),
        Case(
            "KMS-8",
            "another caller's account",
            scene((S3, allow("kms:*", "*", condition={"StringEquals": {"kms:CallerAccount": str(B)}}))),
            False,
            ELSE,
        ),
        Case(
            "KMS-8",
            "an object's ARN",
            scene((S3, allow("kms:*", "*", condition={"StringLike": {CONTEXT: "arn:aws:s3:::b/*"}}))),
            True,
        ),
        Case(
            "KMS-8",
            "the bucket's ARN without bucket keys",
            scene((S3, allow("kms:*", "*", condition={"StringEquals": {CONTEXT: "arn:aws:s3:::b"}}))),
            False,
            ELSE,
        ),
        Case(
            "KMS-8",
            "... with bucket keys",
            scene(
                (S3, allow("kms:*", "*", condition={"StringEquals": {CONTEXT: "arn:aws:s3:::b"}})),
                bucket_key=True,
            ),
            True,
        ),
        Case(
            "KMS-8",
            "an object's ARN with bucket keys",
            scene(
                (S3, allow("kms:*", "*", condition={"StringLike": {CONTEXT: "arn:aws:s3:::b/*"}})),
                bucket_key=True,
            ),
            False,
            ELSE,
        ),
        Case(
            "KMS-8",
            "bucket keys not known",
            scene(
                (S3, allow("kms:*", "*", condition={"StringEquals": {CONTEXT: "arn:aws:s3:::b"}})),
                bucket_key=None,
            ),
            None,
            ELSE,
        ),
        Case(
            "KMS-8",
            "... nothing hangs on it",
            scene(
                (S3, allow("kms:*", "*", condition={"StringLike": {CONTEXT: "arn:aws:s3:::b*"}})),
                bucket_key=None,
            ),
            True,
        ),
        Case(
            "KMS-8",
            "the names of the encryption context",
            scene(
                (
                    S3,
                    allow(
                        "kms:*",
                        "*",
                        condition={"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": "aws:s3:arn"}},
                    ),
                )
            ),
            True,
        ),
        Case(
            "KMS-9",
            "an alias's ARN in an identity policy",
            scene((S3, allow("kms:*", f"arn:aws:kms:eu-west-1:{B}:alias/*"))),
            False,
            ELSE,
        ),
        Case(
            "KMS-9",
            "kms:ResourceAliases",
            scene(
                (
                    S3,
                    allow(
                        "kms:*",
                        "*",
                        condition={"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/x"}},
                    ),
                ),
                (key(*OPEN_KEY, aliases=("alias/x",)),),
            ),
            True,
        ),
        Case(
            "KMS-9",
            "kms:ResourceAliases, another",
            scene(
                (
                    S3,
                    allow(
                        "kms:*",
                        "*",
                        condition={"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/y"}},
                    ),
                ),
                (key(*OPEN_KEY, aliases=("alias/x",)),),
            ),
            False,
            ELSE,
        ),
        Case(
            "KMS-9",
            "kms:ResourceAliases not known",
            scene(
                (
                    S3,
                    allow(
                        "kms:*",
                        "*",
                        condition={"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/y"}},
                    ),
                ),
                (key(*OPEN_KEY, aliases=None),),
            ),
            None,
            ELSE,
        ),
        Case("KMS-10", "disabled", scene(both, (key(*OPEN_KEY, state="Disabled"),)), False, ELSE),
        Case(
            "KMS-10", "pending deletion", scene(both, (key(*OPEN_KEY, state="PendingDeletion"),)), False, ELSE
        ),
        Case("KMS-10", "state not known", scene(both, (key(*OPEN_KEY, state=None),)), True),
        Case(
            "KMS-11",
            "an RCP denies",
            scene(both, organization=organization(A, B, rcps={B: [[deny("kms:*", "*", principal="*")]]})),
            False,
            ELSE,
        ),
        Case(
            "KMS-11",
            "an RCP guards no AWS-managed key",
            scene(
                (S3,),
                (),
                kms_key=None,
                inside=True,
                organization=organization(A, B, rcps={B: [[deny("kms:*", "*", principal="*")]]}),
            ),
            True,
        ),
        Case(
            "KMS-11",
            "the caller's SCP",
            scene(both, organization=organization(A, B, scps={A: [[deny("kms:*", "*")]]})),
            False,
            ELSE,
        ),
        Case(
            "KMS-11",
            "the owner's SCP binds nobody else",
            scene(both, organization=organization(A, B, scps={B: [[deny("kms:*", "*")]]})),
            True,
        ),
        Case("KMS-13", "the caller's boundary", scene(both, boundary=[allow("s3:*", "*")]), False, ELSE),
        Case(
            "KMS-13",
            "a Deny in the key policy",
            scene(both, (key(*OPEN_KEY, deny("kms:Decrypt", "*", principal="*")),)),
            False,
        ),
    ]


CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=[f"{case.rule} {case.title}" for case in CASES])
def test_reads_and_writes(case: Case) -> None:
    routes, blocked = found(case.world, READ)
    assert bool(routes) is (case.read is not False)
    assert bool(blocked) is (case.read is False)
    explained = explain_request(case.world, "u", READ, "b/x")
    if case.read is False:
        assert all("bytes unreadable: " in (route.blocked or "") for route in blocked)
        assert explained.verdict in ("implicit-deny", "explicit-deny")
        assert any(text.startswith("kms:Decrypt on ") for text in explained.blocking)
    certain = [route for route in routes if route.access.witness is not None]
    assert bool(certain) is (case.read is True)
    if case.read is None:
        assert routes[0].gaps
        assert explained.verdict == "unknown"
    grants = [each for each in who_can(case.world, (READ,), "b").results if each.principal.endswith("user/u")]
    assert bool(grants) is (case.read is not False)

    writes, _ = found(case.world, WRITE)
    (write,) = writes
    assert write.access.witness is not None
    said = write.access.condition
    assert ("AES256" in str(said)) is (case.write == ELSE), str(said)
    for each in scenarios(case.world, (*certain, write)):
        assert decide_scenario(each).decision == "allow", each
    for route in (*certain, write):
        for witness in (route.access.witness, *route.access.also):
            assert witness is not None
            assert outcome(decide_request(case.world, request_of_witness(witness))) is Outcome.ALLOW, witness
