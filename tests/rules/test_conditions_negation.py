"""Chapter 5.4: a literal and its exact negation, COND-60 to COND-68.

Whoever is denied by `Deny <literal>` must be exactly those whom `Allow <negation>` does not admit.
"""

from .cases import ALLOW, EXPLICIT, FULL_ACCESS, IMPLICIT, allow, case, check, deny, table

# fmt: off
TEAM, KEYS, AGE = "aws:PrincipalTag/team", "aws:TagKeys", "s3:signatureAge"
RED = {TEAM: "red"}
PRESENT = {"Null": {TEAM: "false"}}


def exact(rule, literal, negation, *, true_in, false_in):
    """The literal holds in these contexts and its negation in those, and in no other of them."""
    for context in [*true_in, *false_in]:
        literal_holds = context in true_in
        title = f"{literal} / {negation} in {context}"
        yield case(rule, f"Deny {title}", context=context, identity=[FULL_ACCESS, deny(when=literal)], expect=EXPLICIT if literal_holds else ALLOW)
        yield case(rule, f"Allow {title}", context=context, identity=[allow(when=negation)], expect=IMPLICIT if literal_holds else ALLOW)


CASES = [
    *exact("COND-60", {"StringEquals": RED}, {"StringNotEquals": RED}, true_in=[RED], false_in=[{}, {TEAM: "blue"}, {TEAM: ""}]),
    *exact("COND-61", {"StringNotLike": {TEAM: "r*"}}, {"StringLike": {TEAM: "r*"}}, true_in=[{}, {TEAM: "blue"}], false_in=[RED]),
    *exact("COND-62", {"StringEqualsIfExists": RED}, PRESENT | {"StringNotEquals": RED}, true_in=[{}, RED], false_in=[{TEAM: "blue"}]),
    *exact("COND-63", {"StringNotEqualsIfExists": RED}, {"StringEquals": RED}, true_in=[{}, {TEAM: "blue"}], false_in=[RED]),
    *exact("COND-64", {"Null": {TEAM: "true"}}, PRESENT, true_in=[{}], false_in=[RED]),
    *exact("COND-65", {"ForAllValues:StringEquals": {KEYS: ["a"]}}, {"ForAnyValue:StringNotEquals": {KEYS: ["a"]}}, true_in=[{}, {KEYS: []}, {KEYS: ["a"]}], false_in=[{KEYS: ["a", "b"]}, {KEYS: ["b"]}]),
    *exact("COND-66", {"ForAnyValue:StringEquals": {KEYS: ["a"]}}, {"ForAllValues:StringNotEquals": {KEYS: ["a"]}}, true_in=[{KEYS: ["a", "b"]}], false_in=[{}, {KEYS: []}, {KEYS: ["b"]}]),
    *exact("COND-68", {"NumericLessThan": {AGE: "10"}}, {"NumericGreaterThanEqualsIfExists": {AGE: "10"}}, true_in=[{AGE: "9"}], false_in=[{}, {AGE: "10"}, {AGE: "11"}]),
    *exact("COND-68", {"NumericLessThan": {AGE: ["5", "10"]}}, {"NumericGreaterThanEqualsIfExists": {AGE: "10"}}, true_in=[{AGE: "9"}, {AGE: "4"}], false_in=[{}, {AGE: "10"}]),
    case("COND-67", "a Deny's two conditions: one fails, so it does not deny", context=RED, identity=[FULL_ACCESS, deny(when={"StringEquals": RED, "Bool": {"aws:SecureTransport": "false"}})], expect=ALLOW),
    case("COND-67", "a Deny's two conditions: both hold", context=RED | {"aws:SecureTransport": "false"}, identity=[FULL_ACCESS, deny(when={"StringEquals": RED, "Bool": {"aws:SecureTransport": "false"}})], expect=EXPLICIT),
    case("COND-67", "two Denies: one suffices", context=RED, identity=[FULL_ACCESS, deny(when={"StringEquals": RED}), deny(when={"Bool": {"aws:SecureTransport": "false"}})], expect=EXPLICIT),
]
# fmt: on


@table(CASES)
def test_negated_conditions(case):
    check(case)
