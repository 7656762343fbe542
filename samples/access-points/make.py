"""Writes this sample, the same bytes each time: `python -m samples.access-points.make [FOLDER]`.

FOLDER is where to write; without it, beside this script. README.md tells what the sample shows.
"""

from __future__ import annotations

from pathfinder.aws.arn import AccountId
from pathfinder.model.access_points import (
    AccessGrant,
    AccessGrantsInstance,
    AccessGrantsLocation,
    MemberBucket,
    MultiRegionAccessPoint,
)
from pathfinder.model.identity import InstanceProfile, Role
from pathfinder.model.organization import Account, Member, Organization, OrganizationUnit, Snapshot
from pathfinder.model.resources import (
    AccessPoint,
    Acl,
    AclGrant,
    Bucket,
    Instance,
    ObjectOwnership,
    PublicAccessBlock,
)
from pathfinder.policy.document import Policy, PolicyKind
from samples.writing import arn, folder_given, policy, write_beside

MANAGEMENT = AccountId("111111111111")
DATA = AccountId("222222222222")
ANALYTICS = AccountId("333333333333")
NAMES = {MANAGEMENT: "management", DATA: "data", ANALYTICS: "analytics"}
CANONICAL = {DATA: "d" * 64, ANALYTICS: "a" * 64, MANAGEMENT: "e" * 64}

REGION, OTHER_REGION = "eu-central-1", "us-east-1"
VPC = "vpc-0ddd1111eee2222ff"
LAKE, REPLICA = "lake", "lake-replica"
REPORTS = f"arn:aws:s3:{REGION}:{DATA}:accesspoint/reports"
INGEST = f"arn:aws:s3:{REGION}:{DATA}:accesspoint/ingest"
COPY = f"arn:aws:s3:{REGION}:{ANALYTICS}:accesspoint/lake-copy"
ANYWHERE = f"arn:aws:s3::{DATA}:accesspoint/lake-anywhere.mrap"
GRANTS = f"arn:aws:s3:{REGION}:{DATA}:access-grants/default"
LOCATION_ROLE = f"arn:aws:iam::{DATA}:role/LakeLocation"
ANALYST = f"arn:aws:iam::{ANALYTICS}:role/Analyst"
REPORTER = f"arn:aws:iam::{ANALYTICS}:role/Reporter"
LOADER = f"arn:aws:iam::{DATA}:role/Loader"
INSTANCE = f"arn:aws:ec2:{REGION}:{ANALYTICS}:instance/i-0abc1234def567890"
PROFILE = f"arn:aws:iam::{ANALYTICS}:instance-profile/Reporter"

CLOSED = PublicAccessBlock(True, True, True, True)
EVERYTHING_KNOWN = frozenset(
    {
        *("iam", "buckets", "access_keys", "instances", "endpoints", "keys", "functions"),
        *("access_points", "multi_region_access_points", "object_lambda_access_points", "access_grants"),
        "public_access_block",
    }
)

Json = dict[str, object]


def snapshot() -> Snapshot:
    """The whole sample."""
    return Snapshot(
        accounts=(account(MANAGEMENT), data(), analytics()),
        organizations=(
            Organization(
                "o-d4t4l4k3",
                MANAGEMENT,
                (OrganizationUnit("r-dl01", "Root", None, (full(PolicyKind.SCP, "r-dl01"),), ()),),
                tuple(
                    Member(each, "r-dl01", (full(PolicyKind.SCP, each),), ())
                    for each in (MANAGEMENT, DATA, ANALYTICS)
                ),
            ),
        ),
    )


def data() -> Account:
    """The account of the lake."""
    loader = Role(
        arn(LOADER),
        "AROALOADEREXAMPLE",
        trust(LOADER, {"Service": "ec2.amazonaws.com"}),
        (
            policy(
                PolicyKind.IDENTITY,
                "load",
                LOADER,
                allow("s3:PutObject", f"{INGEST}/object/raw/*"),
                allow("s3:GetObject", f"{ANYWHERE}/object/*"),
            ),
        ),
    )
    location = Role(
        arn(LOCATION_ROLE),
        "AROALOCATIONEXAMPLE",
        policy(
            PolicyKind.TRUST,
            "trust policy",
            LOCATION_ROLE,
            {
                "Effect": "Allow",
                "Principal": {"Service": "access-grants.s3.amazonaws.com"},
                "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"],
                "Condition": {"StringEquals": {"aws:SourceAccount": DATA, "aws:SourceArn": GRANTS}},
            },
        ),
        (
            policy(
                PolicyKind.IDENTITY,
                "lake",
                LOCATION_ROLE,
                allow(["s3:GetObject", "s3:PutObject"], f"arn:aws:s3:::{LAKE}/*"),
                allow("s3:ListBucket", f"arn:aws:s3:::{LAKE}"),
            ),
        ),
    )
    grants = AccessGrantsInstance(
        arn(GRANTS),
        policy(
            PolicyKind.RESOURCE,
            "Access Grants instance policy",
            GRANTS,
            allow("s3:GetDataAccess", GRANTS, principal={"AWS": ANALYTICS}),
        ),
        (AccessGrantsLocation("lake", arn(f"{GRANTS}/location/lake"), f"s3://{LAKE}/*", arn(LOCATION_ROLE)),),
        (
            AccessGrant(
                "analysis",
                arn(f"{GRANTS}/grant/analysis"),
                "IAM",
                ANALYST,
                "READ",
                f"s3://{LAKE}/analysis/*",
                "lake",
            ),
        ),
    )
    return account(
        DATA,
        roles=(loader, location),
        access_grants_instances=(grants,),
        buckets=(bucket(LAKE, delegation(LAKE, DATA)), bucket(REPLICA)),
        access_points=(
            point(
                REPORTS,
                allow("s3:GetObject", f"{REPORTS}/object/reports/*", principal={"AWS": REPORTER}),
                allow("s3:ListBucket", REPORTS, principal={"AWS": REPORTER}),
            ),
            point(INGEST, vpc=VPC),
        ),
        multi_region_access_points=(
            MultiRegionAccessPoint(
                arn(ANYWHERE),
                "lake-anywhere",
                (MemberBucket(LAKE, DATA, REGION), MemberBucket(REPLICA, DATA, OTHER_REGION)),
                None,
                CLOSED,
                "READY",
            ),
        ),
    )


