"""Writes this sample, the same bytes each time: `python -m samples.findings.make [FOLDER]`.

One mistake for each rule of `pathfinder findings`, in things whose names begin with `bad-`, and beside most of
them the same done well, in things whose names begin with `good-`. README.md shows what is found.
"""

from __future__ import annotations

from pathfinder.aws.arn import AccountId
from pathfinder.model.identity import AccessKey, IdentityProvider, Role, User
from pathfinder.model.organization import Account, Member, Organization, OrganizationUnit, Snapshot
from pathfinder.model.resources import Acl, AclGrant, Bucket, ObjectOwnership, PublicAccessBlock
from pathfinder.policy.document import Policy, PolicyKind
from pathfinder.policy.parse import parse_document
from samples.writing import arn, folder_given, write_beside

MANAGEMENT = AccountId("110011001100")
SHOP = AccountId("220022002200")
VAULT = AccountId("330033003300")
VENDOR = "444455556666"
"""Outside the organization; the snapshot knows nothing else of it."""

ORGANIZATION = "o-findings01"
ROOT = "r-fi01"
GITHUB = "token.actions.githubusercontent.com"
OPEN = PublicAccessBlock()
SHUT = PublicAccessBlock(True, True, True, True)
EVERYTHING_KNOWN = frozenset(
    {
        "iam",
        "buckets",
        "access_keys",
        "instances",
        "endpoints",
        "keys",
        "access_points",
        "functions",
        "public_access_block",
    }
)

Json = dict[str, object]


def policy(kind: PolicyKind, name: str, attached_to: str, *statements: Json) -> Policy:
    document = parse_document({"Version": "2012-10-17", "Statement": list(statements)}, lenient=True)
    return Policy(kind, name, attached_to, document)


def statement(effect: str, action: object, resource: object = None, **more: object) -> Json:
    """A statement; further elements by their names in lower case."""
    names = {
        "principal": "Principal",
        "not_principal": "NotPrincipal",
        "condition": "Condition",
        "sid": "Sid",
    }
    found: Json = {"Sid": more.pop("sid")} if "sid" in more else {}
    found |= {"Effect": effect, "Action": action}
    if resource is not None:
        found["Resource"] = resource
    return found | {names[key]: value for key, value in more.items()}


def objects(name: str) -> str:
    return f"arn:aws:s3:::{name}/*"


def bucket(name: str, *statements: Json, account: AccountId = SHOP, **more: object) -> Bucket:
    own = f"arn:aws:s3:::{name}"
    owner = (account * 6)[:64]
    more.setdefault("ownership", ObjectOwnership.BUCKET_OWNER_ENFORCED)
    return Bucket(
        arn(own),
        account,
        policy(PolicyKind.RESOURCE, "bucket policy", own, *statements) if statements else None,
        region="eu-central-1",
        public_access_block=more.pop("access", OPEN if name.startswith("bad-") else SHUT),  # type: ignore[arg-type]
        encryption="AES256",
        versioned=True,
        requester_pays=False,
        abac=False,
        acl=Acl(owner, (AclGrant(owner, "FULL_CONTROL"),)),
        **more,  # type: ignore[arg-type]
    )


def to_everyone(name: str, action: object = "s3:GetObject", **more: object) -> Json:
    return statement("Allow", action, objects(name), principal="*", **more)


def role(
    name: str, trust: Json, *statements: Json, boundary: Json | None = None, account: AccountId = SHOP
) -> Role:
    own = f"arn:aws:iam::{account}:role/{name}"
    return Role(
        arn(own),
        "AROA" + (name.replace("-", "") * 3).upper()[:17],
        policy(PolicyKind.TRUST, "trust policy", own, trust),
        (policy(PolicyKind.IDENTITY, "work", own, *statements),) if statements else (),
        policy(PolicyKind.BOUNDARY, f"arn:aws:iam::{SHOP}:policy/limits", own, boundary)
        if boundary
        else None,
        max_session_seconds=3600,
    )


def user(name: str, *statements: Json, keys: tuple[AccessKey, ...] = ()) -> User:
    own = f"arn:aws:iam::{SHOP}:user/{name}"
    return User(
        arn(own),
        "AIDA" + (name.replace("-", "") * 3).upper()[:17],
        (policy(PolicyKind.IDENTITY, "work", own, *statements),) if statements else (),
        access_keys=keys,
        has_password=False,
        has_mfa=False,
    )


