"""The small world that generated scenarios talk about: callers, requests, context keys and their values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

ACCOUNTS = ("111111111111", "222222222222")
A, B = ACCOUNTS


@dataclass(frozen=True)
class GeneratedCaller:
    kind: str
    arn: str
    account: str | None = None
    principal_arn: str | None = None
    userid: str | None = None
    federated_by: str | None = None

    @property
    def service_linked(self) -> bool:
        return "/aws-service-role/" in (self.principal_arn or "")


def _role(path: str, name: str, unique: str) -> list[GeneratedCaller]:
    arn = f"arn:aws:iam::{A}:role/{path}{name}"
    session = f"arn:aws:sts::{A}:assumed-role/{name}/job1"
    return [
        GeneratedCaller("role", arn, A, arn, f"{unique}:any"),
        GeneratedCaller("session", session, A, arn, f"{unique}:job1"),
    ]


CALLERS = [
    GeneratedCaller("user", f"arn:aws:iam::{A}:user/ann", A, f"arn:aws:iam::{A}:user/ann", "AIDAANN"),
    GeneratedCaller(
        "user", f"arn:aws:iam::{A}:user/team/bob", A, f"arn:aws:iam::{A}:user/team/bob", "AIDABOB"
    ),
    *_role("", "app", "AROAAPP"),
    *_role("", "app", "AROAAPP"),
    *_role("ci/", "build", "AROABUILD"),
    *_role("aws-service-role/x.amazonaws.com/", "AWSServiceRoleForX", "AROASLR")[:1],
    GeneratedCaller(
        "federated-user",
        f"arn:aws:sts::{A}:federated-user/fred",
        A,
        f"arn:aws:sts::{A}:federated-user/fred",
        f"{A}:fred",
        f"arn:aws:iam::{A}:user/ann",
    ),
    GeneratedCaller("root", f"arn:aws:iam::{A}:root", A, f"arn:aws:iam::{A}:root", A),
    GeneratedCaller("service", "cloudtrail.amazonaws.com"),
    GeneratedCaller("anonymous", "anonymous", userid="anonymous"),
    GeneratedCaller("saml", f"arn:aws:iam::{A}:saml-provider/corp", A),
    GeneratedCaller("oidc", f"arn:aws:iam::{A}:oidc-provider/token.example.com", A),
    GeneratedCaller("oidc", "accounts.google.com"),
]

ANYBODY = ("user", "role", "session", "federated-user", "root", "service", "anonymous")
SIGNED = ("user", "role", "session", "federated-user", "root")


@dataclass(frozen=True)
class GeneratedRequest:
    """Some actions on some resources, and who can ask for them."""

    kind: str  # of the resource's policy: bucket, trust, key, none
    kinds: tuple[str, ...]
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    owner: str | None = None  # where the resource's ARN tells

    def suits(self, caller: GeneratedCaller) -> bool:
        return caller.kind in self.kinds


_OBJECTS = ("arn:aws:s3:::data/logs/a.txt", "arn:aws:s3:::data/ann/x", "arn:aws:s3:::data/k*y")
_TRUST = (f"arn:aws:iam::{A}:role/target", f"arn:aws:iam::{B}:role/target")
_READ_WRITE = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")


def _roles(kinds: tuple[str, ...], *actions: str) -> list[GeneratedRequest]:
    return [GeneratedRequest("trust", kinds, actions, (arn,), arn.split(":")[4]) for arn in _TRUST]


REQUESTS = [
    *[GeneratedRequest("bucket", ANYBODY, _READ_WRITE, _OBJECTS)] * 5,
    *[GeneratedRequest("bucket", ANYBODY, ("s3:ListBucket", "s3:GetBucketLocation"), ("arn:aws:s3:::data",))]
    * 2,
    GeneratedRequest(
        "bucket",
        ANYBODY,
        ("s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"),
        ("arn:aws:s3:::data",),
    ),
    GeneratedRequest("bucket", SIGNED, ("s3:GetObject",), ("arn:aws-cn:s3:::data/logs/a.txt",), B),
    GeneratedRequest("none", SIGNED, ("s3:ListAllMyBuckets", "kms:ListKeys"), ("*",), A),
    *_roles(("user", "role", "session", "root", "service", "federated-user", "anonymous"), "sts:AssumeRole"),
    *_roles(("user", "role", "session"), "sts:AssumeRole"),
    *_roles(("role", "session", "service"), "sts:TagSession"),
    *_roles(("saml",), "sts:AssumeRoleWithSAML", "sts:TagSession"),
    *_roles(("oidc",), "sts:AssumeRoleWithWebIdentity", "sts:TagSession"),
    GeneratedRequest("none", (*SIGNED, "service"), ("sts:GetCallerIdentity",), ("*",), A),
    GeneratedRequest(
        "none",
        ("user", "root", "role"),
        ("sts:GetFederationToken",),
        (f"arn:aws:sts::{A}:federated-user/fred",),
        A,
    ),
    *[
        GeneratedRequest(
            "key",
            (*SIGNED, "service"),
            ("kms:Decrypt", "kms:GenerateDataKey"),
            (f"arn:aws:kms:eu-west-1:{account}:key/k1",),
            account,
        )
        for account in ACCOUNTS
    ],
    GeneratedRequest("key", SIGNED, ("kms:RetireGrant",), (f"arn:aws:kms:eu-west-1:{A}:key/k1",), A),
    GeneratedRequest("none", SIGNED, ("kms:CreateAlias",), (f"arn:aws:kms:eu-west-1:{A}:alias/aws/s3",), A),
    GeneratedRequest(
        "trust",
        ("user", "role", "session", "root"),
        ("iam:PassRole", "iam:AttachRolePolicy", "iam:GetRole"),
        (
            f"arn:aws:iam::{A}:role/target",
            f"arn:aws:iam::{A}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_x_0123456789abcdef",
        ),
        A,
    ),
    GeneratedRequest(
        "trust", ("user", "role", "root"), ("iam:PassRole",), (f"arn:aws:iam::{B}:role/target",), B
    ),
]

KEYS: dict[str, Sequence[Any]] = {  # what the request may carry
    "aws:SourceIp": ["10.1.2.3", "203.0.113.9", "2001:db8::1", "::ffff:10.1.2.3"],
    "aws:SecureTransport": ["true", "false", "True"],
    "aws:PrincipalTag/team": ["blue", "red", "Blue", "", "a*b"],
    "aws:ResourceTag/team": ["blue", "red"],
    "aws:MultiFactorAuthPresent": ["true", "false"],
    "aws:MultiFactorAuthAge": ["10", "300", "10.0"],
    "aws:CurrentTime": ["2026-01-02T03:04:05Z", "2025-12-31T23:59:59Z", "2026-01-02T04:04:05+01:00"],
    "aws:EpochTime": ["1767323045"],
    "aws:PrincipalOrgID": ["o-one", "o-two"],
    "aws:PrincipalOrgPaths": [["o-one/r-1/ou-a/"], ["o-one/r-1/ou-b/"]],
    "aws:TagKeys": [["team"], ["team", "cost"], ["cost"], [], [""]],
    "aws:CalledVia": [["athena.amazonaws.com"], ["athena.amazonaws.com", "s3.amazonaws.com"]],
    "aws:SourceArn": ["arn:aws:cloudtrail:eu-west-1:111111111111:trail/main", "arn:aws:sns:x"],
    "aws:SourceAccount": [A, B],
    "aws:ViaAWSService": ["true", "false"],
    "aws:PrincipalIsAWSService": ["true", "false"],
    "s3:prefix": ["", "logs/", "logs/a", "ann/"],
    "s3:max-keys": ["10", "100", "ten"],
    "sts:ExternalId": ["z9", "z8"],
    "aws:UserAgent": ["curl", "cur*l"],
    "aws:FederatedProvider": [f"arn:aws:iam::{A}:saml-provider/corp"],
}


def context_for(choose: Any, caller: GeneratedCaller, action: str, owner: str) -> dict[str, Any]:
    """The keys that the caller fixes, mostly, and some of the others; one endpoint or one address."""
    context: dict[str, Any] = {}
    if caller.principal_arn and (choose.chance(90) or caller.kind == "session"):
        context["aws:PrincipalArn"] = caller.principal_arn
        context["aws:PrincipalAccount"] = caller.account
    if caller.userid and choose.chance(80):
        context["aws:userid"] = caller.userid
    if caller.kind == "user" and choose.chance(90):
        context[choose.pick(["aws:username", "AWS:UserName"])] = caller.arn.rsplit("/", 1)[-1]
    if choose.chance(60):
        context["aws:ResourceAccount"] = owner
    if caller.kind not in ("saml", "oidc", "service") and choose.chance(30):
        context["aws:SourceVpce"] = choose.pick(["vpce-0aaa", "vpce-0bbb"])
    for key in KEYS:
        if choose.chance(30) and not (key == "aws:SourceIp" and "aws:SourceVpce" in context):
            context[key] = choose.pick(KEYS[key])
    if caller.kind not in ("role", "session"):
        context.pop("aws:FederatedProvider", None)
    return context
