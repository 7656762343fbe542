"""Chapter 2.4: policy variables."""

from .cases import ALLOW, EXPLICIT, FULL_ACCESS, IMPLICIT, USER, A, allow, case, check, deny, table

# fmt: off
S3 = "arn:aws:s3:::"
TEAM = "aws:PrincipalTag/team"
IN_TEAM = S3 + "b/${aws:PrincipalTag/team}/*"


def resource(rule, title, pattern, key, context, expect):
    """Does an identity policy's Resource, after substitution, cover the object?"""
    return case(rule, title, resource=S3 + key, context=context, identity=[allow("s3:*", S3 + pattern)], expect=expect)


def condition(rule, title, operator, value, context, expect, *, key="aws:PrincipalTag/owner"):
    """Does `operator: {key: value}` hold in that context?"""
    return case(rule, title, context=context, identity=[allow(when={operator: {key: value}})], expect=expect)


def owner(value, **more):
    return {"aws:PrincipalTag/owner": value} | {"aws:" + name: text for name, text in more.items()}


PLACES = [
    resource("LANG-40", "in a resource", "b/${aws:username}/*", "b/ann/x", {"aws:username": "ann"}, ALLOW),
    resource("LANG-40", "in a resource, another value", "b/${aws:username}/*", "b/joe/x", {"aws:username": "ann"}, IMPLICIT),
    resource("LANG-40", "two in one resource", "b/${aws:PrincipalAccount}/${aws:username}", f"b/{A}/ann", {"aws:username": "ann", "aws:PrincipalAccount": A}, ALLOW),
    resource("LANG-40", "as the bucket's name", "${aws:username}/*", "b/x", {"aws:username": "b"}, ALLOW),
    case("LANG-40", "in NotResource", resource=S3 + "b/ann/x", context={"aws:username": "ann"}, identity=[allow("s3:*", NotResource=S3 + "b/${aws:username}/*")], expect=IMPLICIT),
    case("LANG-40", "in a Deny's resource", resource=S3 + "b/ann/x", context={"aws:username": "ann"}, identity=[FULL_ACCESS, deny("s3:*", S3 + "b/${aws:username}/*")], expect=EXPLICIT),
    case("LANG-40", "in a bucket policy", resource=S3 + "b/ann/x", context={"aws:username": "ann"}, resource_policy=allow("s3:*", S3 + "b/${aws:username}/*", to={"AWS": USER}), expect=ALLOW),
    condition("LANG-40", "in StringEquals", "StringEquals", "${aws:username}", owner("ann", username="ann"), ALLOW),
    condition("LANG-40", "in StringEquals, another value", "StringEquals", "${aws:username}", owner("joe", username="ann"), IMPLICIT),
    condition("LANG-40", "in StringNotEquals", "StringNotEquals", "${aws:username}", owner("ann", username="ann"), IMPLICIT),
    condition("LANG-40", "in StringLike, with a wildcard around it", "StringLike", "${aws:username}-*", owner("ann-1", username="ann"), ALLOW),
    condition("LANG-40", "in StringEqualsIgnoreCase", "StringEqualsIgnoreCase", "${aws:username}", owner("ANN", username="ann"), ALLOW),
    condition("LANG-40", "in ArnLike", "ArnLike", "arn:aws:iam::111111111111:user/${aws:username}", {"aws:PrincipalArn": USER, "aws:username": "ann"}, ALLOW, key="aws:PrincipalArn"),
    condition("LANG-40", "in ArnNotEquals", "ArnNotEquals", "arn:aws:iam::111111111111:user/${aws:username}", {"aws:PrincipalArn": USER, "aws:username": "joe"}, ALLOW, key="aws:PrincipalArn"),
    condition("D-10", "in Bool", "Bool", "${aws:PrincipalTag/tls}", {"aws:SecureTransport": "true", "aws:PrincipalTag/tls": "true"}, ALLOW, key="aws:SecureTransport"),
    condition("LANG-40", "not in Numeric", "NumericEquals", "${aws:PrincipalTag/n}", {"s3:signatureAge": "5", "aws:PrincipalTag/n": "5"}, IMPLICIT, key="s3:signatureAge"),
    condition("LANG-40", "not in IpAddress", "IpAddress", "${aws:PrincipalTag/ip}", {"aws:SourceIp": "192.0.2.1", "aws:PrincipalTag/ip": "192.0.2.1"}, IMPLICIT, key="aws:SourceIp"),
    condition("LANG-40", "not in Date", "DateEquals", "${aws:PrincipalTag/d}", {"aws:CurrentTime": "2026-01-02T00:00:00Z", "aws:PrincipalTag/d": "2026-01-02T00:00:00Z"}, IMPLICIT, key="aws:CurrentTime"),
    condition("LANG-40", "not in Null", "Null", "${aws:PrincipalTag/n}", {"aws:PrincipalTag/n": "true"}, IMPLICIT, key="aws:TokenIssueTime"),
    case("LANG-40", "not in an action", context={"aws:PrincipalTag/a": "GetObject"}, identity=[allow("s3:${aws:PrincipalTag/a}")], expect=IMPLICIT),
    case("LANG-40", "not in a principal", context={"aws:username": "ann"}, resource_policy=allow(to={"AWS": "arn:aws:iam::111111111111:user/${aws:username}"}), expect=IMPLICIT),
    case("LANG-40", "not in an ARN's account", action="iam:GetUser", resource=USER, context={"aws:PrincipalAccount": A}, identity=[allow("iam:*", "arn:aws:iam::${aws:PrincipalAccount}:user/ann")], expect=IMPLICIT),
]