def assume(principal: Json | str, **condition: object) -> Json:
    more = {"condition": condition} if condition else {}
    return statement("Allow", "sts:AssumeRole", principal=principal, **more)


def from_github(subject: str) -> Json:
    return statement(
        "Allow",
        "sts:AssumeRoleWithWebIdentity",
        principal={"Federated": f"arn:aws:iam::{SHOP}:oidc-provider/{GITHUB}"},
        condition={
            "StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"},
            "StringLike": {f"{GITHUB}:sub": subject},
        },
    )


READS_ORDERS = statement("Allow", "s3:GetObject", objects("good-orders"))
EC2: Json = {"Service": "ec2.amazonaws.com"}
RUNNER = f"arn:aws:iam::{SHOP}:role/good-runner"


def buckets() -> tuple[Bucket, ...]:
    """Bad ones, and good ones beside them."""
    office = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
    ours = {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}}
    trail = {"Service": "cloudtrail.amazonaws.com"}
    vendor = {"AWS": f"arn:aws:iam::{VENDOR}:root"}
    found = (
        bucket("bad-public-read", to_everyone("bad-public-read", sid="World")),
        bucket("bad-public-write", to_everyone("bad-public-write", "s3:PutObject", sid="DropBox")),
        bucket(
            "bad-public-list",
            statement("Allow", "s3:ListBucket", "arn:aws:s3:::bad-public-list", principal="*", sid="Index"),
        ),
        bucket("bad-office-only", to_everyone("bad-office-only", condition=office, sid="Office")),
        bucket("good-organization", to_everyone("good-organization", condition=ours, sid="Us")),
        bucket(
            "bad-referer",
            to_everyone(
                "bad-referer",
                condition={"StringLike": {"aws:Referer": "https://shop.example/*"}},
                sid="OurSite",
            ),
        ),
        bucket(
            "bad-any-account",
            to_everyone("bad-any-account", condition={"Null": {"aws:PrincipalArn": "false"}}, sid="SignedIn"),
        ),
        bucket(
            "bad-trail",
            statement("Allow", "s3:PutObject", objects("bad-trail"), principal=trail, sid="Trail"),
        ),
        bucket(
            "good-trail",
            statement(
                "Allow",
                "s3:PutObject",
                objects("good-trail"),
                principal=trail,
                condition={"StringEquals": {"aws:SourceAccount": SHOP}},
                sid="Trail",
            ),
        ),
        bucket(
            "bad-gone",
            statement(
                "Allow",
                "s3:GetObject",
                objects("bad-gone"),
                principal={"AWS": "AROAEXAMPLEGONE12345"},
                sid="Old",
            ),
        ),
        bucket(
            "bad-notprincipal-allow",
            statement(
                "Allow",
                "s3:GetObject",
                objects("bad-notprincipal-allow"),
                not_principal={"AWS": VENDOR},
                sid="NotThem",
            ),
            access=SHUT,
        ),
        bucket(
            "bad-notprincipal-deny",
            statement(
                "Deny",
                "s3:*",
                objects("bad-notprincipal-deny"),
                not_principal={"AWS": RUNNER},
                sid="OnlyRunner",
            ),
        ),
        bucket(
            "good-only-runner",
            statement(
                "Deny",
                "s3:*",
                objects("good-only-runner"),
                principal="*",
                condition={"ArnNotEquals": {"aws:PrincipalArn": RUNNER}},
                sid="OnlyRunner",
            ),
        ),
        bucket(
            "bad-dead-deny",
            statement(
                "Deny",
                "s3:*",
                objects("bad-dead-deny"),
                principal="*",
                condition={
                    "ArnLike": {"aws:PrincipalArn": f"arn:aws:sts::{SHOP}:assumed-role/good-runner/*"}
                },
                sid="KeepRunnerOut",
            ),
            statement(
                "Deny",
                ["s3:ListBucket", "s3:GetObject"],
                objects("bad-dead-deny"),
                principal="*",
                sid="NobodyLists",
            ),
            statement(
                "Deny",
                "s3:DeleteObject",
                objects("bad-dead-deny"),
                principal="*",
                condition={"StringEquals": {"aws:SourcVpce": "vpce-0aaa1111bbb2222cc"}},
                sid="NotFromThere",
            ),
            statement(
                "Deny",
                "s3:PutObject",
                objects("bad-dead-deny"),
                principal="*",
                condition={"StringEquals": {"aws:PrincipalArn": f"arn:aws:iam::{SHOP}:role/*"}},
                sid="NoRoles",
            ),
        ),
        bucket(
            "good-deny",
            statement(
                "Deny",
                "s3:*",
                ["arn:aws:s3:::good-deny", objects("good-deny")],
                principal="*",
                condition={"Bool": {"aws:SecureTransport": "false"}},
                sid="OnlyTls",
            ),
        ),
        bucket(
            "bad-forallvalues",
            to_everyone(
                "bad-forallvalues",
                condition={"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": f"{ORGANIZATION}/*"}},
                sid="OurUnits",
            ),
            access=SHUT,
        ),
        bucket(
            "good-forallvalues",
            to_everyone(
                "good-forallvalues",
                condition={
                    "ForAllValues:StringLike": {"aws:PrincipalOrgPaths": f"{ORGANIZATION}/*"},
                    "Null": {"aws:PrincipalOrgPaths": "false"},
                },
                sid="OurUnits",
            ),
        ),
        bucket(
            "bad-always",
            statement(
                "Allow",
                "s3:GetObject",
                objects("bad-always"),
                principal={"AWS": SHOP},
                condition={"StringNotEquals": {"aws:PrincipalArn": f"arn:aws:iam::{SHOP}:user/*"}},
                sid="NoUsers",
            ),
        ),
        bucket(
            "bad-inbox",
            statement("Allow", "s3:PutObject", objects("bad-inbox"), principal=vendor, sid="VendorDelivers"),
            ownership=ObjectOwnership.OBJECT_WRITER,
            access=SHUT,
        ),
        bucket(
            "bad-malformed",
            statement(
                "Deny",
                "s3:GetObject",
                objects("bad-malformed"),
                principal="*",
                condition={"StringIs": {"aws:PrincipalAccount": VENDOR}},
                sid="NotTheVendor",
            ),
        ),
        bucket("good-orders"),
        bucket("good-logs"),
        bucket("good-logs-archive"),
    )
    return tuple(sorted(found, key=lambda each: each.name))


