"""Satisfiable or not, and with which witness: the rules of evaluation.md chapter 5, one by one."""

from __future__ import annotations

import pytest

from pathfinder.conditions.facts import Facts, network_axioms
from pathfinder.conditions.key_domain import KeyDomain
from pathfinder.conditions.solve import (
    Answer,
    Solution,
    Undecided,
    Unsatisfiable,
    satisfiable,
    solve,
    valid,
)
from pathfinder.logic.formula import (
    FALSE,
    TRUE,
    Formula,
    KeyTest,
    Quantifier,
    Unknown,
    all_of,
    any_of,
    negate,
    one,
    present,
)
from pathfinder.logic.values import Comparison, DateTest, ValueTest, read_date
from tests.conditions.making import arns, bools, isnt, networks, number, texts

VPCE = one("aws:SourceVpce", texts("vpce-0aaa"))
THROUGH = {
    "aws:sourcevpc": "vpc-0123456789abcdef0",
    "aws:sourcevpce": "vpce-0aaa",
    "aws:vpcsourceip": "10.0.0.10",
}
TAG, OTHER, PREFIX, USER = "aws:PrincipalTag/team", "aws:PrincipalTag/site", "s3:prefix", "aws:username"
KEYS = "aws:TagKeys"


def date(comparison: str, text: str) -> DateTest:
    instant = read_date(text)
    assert instant is not None
    return DateTest(Comparison(comparison), (instant,))


def some(value: ValueTest, *, negated: bool = False) -> KeyTest:
    return KeyTest(KEYS.lower(), Quantifier.SOME, value, negated, if_absent=False)


def every(value: ValueTest, *, negated: bool = False) -> KeyTest:
    return KeyTest(KEYS.lower(), Quantifier.EVERY, value, negated, if_absent=True)


def here(key: str) -> Formula:
    return present(key)


def gone(key: str) -> Formula:
    return negate(present(key))


NONE = None
"""No request."""