FORMS = [
    resource("LANG-41", "key names ignore case", "b/${AWS:UserName}/*", "b/ann/x", {"aws:username": "ann"}, ALLOW),
    resource("LANG-41", "tag keys", "b/${aws:PrincipalTag/team}/*", "b/red/x", {TEAM: "red"}, ALLOW),
    resource("LANG-41", "tag keys ignore case", "b/${aws:principaltag/TEAM}/*", "b/red/x", {TEAM: "red"}, ALLOW),
    resource("LANG-41", "a tag's value keeps its case", "b/${aws:PrincipalTag/team}/*", "b/red/x", {TEAM: "Red"}, IMPLICIT),
    resource("LANG-41", "multivalued keys count as missing", "b/${aws:TagKeys}/*", "b/red/x", {"aws:TagKeys": ["red", "blue"]}, IMPLICIT),
    condition("LANG-41", "multivalued keys count as missing in conditions", "StringEquals", "${aws:TagKeys}", owner("red", TagKeys=["red", "blue"]), IMPLICIT),
    resource("LANG-41", "without braces it is text", "b/$aws:username/*", "b/$aws:username/x", {"aws:username": "ann"}, ALLOW),
    resource("LANG-42", "the default is used when the key is missing", "b/${aws:PrincipalTag/team, 'all'}/*", "b/all/x", {}, ALLOW),
    resource("LANG-42", "the default is not used when the key is present", "b/${aws:PrincipalTag/team, 'all'}/*", "b/all/x", {TEAM: "red"}, IMPLICIT),
    resource("LANG-42", "the key's value goes before the default", "b/${aws:PrincipalTag/team, 'all'}/*", "b/red/x", {TEAM: "red"}, ALLOW),
    condition("LANG-42", "default in a condition", "StringEquals", "${aws:username, 'nobody'}", owner("nobody"), ALLOW),
    condition("LANG-42", "default in a negated condition", "StringNotEquals", "${aws:username, 'nobody'}", owner("nobody"), IMPLICIT),
    case("LANG-42", "default in a Deny's NotResource", resource=S3 + "b/all/x", identity=[FULL_ACCESS, deny("s3:*", NotResource=S3 + "b/${aws:PrincipalTag/team, 'all'}/*")], expect=ALLOW),
    resource("LANG-43", "${*} is a star", "b/${*}/x", "b/*/x", {}, ALLOW),
    resource("LANG-43", "${*} is no wildcard", "b/${*}/x", "b/any/x", {}, IMPLICIT),
    resource("LANG-43", "${?} is a question mark", "b/${?}", "b/?", {}, ALLOW),
    resource("LANG-43", "${?} is no wildcard", "b/${?}", "b/a", {}, IMPLICIT),
    resource("LANG-43", "${$} is a dollar", "b/${$}5", "b/$5", {}, ALLOW),
    resource("LANG-43", "${$} makes no variable of what follows", "b/${$}{aws:username}", "b/${aws:username}", {"aws:username": "ann"}, ALLOW),
    resource("LANG-43", "a true wildcard beside it", "b/${*}-*", "b/*-1", {}, ALLOW),
    condition("LANG-43", "${*} in StringLike", "StringLike", "a${*}b", owner("a*b"), ALLOW),
    condition("LANG-43", "${*} in StringLike is no wildcard", "StringLike", "a${*}b", owner("axb"), IMPLICIT),
    condition("LANG-43", "${*} in StringEquals", "StringEquals", "a${*}b", owner("a*b"), ALLOW),
]