def analytics() -> Account:
    """The account that reads reports."""
    points = [REPORTS, f"{REPORTS}/object/*", COPY, f"{COPY}/object/*"]
    reporter = Role(
        arn(REPORTER),
        "AROAREPORTEREXAMPLE",
        trust(REPORTER, {"Service": "ec2.amazonaws.com"}),
        (
            policy(
                PolicyKind.IDENTITY,
                "read",
                REPORTER,
                allow(
                    ["s3:GetObject", "s3:ListBucket"],
                    [*points, f"arn:aws:s3:::{LAKE}", f"arn:aws:s3:::{LAKE}/*"],
                ),
            ),
        ),
    )
    analyst = Role(
        arn(ANALYST),
        "AROAANALYSTEXAMPLE",
        trust(ANALYST, {"Service": "ec2.amazonaws.com"}),
        (policy(PolicyKind.IDENTITY, "ask", ANALYST, allow("s3:GetDataAccess", GRANTS)),),
    )
    return account(
        ANALYTICS,
        roles=(reporter, analyst),
        instance_profiles=(InstanceProfile(arn(PROFILE), (arn(REPORTER),)),),
        instances=(Instance(arn(INSTANCE), arn(PROFILE), public=False, state="running", name="reports"),),
        access_points=(point(COPY, owner=DATA),),
    )


def delegation(name: str, account_id: str) -> Json:
    """The bucket leaves it to the access points of one account (S3-51)."""
    return {
        "Sid": "LeaveItToTheAccessPoints",
        **allow(
            "s3:*",
            [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
            principal="*",
            condition={"StringEquals": {"s3:DataAccessPointAccount": account_id}},
        ),
    }


def point(text: str, *statements: Json, vpc: str | None = None, owner: AccountId = DATA) -> AccessPoint:
    """An access point in front of the lake."""
    held = policy(PolicyKind.RESOURCE, "access point policy", text, *statements) if statements else None
    alias = f"{text.rsplit('/', 1)[-1]}-example-s3alias"
    return AccessPoint(arn(text), LAKE, owner, held, alias, vpc, CLOSED)


def bucket(name: str, *statements: Json) -> Bucket:
    """A bucket as they are made today: no ACLs, no public access."""
    own = f"arn:aws:s3:::{name}"
    owner = CANONICAL[DATA]
    return Bucket(
        arn=arn(own),
        account=DATA,
        policy=policy(PolicyKind.RESOURCE, "bucket policy", own, *statements) if statements else None,
        region=OTHER_REGION if name == REPLICA else REGION,
        public_access_block=CLOSED,
        ownership=ObjectOwnership.BUCKET_OWNER_ENFORCED,
        acl=Acl(owner, (AclGrant(owner, "FULL_CONTROL"),)),
        encryption="AES256",
        abac=False,
        versioned=True,
        requester_pays=False,
    )


def account(identifier: AccountId, **parts: object) -> Account:
    """An account of which everything is known."""
    return Account(
        id=identifier,
        name=NAMES[identifier],
        canonical_id=CANONICAL[identifier],
        public_access_block=CLOSED,
        known=EVERYTHING_KNOWN,
        **parts,  # type: ignore[arg-type]
    )


def trust(role: str, principal: object) -> Policy:
    """A trust policy."""
    return policy(
        PolicyKind.TRUST,
        "trust policy",
        role,
        {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"},
    )


def full(kind: PolicyKind, target: str) -> Policy:
    """FullAWSAccess."""
    name = "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"
    return policy(kind, name, target, allow("*", "*"))


def allow(action: object, resource: object, principal: object = None, condition: object = None) -> Json:
    """An Allow statement."""
    found: Json = {"Effect": "Allow"}
    if principal is not None:
        found["Principal"] = principal
    found |= {"Action": action, "Resource": resource}
    if condition is not None:
        found["Condition"] = condition
    return found


if __name__ == "__main__":
    write_beside(snapshot(), folder_given(__file__))