CASES: list[tuple[str, Formula, dict[str, str | list[str]] | None]] = [
    ("always", TRUE, {}),
    ("never", FALSE, NONE),
    ("COND-2 a negated operator holds without the key", isnt(TAG, texts("red")), {}),
    ("COND-10 two different texts", all_of(one(TAG, texts("a")), one(TAG, texts("b"))), NONE),
    (
        "COND-10 a text of both lists",
        all_of(one(TAG, texts("a", "b")), one(TAG, texts("b", "c"))),
        {TAG: "b"},
    ),
    (
        "COND-12 case is ignored on one side only",
        all_of(one(TAG, texts("AB", ignore_case=True)), isnt(TAG, texts("AB"))),
        {TAG: "ab"},
    ),
    (
        "COND-13 below one prefix, outside another",
        all_of(one(PREFIX, texts("logs/*")), isnt(PREFIX, texts("logs/x*"))),
        {PREFIX: "logs/"},
    ),
    ("COND-13 all of it excluded", all_of(one(PREFIX, texts("logs/*")), isnt(PREFIX, texts("*o*"))), NONE),
    ("COND-14 only exclusions", all_of(here(PREFIX), isnt(PREFIX, texts("?*"))), NONE),
    (
        "COND-15 an interval",
        all_of(
            one("aws:MultiFactorAuthAge", number("<", "3600")),
            one("aws:MultiFactorAuthAge", number(">", "3598")),
        ),
        {"aws:multifactorauthage": "3599"},
    ),
    (
        "COND-15 an empty interval",
        all_of(
            one("aws:MultiFactorAuthAge", number("<", "5")), one("aws:MultiFactorAuthAge", number(">=", "5"))
        ),
        NONE,
    ),
    (
        "COND-15 between two neighbours, where the key holds whole numbers",
        all_of(one("s3:max-keys", number("<", "5")), one("s3:max-keys", number(">", "4"))),
        NONE,
    ),
    (
        "COND-16 the only number excluded",
        all_of(one("s3:max-keys", number("=", "5")), isnt("s3:max-keys", number("=", "5.0"))),
        NONE,
    ),
    (
        "COND-17 before and after",
        all_of(
            one("aws:CurrentTime", date(">=", "2026-01-01")), one("aws:CurrentTime", date("<", "2026-01-02"))
        ),
        {"aws:currenttime": "2026-01-01T00:00:00Z"},
    ),
    (
        "COND-17 over",
        all_of(
            one("aws:CurrentTime", date(">", "2026-01-02")), one("aws:CurrentTime", date("<", "2026-01-02"))
        ),
        NONE,
    ),
    (
        "COND-19 both booleans",
        all_of(one("aws:SecureTransport", bools(True)), one("aws:SecureTransport", bools(False))),
        NONE,
    ),
    (
        "COND-19 a key that is always there",
        all_of(isnt("aws:SecureTransport", bools(True)), isnt("aws:SecureTransport", bools(False))),
        NONE,
    ),
    (
        "COND-20 a key that may be missing",
        all_of(
            isnt("aws:MultiFactorAuthPresent", bools(True)), isnt("aws:MultiFactorAuthPresent", bools(False))
        ),
        {},
    ),
    (
        "COND-21 a network without its half",
        all_of(one("aws:SourceIp", networks("10.0.0.0/8")), isnt("aws:SourceIp", networks("10.0.0.0/9"))),
        {"aws:sourceip": "10.128.0.10"},
    ),
    (
        "COND-22 a network without both halves",
        all_of(
            one("aws:SourceIp", networks("10.0.0.0/8")),
            isnt("aws:SourceIp", networks("10.0.0.0/9", "10.128.0.0/9")),
        ),
        NONE,
    ),
    (
        "COND-33 no IPv4 left",
        all_of(here("aws:SourceIp"), isnt("aws:SourceIp", networks("0.0.0.0/0"))),
        {"aws:sourceip": "2001:db8::10"},
    ),
    (
        "COND-33 no address left",
        all_of(here("aws:SourceIp"), isnt("aws:SourceIp", networks("0.0.0.0/0", "::/0"))),
        NONE,
    ),
    (
        "COND-33 the families never meet",
        all_of(one("aws:SourceIp", networks("10.0.0.0/8")), one("aws:SourceIp", networks("::/0"))),
        NONE,
    ),
    (
        "COND-36 an address as text",
        all_of(one("aws:SourceIp", texts("10.1.*")), one("aws:SourceIp", networks("10.0.0.0/8"))),
        {"aws:sourceip": "10.1.0.0"},
    ),
    (
        "COND-36 an address as text, outside",
        all_of(one("aws:SourceIp", texts("11.*")), one("aws:SourceIp", networks("10.0.0.0/8"))),
        NONE,
    ),
    ("COND-36 no address looks so", one("aws:SourceIp", texts("office")), NONE),
    (
        "COND-23 an ARN",
        one("aws:SourceArn", arns("arn:aws:s3:::logs-*")),
        {"aws:sourcearn": "arn:aws:s3:::logs-x"},
    ),
    (
        "COND-34 a star stays in its field",
        all_of(one("aws:SourceArn", arns("arn:aws:s3:*:*:b")), one("aws:SourceArn", texts("*:a:b:c:d:*"))),
        NONE,
    ),
    (
        "COND-34 a star as text spans fields",
        all_of(one("aws:SourceArn", texts("arn:*:root")), isnt("aws:SourceArn", arns("arn:aws:*:*:*:*"))),
        {"aws:sourcearn": "arn:::::root"},
    ),
    ("COND-34 not an ARN", one("aws:SourceArn", texts("my-bucket")), NONE),
    ("COND-30 both ways", all_of(here(TAG), gone(TAG)), NONE),
    ("COND-30 a key that is always there", gone("aws:SecureTransport"), NONE),
    ("COND-30 the empty text is null", all_of(gone(PREFIX), one(PREFIX, texts(""))), {PREFIX: ""}),
    ("COND-40 every of none", every(texts("a")), {}),
    ("COND-45 closed by Null", all_of(every(texts("a")), here(KEYS)), {KEYS: "a"}),
    ("COND-41 none of them", all_of(every(texts("a"), negated=True), here(KEYS)), {KEYS: "x"}),
    ("COND-42 one witness for each", all_of(some(texts("a")), some(texts("b"))), {KEYS: ["a", "b"]}),
    ("COND-42 one witness for both", all_of(some(texts("a*")), some(texts("*b"))), {KEYS: "ab"}),
    ("COND-43 a witness that every test forbids", all_of(some(texts("a")), every(texts("b"))), NONE),
    (
        "COND-47 some is red and some is not",
        all_of(some(texts("red")), some(texts("red"), negated=True)),
        {KEYS: ["red", "x"]},
    ),
    ("COND-46 one value for all", all_of(one(KEYS, texts("a", "b")), some(texts("b", "c"))), {KEYS: "b"}),
    (
        "COND-37 two values, but one is meant",
        all_of(one(KEYS, texts("a*")), some(texts("a")), some(texts("ab"))),
        NONE,
    ),
    ("COND-54 through an endpoint", VPCE, THROUGH),
    ("COND-54 an endpoint and a public address", all_of(VPCE, here("aws:SourceIp")), NONE),
    (
        "COND-54 neither endpoint nor public address",
        all_of(gone("aws:SourceVpce"), gone("aws:SourceIp")),
        NONE,
    ),
    (
        "COND-54 another endpoint than that",
        all_of(isnt("aws:SourceVpce", texts("vpce-0aaa")), gone("aws:SourceIp")),
        {**THROUGH, "aws:sourcevpce": "vpce-0123456789abcdef0"},
    ),
    (
        "COND-54 an alternative that is impossible",
        any_of(all_of(VPCE, here("aws:SourceIp")), one(TAG, texts("red"))),
        {TAG: "red", "aws:SourceIp": "203.0.113.10"},
    ),
    (
        "TERM-8 a session name has two characters",
        all_of(one("session:name", texts("?*")), isnt("session:name", texts("??*"))),
        NONE,
    ),
    ("TERM-8 a session name has no slash", one("session:name", texts("*/*")), NONE),
    ("S3 an object key is not empty", one("object:key", texts("")), NONE),
    ("S3 objects under a prefix", one("object:key", texts("logs/*")), {"object:key": "logs/x"}),
    (
        "LANG-40 a variable and its key",
        one(PREFIX, texts("home/${aws:username}/*")),
        {PREFIX: "home/alice/x", USER: "alice"},
    ),
    (
        "LANG-40 the variable's value is known",
        all_of(one(PREFIX, texts("${aws:username}/*")), one(USER, texts("bob"))),
        {PREFIX: "bob/x", USER: "bob"},
    ),
    (
        "LANG-40 the text is known",
        all_of(one(PREFIX, texts("${aws:username}/*")), one(PREFIX, texts("bob/1"))),
        {PREFIX: "bob/1", USER: "bob"},
    ),
    (
        "LANG-40 both are known and differ",
        all_of(
            one(PREFIX, texts("${aws:username}/*")), one(PREFIX, texts("bob/1")), isnt(USER, texts("bob"))
        ),
        NONE,
    ),
    (
        "LANG-40 both are known and differ, whatever other keys a variable ties",
        all_of(
            one("object:key", texts("${aws:PrincipalTag/team, 'none'}/*")),
            one("object:key", texts("none/")),
            one(TAG, texts("blue")),
            one(PREFIX, texts("${aws:username}/*")),
        ),
        NONE,
    ),
    (
        "LANG-40 both are known and differ, and more is chosen after",
        all_of(
            one(PREFIX, texts("${aws:PrincipalTag/team}/${aws:PrincipalTag/site}/*")),
            one(PREFIX, texts("none/*")),
            one(TAG, texts("blue")),
        ),
        NONE,
    ),
    (
        "LANG-40 a key is compared with itself",
        all_of(one(TAG, texts("${aws:PrincipalTag/team}")), one(TAG, texts("a*"))),
        {TAG: "ax"},
    ),
    (
        "LANG-40 a key differs from itself",
        all_of(isnt(TAG, texts("b", "${aws:PrincipalTag/team}")), here(TAG)),
        NONE,
    ),
    (
        "LANG-45 a key that is missing differs from itself",
        isnt(TAG, texts("${aws:PrincipalTag/team}")),
        {},
    ),
    (
        "LANG-40 both are patterns that never meet",
        all_of(
            one(PREFIX, texts("x/${aws:username}/*")), one(USER, texts("a*")), isnt(PREFIX, texts("x/a*"))
        ),
        NONE,
    ),
    (
        "LANG-42 the default",
        all_of(one(PREFIX, texts("${aws:username, 'all'}")), gone(USER)),
        {PREFIX: "all"},
    ),
    (
        "LANG-42 no default where the key is there",
        all_of(one(PREFIX, texts("${aws:username, 'all'}")), one(PREFIX, texts("all")), here(USER)),
        {PREFIX: "all", USER: "all"},
    ),
    (
        "LANG-45 missing: a positive test fails",
        all_of(one(PREFIX, texts("${aws:username}")), gone(USER)),
        NONE,
    ),
    (
        "LANG-45 missing: a negated test holds",
        all_of(isnt(PREFIX, texts("${aws:username}")), here(PREFIX), gone(USER)),
        {PREFIX: "x"},
    ),
    (
        "LANG-46 a star in a value is no wildcard",
        all_of(
            one(PREFIX, texts("${aws:PrincipalTag/team}")),
            one(TAG, texts("${*}")),
            isnt(PREFIX, texts("${*}")),
        ),
        NONE,
    ),
    (
        "LANG-40 two variables in one text",
        all_of(
            one(PREFIX, texts("${aws:PrincipalTag/team}-${aws:PrincipalTag/site}")), one(PREFIX, texts("a-b"))
        ),
        {PREFIX: "a-b", TAG: "a", OTHER: "b"},
    ),
]