def roles() -> tuple[Role, ...]:
    """Who may become whom, badly and well."""
    found = (
        role("bad-github", from_github("repo:shop*:*"), READS_ORDERS),
        role("good-github", from_github("repo:shop/*"), READS_ORDERS),
        role("bad-anybody", assume({"AWS": "*"}), READS_ORDERS),
        role(
            "good-members",
            assume({"AWS": "*"}, StringEquals={"aws:PrincipalOrgID": ORGANIZATION}),
            READS_ORDERS,
        ),
        role("bad-whole-account", assume({"AWS": f"arn:aws:iam::{SHOP}:root"}), READS_ORDERS),
        role("bad-glue", assume({"Service": "glue.amazonaws.com"})),
        role(
            "good-glue", assume({"Service": "glue.amazonaws.com"}, StringEquals={"aws:SourceAccount": SHOP})
        ),
        role(
            "good-runner",
            assume(EC2),
            statement("Allow", "s3:GetObject", objects("good-only-runner")),
            boundary=statement("Allow", "s3:*", "*"),
        ),
        role(
            "bad-not-action",
            assume(EC2),
            {"Effect": "Allow", "NotAction": "iam:*", "Resource": objects("good-logs")},
        ),
        role(
            "bad-not-resource",
            assume(EC2),
            {"Effect": "Allow", "Action": "s3:GetObject", "NotResource": objects("good-logs")},
        ),
        role("bad-wildcard", assume(EC2), statement("Allow", "s3:GetObject", "arn:aws:s3:::good-logs*")),
        role("good-reader", assume(EC2), statement("Allow", "s3:GetObject", objects("good-logs"))),
        role(
            "bad-courier",
            assume(EC2),
            statement("Allow", "s3:GetObject", objects("good-logs")),
            statement("Allow", "s3:PutObject", "*"),
        ),
        role(
            "good-courier",
            assume(EC2),
            statement("Allow", "s3:GetObject", objects("good-logs")),
            statement(
                "Allow",
                "s3:PutObject",
                "*",
                condition={"StringEquals": {"aws:ResourceOrgID": ORGANIZATION}},
            ),
        ),
        role(
            "bad-dead-allow",
            assume(EC2),
            statement("Allow", "s3:GetObject", "arn:aws:s3:::good-orders/${aws:username}/*", sid="OwnFolder"),
        ),
    )
    return tuple(sorted(found, key=lambda each: str(each.arn)))


