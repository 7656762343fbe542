"""Keys that hang together in every request: a condition that asks for what no request shows is no hop.

Chapter 6 (what each key holds, and when it is present), COND-54.
"""

from __future__ import annotations

from typing import Any

import pytest

from pathfinder.routes.route import Query
from pathfinder.routes.search import find_routes
from tests.building import A, account, allow, bucket, deny, endpoint, user, world

ENDPOINT, VPC = "vpce-0aaa", "vpc-0aaa"
ENCRYPTION = "s3:x-amz-server-side-encryption"


def vpc_arn(vpc: str) -> str:
    return f"arn:aws:ec2:eu-west-1:{A}:vpc/{vpc}"


CASES: list[tuple[str, dict[str, dict[str, Any]], bool]] = [
    # why                                              what one statement asks for                     open?
    (
        "one clock: the same instant in both keys",
        {
            "DateGreaterThan": {"aws:CurrentTime": "2026-01-01"},
            "NumericLessThan": {"aws:EpochTime": "1767225600"},
        },
        False,
    ),
    (
        "one clock: a minute fits",
        {
            "DateGreaterThan": {"aws:CurrentTime": "2026-01-01"},
            "NumericLessThan": {"aws:EpochTime": "1767225660"},
        },
        True,
    ),
    (
        "one clock: dates on both keys",
        {
            "DateGreaterThan": {"aws:CurrentTime": "2026-01-02"},
            "DateLessThan": {"aws:EpochTime": "2026-01-01"},
        },
        False,
    ),
    ("a TLS version is told with TLS only", {"Null": {"s3:TlsVersion": "true"}}, False),
    (
        "a TLS version below 1.2 is still TLS",
        {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
        True,
    ),
    ("requests are authenticated in three ways", {"StringEquals": {"s3:authType": "TOKEN"}}, False),
    (
        "a signature's age is known of presigned URLs",
        {"NumericLessThan": {"s3:signatureAge": "600000"}, "StringEquals": {"s3:authType": "REST-HEADER"}},
        False,
    ),
    (
        "presigned URLs have an age",
        {
            "NumericLessThan": {"s3:signatureAge": "600000"},
            "StringEquals": {"s3:authType": "REST-QUERY-STRING"},
        },
        True,
    ),
    (
        "the old signature tells no age",
        {"NumericLessThan": {"s3:signatureAge": "9"}, "StringEquals": {"s3:signatureversion": "AWS"}},
        False,
    ),
    (
        "a user's temporary credentials tell of MFA",
        {"Null": {"aws:TokenIssueTime": "false", "aws:MultiFactorAuthPresent": "true"}},
        False,
    ),
    (
        "a user's long-term key does not",
        {"Null": {"aws:TokenIssueTime": "true", "aws:MultiFactorAuthPresent": "true"}},
        True,
    ),
    (
        "the first service is one of the services",
        {
            "StringEquals": {"aws:CalledViaFirst": "athena.amazonaws.com"},
            "ForAllValues:StringEquals": {"aws:CalledVia": "glue.amazonaws.com"},
        },
        False,
    ),
    (
        "others may follow the first service",
        {
            "StringEquals": {"aws:CalledViaFirst": "glue.amazonaws.com"},
            "ForAnyValue:StringEquals": {"aws:CalledVia": "athena.amazonaws.com"},
        },
        True,
    ),
    (
        "no first service without services",
        {"Null": {"aws:CalledVia": "true", "aws:CalledViaFirst": "false"}},
        False,
    ),
    (
        "the VPC's ARN is that of the endpoint's VPC",
        {"StringEquals": {"aws:SourceVpce": ENDPOINT}, "ArnEquals": {"aws:SourceVpcArn": vpc_arn(VPC)}},
        True,
    ),
    (
        "and not that of another",
        {"StringEquals": {"aws:SourceVpce": ENDPOINT}, "ArnEquals": {"aws:SourceVpcArn": vpc_arn("vpc-1")}},
        False,
    ),
]
WRITES: list[tuple[str, dict[str, dict[str, Any]], bool]] = [
    ("a canned ACL (S3-24)", {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}, True),
    ("there is no such ACL (S3-24)", {"StringEquals": {"s3:x-amz-acl": "everybody"}}, False),
    ("a header of S3 (S3-40)", {"StringEquals": {ENCRYPTION: "aws:kms"}}, True),
    ("there is no such encryption (S3-40)", {"StringLike": {ENCRYPTION: "aes-*"}}, False),
    (
        "a key is named for encryption with KMS only (S3-40)",
        {"StringEquals": {ENCRYPTION: "AES256"}, "Null": {f"{ENCRYPTION}-aws-kms-key-id": "false"}},
        False,
    ),
    (
        "a customer's key stands without the other header (S3-44)",
        {"StringEquals": {f"{ENCRYPTION}-customer-algorithm": "AES256"}, "Null": {ENCRYPTION: "false"}},
        False,
    ),
    (
        "a directive is for copies (S3-31)",
        {"Null": {"s3:x-amz-metadata-directive": "false", "s3:x-amz-copy-source": "true"}},
        False,
    ),
]


def found(action: str, condition: dict[str, dict[str, Any]]) -> list[Any]:
    """The routes of a user whose one statement asks for this, in a bucket that wants TLS."""
    tls = deny("s3:*", "*", principal="*", condition={"Bool": {"aws:SecureTransport": "false"}})
    place = account(
        A,
        users=(user(A, "ann", allow(action, "*", condition=condition)),),
        buckets=(bucket(A, "data", tls),),
        endpoints=(endpoint(A, ENDPOINT, VPC),),
    )
    return list(find_routes(world(place), Query(starts=("ann",))).routes)


@pytest.mark.parametrize(("why", "condition", "is_open"), CASES, ids=[case[0] for case in CASES])
def test_reading(why: str, condition: dict[str, dict[str, Any]], is_open: bool) -> None:
    routes = found("s3:GetObject", condition)
    assert bool(routes) is is_open, why
    assert all(hop.witness is not None for route in routes for hop in route.hops)


@pytest.mark.parametrize(("why", "condition", "is_open"), WRITES, ids=[case[0] for case in WRITES])
def test_writing(why: str, condition: dict[str, dict[str, Any]], is_open: bool) -> None:
    routes = found("s3:PutObject", condition)
    assert bool(routes) is is_open, why
    assert all(hop.witness is not None for route in routes for hop in route.hops)


def test_services_stand_in_their_order() -> None:
    """Chapter 6: CalledViaFirst is the first value of CalledVia, CalledViaLast the last."""
    condition = {
        "StringEquals": {
            "aws:CalledViaFirst": "glue.amazonaws.com",
            "aws:CalledViaLast": "athena.amazonaws.com",
        }
    }
    ((hop,),) = (route.hops for route in found("s3:GetObject", condition))
    services = hop.witness.context["aws:CalledVia"]
    assert (services[0], services[-1]) == ("glue.amazonaws.com", "athena.amazonaws.com")


def test_the_clock_tells_one_time_in_a_witness() -> None:
    """Chapter 6: both keys of a witness are the same instant."""
    condition = {
        "NumericGreaterThan": {"aws:EpochTime": "1767225599"},
        "DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:01Z"},
    }
    ((hop,),) = (route.hops for route in found("s3:GetObject", condition))
    assert hop.witness.context["aws:EpochTime"] == "1767225600"
    assert hop.witness.context["aws:CurrentTime"] == "2026-01-01T00:00:00Z"