def shown(answer: Answer) -> dict[str, list[str]] | None:
    assert not isinstance(answer, Undecided), answer.reason
    if isinstance(answer, Unsatisfiable):
        return None
    assert answer.certain
    return {key: list(values) for key, values in answer.values.items()}


@pytest.mark.parametrize(
    ("formula", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_solve(formula: Formula, expected: dict[str, str | list[str]] | None) -> None:
    wanted = expected and {k.lower(): [v] if isinstance(v, str) else v for k, v in expected.items()}
    assert shown(solve(formula)) == wanted


def test_an_unknown_is_named_where_it_is_needed() -> None:
    assert solve(all_of(one(TAG, texts("red")), Unknown("the SCP is not known"))) == Solution(
        {TAG.lower(): ("red",)}, certain=False, unknowns=("the SCP is not known",)
    )


def test_an_unknown_is_not_used_where_it_is_not_needed() -> None:
    assert solve(any_of(Unknown("u"), one(TAG, texts("red")))) == Solution({TAG.lower(): ("red",)})


def test_a_key_that_is_always_there_is_in_the_solution() -> None:
    """So that a test which would hold without the key is not taken to hold."""
    gone_or_unknown = KeyTest(
        "aws:securetransport", Quantifier.ONE, texts("x"), negated=False, if_absent=True
    )
    assert solve(any_of(Unknown("u"), gone_or_unknown)) == Solution(
        {"aws:securetransport": ("true",)}, certain=False, unknowns=("u",)
    )


def test_several_values_without_a_set_operator_are_not_decided() -> None:
    """COND-37, D-19: a negated operator on a key with several values is uncertain."""
    uncertain = KeyTest(KEYS.lower(), Quantifier.ONE, texts("a", "b"), True, True, if_many=None)
    assert isinstance(solve(all_of(uncertain, some(texts("a")), some(texts("b")))), Undecided)


def test_known_endpoints_only() -> None:
    """VPCE-1: which endpoints exist, and in which VPC, as far as a snapshot knows."""
    known = KeyDomain(null=False, values=("vpce-1", "vpce-2"))
    vpcs = KeyDomain(null=False, values=("vpc-1", "vpc-2"))
    lies_in = any_of(
        gone("aws:SourceVpce"),
        all_of(one("aws:SourceVpce", texts("vpce-1")), one("aws:SourceVpc", texts("vpc-1"))),
        all_of(one("aws:SourceVpce", texts("vpce-2")), one("aws:SourceVpc", texts("vpc-2"))),
    )
    facts = Facts({"aws:sourcevpce": known, "aws:sourcevpc": vpcs}, (*network_axioms(), lies_in))
    assert satisfiable(one("aws:SourceVpce", texts("vpce-3")), facts) is False
    assert shown(solve(one("aws:SourceVpc", texts("vpc-2")), facts)) == {
        "aws:sourcevpc": ["vpc-2"],
        "aws:sourcevpce": ["vpce-2"],
        "aws:vpcsourceip": ["10.0.0.10"],
    }
    assert (
        satisfiable(
            all_of(one("aws:SourceVpc", texts("vpc-2")), isnt("aws:SourceVpce", texts("vpce-2"))), facts
        )
        is False
    )


def test_valid() -> None:
    assert valid(any_of(gone("aws:SourceIp"), gone("aws:SourceVpce"))) is True
    assert valid(isnt(TAG, texts("a"))) is False
    assert valid(any_of(TRUE, Unknown("u"))) is True
    assert valid(Unknown("u")) is False


def test_hostile_patterns_end_as_undecided_and_soon() -> None:
    hostile = [isnt(TAG, texts("*" + letter + "?" * 14)) for letter in "abcdefgh"]
    answer = solve(all_of(one(TAG, texts("*" + "?" * 20)), one(TAG, texts("*a*b*c*d*e*f*")), *hostile))
    assert isinstance(answer, Undecided | Solution)
