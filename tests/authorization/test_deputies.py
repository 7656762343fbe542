"""Whether a statement says for whom a service may act (S3-47, EVAL-45)."""

from __future__ import annotations

from typing import Any

import pytest

from pathfinder.authorization.deputies import names_service, unguarded
from pathfinder.policy.document import Statement
from pathfinder.policy.parse import parse_document

TRAIL = "cloudtrail.amazonaws.com"


def statement(principal: Any = None, condition: Any = None, effect: str = "Allow") -> Statement:
    held = {
        "Effect": effect,
        "Principal": principal or {"Service": TRAIL},
        "Action": "s3:PutObject",
        "Resource": "*",
        **({"Condition": condition} if condition else {}),
    }
    return parse_document({"Version": "2012-10-17", "Statement": [held]}).statements[0]


GUARDS: list[tuple[Any, bool]] = [
    # condition                                                                                guarded
    (None, False),
    ({"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}, False),
    ({"StringEquals": {"aws:SourceAccount": "111111111111"}}, True),
    ({"StringEquals": {"aws:sourceaccount": ["111111111111", "222222222222"]}}, True),
    ({"StringLike": {"aws:SourceAccount": "*"}}, False),
    ({"StringNotEquals": {"aws:SourceAccount": "111111111111"}}, False),
    ({"StringEqualsIfExists": {"aws:SourceAccount": "111111111111"}}, False),
    ({"ForAllValues:StringEquals": {"aws:SourceAccount": "111111111111"}}, False),
    ({"Null": {"aws:SourceAccount": "false"}}, False),
    ({"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:111111111111:trail/*"}}, True),
    ({"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:*:trail/main"}}, False),
    (
        {
            "ArnLike": {
                "aws:SourceArn": ["arn:aws:cloudtrail:*:111111111111:trail/a", "arn:aws:cloudtrail:*:*:*"]
            }
        },
        False,
    ),
    ({"ArnEquals": {"aws:SourceArn": "arn:aws:s3:::source-bucket"}}, True),
    ({"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}}, False),
    ({"StringEquals": {"aws:SourceOrgID": "o-x"}}, True),
    ({"StringLike": {"aws:SourceOrgPaths": "o-x/*"}}, True),
    ({"StringEquals": {"aws:SourceOrgID": "${aws:ResourceOrgID}"}}, False),
]


@pytest.mark.parametrize(("condition", "guarded"), GUARDS)
def test_guards(condition: Any, guarded: bool) -> None:
    why = unguarded(statement(condition=condition))
    assert (why is None) is guarded


NAMES = [
    ({"Service": TRAIL}, "Allow", True),
    ({"Service": ["config.amazonaws.com", TRAIL]}, "Allow", True),
    ({"Service": "config.amazonaws.com"}, "Allow", False),
    ("*", "Allow", True),
    ({"AWS": "*"}, "Allow", True),
    ({"AWS": "111111111111"}, "Allow", False),
    ({"Service": TRAIL}, "Deny", False),
]


@pytest.mark.parametrize(("principal", "effect", "named"), NAMES)
def test_who_is_let_in(principal: Any, effect: str, named: bool) -> None:
    """PRIN-9, PRIN-11."""
    assert names_service(statement(principal, effect=effect), TRAIL) is named