ON_RED = {"resource": S3 + "b/red/x"}
MISSING = [
    resource("LANG-44", "a resource with a missing key matches nothing", "b/${aws:username}/*", "b/ann/x", {}, IMPLICIT),
    resource("LANG-44", "... not even its own text", "b/${aws:username}/*", "b/${aws:username}/x", {}, IMPLICIT),
    resource("LANG-44", "... nor the empty string", "b/${aws:username}/*", "b//x", {}, IMPLICIT),
    case("LANG-44", "only that entry of the list", **ON_RED, identity=[allow("s3:*", [IN_TEAM, S3 + "b/red/*"])], expect=ALLOW),
    case("LANG-44", "a Deny's resource with a missing key denies nothing", **ON_RED, identity=[FULL_ACCESS, deny("s3:*", IN_TEAM)], expect=ALLOW),
    case("D-11", "Allow with NotResource and a missing key does not apply", **ON_RED, identity=[allow("s3:*", NotResource=IN_TEAM)], expect=IMPLICIT),
    case("D-11", "Deny with NotResource and a missing key applies", **ON_RED, identity=[FULL_ACCESS, deny("s3:*", NotResource=IN_TEAM)], expect=EXPLICIT),
    case("D-11", "with the key, the Deny's NotResource excludes", **ON_RED, context={TEAM: "red"}, identity=[FULL_ACCESS, deny("s3:*", NotResource=IN_TEAM)], expect=ALLOW),
    condition("LANG-45", "missing in StringEquals", "StringEquals", "${aws:username}", owner("ann"), IMPLICIT),
    condition("LANG-45", "missing in StringEquals, the text itself", "StringEquals", "${aws:username}", owner("${aws:username}"), IMPLICIT),
    condition("LANG-45", "missing in StringLike", "StringLike", "*${aws:username}*", owner("ann"), IMPLICIT),
    condition("LANG-45", "missing in StringNotEquals", "StringNotEquals", "${aws:username}", owner("ann"), ALLOW),
    condition("LANG-45", "missing in StringNotLike", "StringNotLike", "${aws:username}*", owner("ann"), ALLOW),
    condition("LANG-45", "missing in ArnNotLike", "ArnNotLike", "arn:aws:iam::111111111111:user/${aws:username}", {"aws:PrincipalArn": USER}, ALLOW, key="aws:PrincipalArn"),
    condition("LANG-45", "missing in one of two values, the other matches", "StringEquals", ["${aws:username}", "ann"], owner("ann"), ALLOW),
    condition("LANG-45", "missing in one of two negated values, the other matches", "StringNotEquals", ["${aws:username}", "ann"], owner("ann"), IMPLICIT),
    case("LANG-45", "a Deny with a missing key in StringNotEquals denies", context=owner("ann"), identity=[FULL_ACCESS, deny(when={"StringNotEquals": {"aws:PrincipalTag/owner": "${aws:username}"}})], expect=EXPLICIT),
    resource("LANG-46", "a star in the value is text", "b/${aws:PrincipalTag/team}/x", "b/any/x", {TEAM: "*"}, IMPLICIT),
    resource("LANG-46", "a star in the value equals a star", "b/${aws:PrincipalTag/team}/x", "b/*/x", {TEAM: "*"}, ALLOW),
    resource("LANG-46", "a ? in the value is text", "b/${aws:PrincipalTag/team}/x", "b/a/x", {TEAM: "?"}, IMPLICIT),
    resource("LANG-46", "${...} in the value is text", "b/${aws:PrincipalTag/team}/x", "b/ann/x", {TEAM: "${aws:username}", "aws:username": "ann"}, IMPLICIT),
    resource("LANG-46", "a slash in the value is a slash", "b/${aws:PrincipalTag/team}/x", "b/red/blue/x", {TEAM: "red/blue"}, ALLOW),
    condition("LANG-46", "a star in the value under StringLike", "StringLike", "${aws:username}", owner("anything", username="*"), IMPLICIT),
    resource("LANG-47", "an empty value is the empty string", "b/${aws:PrincipalTag/team}/x", "b//x", {TEAM: ""}, ALLOW),
    resource("D-12", "the default is not used for an empty value", "b/${aws:PrincipalTag/team, 'all'}/x", "b/all/x", {TEAM: ""}, IMPLICIT),
    resource("LANG-47", "an empty value beside a default is the empty string", "b/${aws:PrincipalTag/team, 'all'}/x", "b//x", {TEAM: ""}, ALLOW),
    condition("LANG-47", "an empty value in a condition", "StringEquals", "${aws:username}", owner("", username=""), ALLOW),
]
# fmt: on


@table(PLACES + FORMS + MISSING)
def test_language_variables(case):
    check(case)
