"""Chapter 2.5: malformed input is never guessed at."""

from .cases import (
    ALLOW,
    EXPLICIT,
    FULL_ACCESS,
    IMPLICIT,
    NOT_ALLOWED,
    OTHER_ROLE,
    ROLE,
    SESSION,
    UNDECIDED,
    USER,
    A,
    allow,
    case,
    check,
    deny,
    table,
)

# fmt: off
UNKNOWN_OPERATOR = {"StringMatches": {"aws:username": "ann"}}
FAULTS = {"unknown operator": {"when": UNKNOWN_OPERATOR}, "both Action and NotAction": {"NotAction": "iam:*", "Action": "*"}, "condition is no map": {"when": "aws:username = ann"}, "operator without a map": {"when": {"StringEquals": "ann"}}, "IfExists on Null": {"when": {"NullIfExists": {"aws:username": "true"}}}}

STATEMENTS = [
    *(case("LANG-50", f"Allow grants nothing: {fault}", identity=[allow(**elements)], expect=IMPLICIT) for fault, elements in FAULTS.items()),
    *(case("LANG-50", f"another Allow still grants: {fault}", identity=[allow(**elements), FULL_ACCESS], expect=ALLOW) for fault, elements in FAULTS.items()),
    *(case("LANG-50", f"Deny possibly matches: {fault}", identity=[FULL_ACCESS, deny(**elements)], expect=UNDECIDED) for fault, elements in FAULTS.items()),
    *(case("LANG-50", f"another Deny still decides: {fault}", identity=[FULL_ACCESS, deny(**elements), deny("s3:*")], expect=EXPLICIT) for fault, elements in FAULTS.items()),
    case("LANG-50", "no Effect grants nothing", identity=[{"Action": "*", "Resource": "*"}], expect=NOT_ALLOWED),
    case("LANG-50", "no Effect beside an Allow that does the work", identity=[FULL_ACCESS, {"Action": "ec2:*", "Resource": "*", "Effect": "Deny"}], expect=ALLOW),
    case("LANG-50", "malformed Deny in a boundary", identity=[FULL_ACCESS], boundary=[FULL_ACCESS, deny(when=UNKNOWN_OPERATOR)], expect=UNDECIDED),
    case("LANG-50", "malformed Deny in a session policy", principal=SESSION, identity=[FULL_ACCESS], session=[FULL_ACCESS, deny(when=UNKNOWN_OPERATOR)], expect=UNDECIDED),
    case("LANG-50", "malformed Deny in the bucket policy", identity=[FULL_ACCESS], resource_policy=deny(to="*", when=UNKNOWN_OPERATOR), expect=UNDECIDED),
    case("LANG-50", "malformed Deny in an SCP", identity=[FULL_ACCESS], scp=[[FULL_ACCESS, deny(when=UNKNOWN_OPERATOR)]], expect=UNDECIDED),
    case("LANG-50", "malformed Deny in an RCP", identity=[FULL_ACCESS], rcp=[[deny("s3:*", to="*", when=UNKNOWN_OPERATOR)]], expect=UNDECIDED),
    case("LANG-50", "malformed Allow in the only SCP level", identity=[FULL_ACCESS], scp=[[allow(when=UNKNOWN_OPERATOR)]], expect=IMPLICIT),
    case("LANG-50", "malformed Allow in the boundary", identity=[FULL_ACCESS], boundary=allow(when=UNKNOWN_OPERATOR), expect=IMPLICIT),
    case("LANG-50", "malformed Allow in the bucket policy", resource_policy=allow(to={"AWS": USER}, when=UNKNOWN_OPERATOR), expect=IMPLICIT),
    case("LANG-50", "malformed Deny in a policy that is not consulted", principal=f"arn:aws:iam::{A}:root", identity=[], endpoint=deny(to="*", when=UNKNOWN_OPERATOR), expect=ALLOW),
    case("LANG-51", "unknown operator in an Allow", context={"aws:username": "ann"}, identity=[allow(when={"StringContains": {"aws:username": "a"}})], expect=IMPLICIT),
    case("LANG-51", "unknown operator in a Deny", context={"aws:username": "ann"}, identity=[FULL_ACCESS, deny(when={"StringContains": {"aws:username": "a"}})], expect=UNDECIDED),
    case("LANG-51", "unknown set operator in an Allow", context={"aws:TagKeys": ["a"]}, identity=[allow(when={"ForSomeValues:StringEquals": {"aws:TagKeys": "a"}})], expect=IMPLICIT),
    case("LANG-51", "unknown operator beside a known one in an Allow", context={"aws:username": "ann"}, identity=[allow(when={"StringEquals": {"aws:username": "ann"}, "StringContains": {"aws:username": "a"}})], expect=IMPLICIT),
    case("LANG-51", "unknown set operator in a Deny", context={"aws:TagKeys": ["a"]}, identity=[FULL_ACCESS, deny(when={"ForSomeValues:StringEquals": {"aws:TagKeys": "a"}})], expect=UNDECIDED),
    case("LANG-52", "an unknown key is missing: positive operator", identity=[allow(when={"StringEquals": {"aws:PrincipleOrgId": "o-1"}})], expect=IMPLICIT),
    case("LANG-52", "an unknown key is missing: negated operator", identity=[allow(when={"StringNotEquals": {"aws:PrincipleOrgId": "o-1"}})], expect=ALLOW),
    case("LANG-52", "a mistyped key in a Deny denies everyone", context={"aws:PrincipalOrgID": "o-1"}, identity=[FULL_ACCESS, deny(when={"StringNotEquals": {"aws:PrincipleOrgId": "o-1"}})], expect=EXPLICIT),
    case("LANG-52", "an unknown key that the context holds is compared", context={"my:Key": "x"}, identity=[allow(when={"StringEquals": {"my:Key": "x"}})], expect=ALLOW),
]