def users() -> tuple[User, ...]:
    """Two robots with keys, and people who may assume what lets them."""
    people = statement("Allow", "sts:AssumeRole", f"arn:aws:iam::{SHOP}:role/bad-whole-account")
    old = AccessKey("AKIAIOSFODNN7EXAMPLE", True, "2023-02-01T08:00:00+00:00", "2026-05-30T06:00:00+00:00")
    new = AccessKey("AKIAI44QH8DHBEXAMPLE", True, "2026-05-04T08:00:00+00:00", "2026-06-01T06:00:00+00:00")
    found = (
        user("bad-robot", READS_ORDERS, keys=(old,)),
        user("good-robot", READS_ORDERS, keys=(new,)),
        *(user(f"clerk-{number}", people) for number in range(1, 6)),
    )
    return tuple(sorted(found, key=lambda each: str(each.arn)))


def organization() -> Organization:
    """A perimeter around the vault, and full access elsewhere."""
    perimeter = policy(
        PolicyKind.RCP,
        f"arn:aws:organizations::{MANAGEMENT}:policy/{ORGANIZATION}/resource_control_policy/p-peri0001",
        VAULT,
        {
            "Sid": "OnlyOurOrganizationAndAwsServices",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": "*",
            "Condition": {
                "StringNotEqualsIfExists": {"aws:PrincipalOrgID": ORGANIZATION},
                "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
            },
        },
    )

    def full(attached_to: str) -> Policy:
        name = "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"
        return policy(PolicyKind.SCP, name, attached_to, {"Effect": "Allow", "Action": "*", "Resource": "*"})

    return Organization(
        ORGANIZATION,
        MANAGEMENT,
        units=(OrganizationUnit(ROOT, "Root", None, (full(ROOT),), ()),),
        members=(
            Member(MANAGEMENT, ROOT, (full(MANAGEMENT),), ()),
            Member(SHOP, ROOT, (full(SHOP),), ()),
            Member(VAULT, ROOT, (full(VAULT),), (perimeter,)),
        ),
        scps_enabled=True,
        rcps_enabled=True,
    )


def vault() -> Account:
    """The account behind the perimeter: a grant to the vendor that it denies, roles that the vendor assumes."""
    name = "bad-vault"
    grant = statement(
        "Allow",
        "s3:GetObject",
        objects(name),
        principal={"AWS": f"arn:aws:iam::{VENDOR}:root"},
        sid="VendorReads",
    )
    vendor: Json = {"AWS": f"arn:aws:iam::{VENDOR}:root"}
    reads = statement("Allow", "s3:GetObject", objects("vault-reports"))
    roles = (
        role("bad-vendor", assume(vendor), reads, account=VAULT),
        role("good-vendor", assume(vendor, StringEquals={"sts:ExternalId": "shop-7f3a"}), account=VAULT),
    )
    buckets = (bucket(name, grant, account=VAULT, access=SHUT), bucket("vault-reports", account=VAULT))
    return Account(
        VAULT,
        name="vault",
        roles=roles,
        buckets=buckets,
        public_access_block=SHUT,
        known=EVERYTHING_KNOWN,
    )


def snapshot() -> Snapshot:
    """The sample."""
    issuer = IdentityProvider(
        arn(f"arn:aws:iam::{SHOP}:oidc-provider/{GITHUB}"), GITHUB, ("sts.amazonaws.com",)
    )
    shop = Account(
        SHOP,
        name="shop",
        users=users(),
        roles=roles(),
        providers=(issuer,),
        buckets=buckets(),
        known=EVERYTHING_KNOWN,
    )
    management = Account(MANAGEMENT, name="management", known=EVERYTHING_KNOWN)
    return Snapshot((management, shop, vault()), (organization(),))


if __name__ == "__main__":
    write_beside(snapshot(), folder_given(__file__))
