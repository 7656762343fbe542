"""Partitions, service principals and services with resource control policies."""

from __future__ import annotations

import pytest

from pathfinder.aws.services import (
    BUILT_IN_IDENTITY_PROVIDERS,
    PARTITIONS,
    is_service_principal,
    rcp_supported,
)

PRINCIPALS = [
    # rule      text                                        service principal?
    ("PRIN-9",  "cloudtrail.amazonaws.com",                 True),
    ("PRIN-23", "ec2.amazonaws.com.cn",                     True),
    ("PRIN-23", "logs.eu-west-1.amazonaws.com",             True),
    ("STS-43",  "pods.eks.amazonaws.com",                   True),
    ("STS-47",  "access-grants.s3.amazonaws.com",           True),
    ("STS-47",  "credentials.iot.amazonaws.com",            True),
    ("PRIN-9",  "amazonaws.com",                            False),
    ("PRIN-9",  ".amazonaws.com",                           False),
    ("PRIN-9",  "*.amazonaws.com",                          False),
    ("PRIN-9",  "ec2..amazonaws.com",                       False),
    ("PRIN-9",  "ec2.amazonaws.com.evil.example",           False),
    ("PRIN-9",  "ec2.amazonaws.com\n",                      False),
    ("PRIN-9",  "evilamazonaws.com",                        False),
    ("PRIN-9",  "ec2.amazonawsXcom",                        False),
    ("PRIN-9",  "",                                         False),
    ("PRIN-9",  "*",                                        False),
    ("PRIN-1",  "arn:aws:iam::111122223333:root",           False),
    ("PRIN-1",  "111122223333",                             False),
    ("PRIN-10", "accounts.google.com",                      False),
    ("STS-44",  "oidc.eks.eu-west-1.amazonaws.com/id/A1B2", False),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "text", "expected"), PRINCIPALS)
def test_service_principals(rule, text, expected):
    assert is_service_principal(text) is expected, rule


def test_a_long_text_is_judged_quickly():
    assert not is_service_principal("a-" * 100_000 + "!")
    assert not is_service_principal("a." * 100_000 + "!")


RCP = [
    *(
        (service, True)
        for service in ("s3", "sts", "kms", "sqs", "secretsmanager", "ecr", "aoss", "logs", "dynamodb")
    ),
    *((service, True) for service in ("cognito-identity", "cognito-idp", "cognito-sync", "S3")),
    *(
        (service, False)
        for service in ("iam", "s3express", "s3-outposts", "s3-object-lambda", "s3tables", "ec2", "")
    ),
]


@pytest.mark.parametrize(("service", "expected"), RCP)
def test_services_that_resource_control_policies_guard(service, expected):
    """ORG-20, D-31."""
    assert rcp_supported(service) is expected


def test_built_in_identity_providers():
    """PRIN-10: Cognito and the three social ones."""
    assert {
        "cognito-identity.amazonaws.com",
        "accounts.google.com",
        "www.amazon.com",
        "graph.facebook.com",
    } == BUILT_IN_IDENTITY_PROVIDERS


def test_partitions():
    """TERM-6."""
    assert {"aws", "aws-cn", "aws-us-gov"} <= PARTITIONS.keys()
    assert PARTITIONS["aws-cn"] == "amazonaws.com.cn"