def partial(principal, **more):
    title = f"{principal.split(':', 4)[-1]}{' denied' if more.get('denied') else ''}"
    if more.get("denied"):
        return case("LANG-53", title, principal=ROLE, identity=[FULL_ACCESS], resource_policy=deny(to={"AWS": principal}), expect=ALLOW)
    return case("LANG-53", title, principal=more.get("caller", ROLE), resource_policy=allow(to={"AWS": principal}), expect=IMPLICIT)


PARTIAL_PRINCIPALS = [
    partial(f"arn:aws:iam::{A}:role/*"),
    partial(f"arn:aws:iam::{A}:role/ap?"),
    partial(f"arn:aws:iam::{A}:*"),
    partial("arn:aws:iam::*:role/app"),
    partial("arn:aws:iam::*:root"),
    partial("1111*"),
    partial(f"arn:aws:sts::{A}:assumed-role/app/*", caller=SESSION),
    partial(f"arn:aws:sts::{A}:assumed-role/*", caller=SESSION),
    partial(f"arn:aws:iam::{A}:user/*", caller=USER),
    partial(f"arn:aws:iam::{A}:role/*", denied=True),
    partial(f"arn:aws:sts::{A}:assumed-role/app/*", denied=True),
    case("LANG-53", "beside a whole one", principal=ROLE, resource_policy=allow(to={"AWS": [f"arn:aws:iam::{A}:role/*", ROLE]}), expect=ALLOW),
    case("LANG-53", "in NotPrincipal it spares nobody", principal=ROLE, identity=[FULL_ACCESS], resource_policy=deny(NotPrincipal={"AWS": f"arn:aws:iam::{A}:role/*"}), expect=EXPLICIT),
    case("LANG-53", "a service with a wildcard", principal="logs.amazonaws.com", resource_policy=allow(to={"Service": "*.amazonaws.com"}), expect=IMPLICIT),
    case("LANG-53", "other role named whole", principal=ROLE, resource_policy=allow(to={"AWS": OTHER_ROLE}), expect=IMPLICIT),
]
# fmt: on


@table(STATEMENTS + PARTIAL_PRINCIPALS)
def test_language_malformed(case):
    check(case)
