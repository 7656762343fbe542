"""What assumptions say of a request, read from text, and what cannot be assumed."""

from __future__ import annotations

import pytest

from pathfinder.conditions.assumptions import AssumptionError, read_assumptions
from pathfinder.conditions.solve import holds
from pathfinder.logic.formula import FALSE, TRUE, Formula
from pathfinder.policy.context import ABSENT, OPEN, PRESENT, Context, KeyState, Values

CASES = [
    # rule     assumption                                  values of the key                        expected
    ("COND-21", "aws:SourceIp=203.0.113.0/24", ("203.0.113.9",), True),
    ("COND-21", "aws:SourceIp=203.0.113.0/24", ("203.0.114.9",), False),
    ("COND-21", "aws:SourceIp=203.0.113.0/24", None, False),
    ("COND-33", "aws:SourceIp=203.0.113.9", ("203.0.113.9",), True),
    ("COND-33", "aws:SourceIp=2001:db8::/32", ("2001:db8::1",), True),
    ("COND-19", "aws:MultiFactorAuthPresent=false", ("false",), True),
    ("COND-19", "aws:MultiFactorAuthPresent=false", None, True),
    ("COND-19", "aws:MultiFactorAuthPresent=false", ("true",), False),
    ("COND-19", "aws:MultiFactorAuthPresent=TRUE", ("true",), True),
    ("COND-19", "aws:MultiFactorAuthPresent=true", None, False),
    ("COND-15", "s3:max-keys=10.0", ("10",), True),
    ("COND-17", "aws:CurrentTime=2026-01-31", ("2026-01-31T00:00:00Z",), True),
    ("COND-17", "aws:CurrentTime=2026-01-31", ("2026-01-31T00:00:01Z",), False),
    ("COND-32", "aws:EpochTime=1767225600", ("1767225600",), True),
    ("COND-13", "aws:PrincipalTag/team=re*", ("red",), True),
    ("COND-13", "aws:principaltag/TEAM=r?d", ("rod",), True),
    ("COND-13", "aws:PrincipalTag/team=red", ("Red",), False),
    ("COND-23", "aws:PrincipalArn=arn:aws:iam::*:role/*", ("arn:aws:iam::1:role/a/b",), True),
    ("COND-23", "aws:PrincipalArn=arn:aws:iam::*:role/*", ("arn:aws:iam::1:user/a",), False),
    ("COND-23", "aws:PrincipalArn=*", ("arn:aws:iam::1:user/a",), True),
    ("COND-40", "aws:TagKeys=team", ("team",), True),
    ("COND-40", "aws:TagKeys=team", ("cost", "team"), False),
    ("COND-40", "aws:TagKeys=team", (), False),
    ("COND-30", "aws:TagKeys=", (), True),
    ("COND-30", "aws:SourceIp=", None, True),
    ("COND-30", "aws:SourceIp=", ("203.0.113.9",), False),
    ("LANG-40", "aws:PrincipalTag/team=${aws:username}", ("${aws:username}",), True),
]


@pytest.mark.parametrize(
    ("rule", "text", "values", "expected"), CASES, ids=[f"{c[0]} {c[1]} {c[2]}" for c in CASES]
)
def test_a_value_fits(rule: str, text: str, values: tuple[str, ...] | None, expected: bool) -> None:
    (assumption,) = read_assumptions([text])
    context = {} if values is None else {assumption.key: values}
    assert holds(assumption.formula, context) is expected


def test_the_same_key_again_means_any_of_the_values() -> None:
    one, other = read_assumptions(
        [
            "aws:SourceIp=203.0.113.0/24",
            "aws:SecureTransport=true",
            "AWS:sourceip=198.51.100.7",
            "aws:sourceip=",
        ]
    )
    assert (one.name, other.name) == ("aws:SourceIp", "aws:SecureTransport")
    assert one.given == ("aws:SourceIp=203.0.113.0/24", "aws:SourceIp=198.51.100.7", "aws:SourceIp=")
    for values, expected in (
        (("203.0.113.9",), True),
        (("198.51.100.7",), True),
        (("198.51.100.8",), False),
        (None, True),
    ):
        context = {} if values is None else {"aws:sourceip": values}
        assert holds(one.formula, context) is expected


REFUSED = [
    ("aws:SourceIP2=1", "no condition key is called aws:SourceIP2; the nearest is aws:SourceIp"),
    ("SourceIp=1", "no condition key is called SourceIp; the nearest is aws:SourceIp"),
    ("aws:PrincipalTagg/team=1", "the nearest is aws:PrincipalTag/team"),
    ("aws:PrincipalTag/=1", "no condition key is called aws:PrincipalTag/"),
    ("object:key=a", "no condition key is called object:key"),
    ("aws:SourceIp", "aws:SourceIp is no key=value, such as aws:SourceIp=203.0.113.0/24"),
    ("=a", "=a is no key=value"),
    ("aws:SourceIp=office", "aws:SourceIp is office, but it has to be an address or a CIDR"),
    ("aws:SourceIp=203.0.113.0/33", "aws:SourceIp is 203.0.113.0/33, but it has to be an address"),
    ("aws:SecureTransport=yes", "aws:SecureTransport is yes, but it has to be true or false"),
    ("s3:max-keys=few", "s3:max-keys is few, but it has to be a number"),
    ("s3:max-keys=1.5", "s3:max-keys cannot be 1.5"),
    ("aws:CurrentTime=now", "aws:CurrentTime is now, but it has to be a date"),
    ("aws:PrincipalArn=EC2Role", "aws:PrincipalArn is EC2Role, but it has to be an ARN of six fields"),
    ("aws:SourceVpce=endpoint", "aws:SourceVpce cannot be endpoint"),
    ("sts:ExternalId=a", "sts:ExternalId cannot be a"),
    ("aws:SecureTransport=", "every request has it"),
]


@pytest.mark.parametrize(("text", "said"), REFUSED, ids=[each[0] for each in REFUSED])
def test_what_cannot_be_assumed(text: str, said: str) -> None:
    with pytest.raises(AssumptionError) as error:
        read_assumptions(["aws:RequestedRegion=eu-west-1", text])
    assert said in str(error.value)
    assert "\n" not in str(error.value)


STATES = [
    # state of the key in the request           aws:SourceIdentity=alice
    (ABSENT, TRUE),  # the request cannot carry it
    (Values(("alice",)), TRUE),
    (Values(("bob",)), FALSE),
]


@pytest.mark.parametrize(("state", "expected"), STATES, ids=str)
def test_what_aws_fixes_is_compared(state: KeyState, expected: Formula) -> None:
    """KEY-1"""
    (assumption,) = read_assumptions(["aws:SourceIdentity=alice"])
    assert assumption.within(Context({"aws:sourceidentity": state})) == expected


def test_what_is_open_is_narrowed() -> None:
    (assumption,) = read_assumptions(["aws:MultiFactorAuthPresent=false"])
    perhaps = assumption.within(Context({assumption.key: OPEN}))
    certainly = assumption.within(Context({assumption.key: PRESENT}))
    assert holds(perhaps, {})
    assert not holds(certainly, {})
    assert holds(certainly, {assumption.key: ("false",)})
