"""Writes this sample and its variants, the same bytes each time: `python -m samples.ec2-to-s3.make [FOLDER]`.

FOLDER is where to write; without it, beside this script. README.md tells what the sample shows.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from pathfinder.aws.arn import AccountId
from pathfinder.model.identity import AccessKey, InstanceProfile, Role, User
from pathfinder.model.organization import Account, Member, Organization, OrganizationUnit, Snapshot
from pathfinder.model.resources import (
    Acl,
    AclGrant,
    Bucket,
    Instance,
    ObjectOwnership,
    PublicAccessBlock,
    VpcEndpoint,
)
from pathfinder.policy.document import Policy, PolicyKind
from samples.writing import arn, folder_given, policy, write_beside

MANAGEMENT = AccountId("111111111111")
APP = AccountId("123456789012")
LOG = AccountId("999999999999")
OUTSIDE = AccountId("444455556666")
NAMES = {MANAGEMENT: "management", APP: "app", LOG: "log", OUTSIDE: "outside"}

ORGANIZATION = "o-a1b2c3d4e5"
ROOT = "r-ab12"
WORKLOADS = "ou-ab12-workload1"
SECURITY = "ou-ab12-security1"
REGION = "eu-central-1"
VPC = "vpc-0aaa1111bbb2222cc"
ENDPOINT = "vpce-0aaa3333bbb4444cc"

EC2_ROLE = f"arn:aws:iam::{APP}:role/EC2Role"
EC2_PROFILE = f"arn:aws:iam::{APP}:instance-profile/EC2Profile"
INSTANCE = f"arn:aws:ec2:{REGION}:{APP}:instance/i-0abc1234def567890"
S3_ACCESS_ROLE = f"arn:aws:iam::{LOG}:role/S3AccessRole"
LOG_WRITER = f"arn:aws:iam::{LOG}:user/log-writer"

BY_POLICY = "my-bucket"
BY_ROLE = "my-bucket-by-role"
BY_KEY = "my-bucket-by-key"
OUTSIDE_COPY = "my-bucket-by-role-copy"

READ_AND_WRITE = ["s3:GetObject", "s3:PutObject"]
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


@dataclass(frozen=True)
class Variant:
    """What is different from the sample itself."""

    app_scp: Policy | None = None
    log_scp: Policy | None = None
    log_rcp: Policy | None = None
    stranger: bool = False
    guards: bool = True
    only_through_endpoint: bool = False


def organization_policy(kind: PolicyKind, identifier: str, attached_to: str, statement: Json) -> Policy:
    folder = "service_control_policy" if kind is PolicyKind.SCP else "resource_control_policy"
    name = f"arn:aws:organizations::{MANAGEMENT}:policy/{ORGANIZATION}/{folder}/{identifier}"
    return policy(kind, name, attached_to, statement)


def full_access(attached_to: str) -> Policy:
    return policy(
        PolicyKind.SCP,
        "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess",
        attached_to,
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
    )


def full_access_of_resources(attached_to: str) -> Policy:
    return policy(
        PolicyKind.RCP,
        "arn:aws:organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess",
        attached_to,
        {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"},
    )


def organization(variant: Variant) -> Organization:
    """Guards that hold in every variant, and what the variant attaches to the two accounts."""
    stay = organization_policy(
        PolicyKind.SCP,
        "p-stay0001",
        ROOT,
        {
            "Sid": "StayInTheOrganization",
            "Effect": "Deny",
            "Action": "organizations:LeaveOrganization",
            "Resource": "*",
        },
    )
    keep_logs = organization_policy(
        PolicyKind.SCP,
        "p-logs0001",
        SECURITY,
        {
            "Sid": "NobodyDeletesLogs",
            "Effect": "Deny",
            "Action": [
                "s3:DeleteBucket",
                "s3:DeleteObject",
                "s3:DeleteObjectVersion",
                "s3:PutLifecycleConfiguration",
            ],
            "Resource": "*",
        },
    )
    perimeter = organization_policy(
        PolicyKind.RCP,
        "p-peri0001",
        ROOT,
        {
            "Sid": "OnlyOurOrganizationAndAwsServices",
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["s3:*", "sts:AssumeRole"],
            "Resource": "*",
            "Condition": {
                "StringNotEqualsIfExists": {"aws:PrincipalOrgID": ORGANIZATION},
                "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
            },
        },
    )

    def unit(identifier: str, name: str, parent: str | None, *guards: Policy) -> OrganizationUnit:
        return OrganizationUnit(
            identifier,
            name,
            parent,
            scps=by_name(full_access(identifier), *(g for g in guards if g.kind is PolicyKind.SCP)),
            rcps=by_name(
                full_access_of_resources(identifier), *(g for g in guards if g.kind is PolicyKind.RCP)
            ),
        )

    def member(account: AccountId, parent: str, scp: Policy | None, rcp: Policy | None) -> Member:
        return Member(
            account,
            parent,
            scps=by_name(full_access(account), *([scp] if scp else [])),
            rcps=by_name(full_access_of_resources(account), *([rcp] if rcp else [])),
        )

    return Organization(
        ORGANIZATION,
        MANAGEMENT,
        units=tuple(
            sorted(
                (
                    unit(ROOT, "Root", None, stay, perimeter),
                    unit(SECURITY, "Security", ROOT, keep_logs),
                    unit(WORKLOADS, "Workloads", ROOT),
                ),
                key=lambda each: each.id,
            )
        ),
        members=(
            member(MANAGEMENT, ROOT, None, None),
            member(APP, WORKLOADS, variant.app_scp, None),
            member(LOG, SECURITY, variant.log_scp, variant.log_rcp),
        ),
        scps_enabled=True,
        rcps_enabled=True,
    )


def by_name(*policies: Policy) -> tuple[Policy, ...]:
    return tuple(sorted(policies, key=lambda each: each.name))


def guard(variant: Variant, condition: dict[str, dict[str, str]]) -> Json:
    return {"Condition": condition} if variant.guards else {}


def app_account(variant: Variant) -> Account:
    """The instance, its role, and the gateway endpoint of its VPC."""
    role = Role(
        arn(EC2_ROLE),
        "AROAEXAMPLEEC2ROLE000",
        trust=policy(
            PolicyKind.TRUST,
            "trust policy",
            EC2_ROLE,
            {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
        ),
        policies=(
            policy(
                PolicyKind.IDENTITY,
                "use-logs",
                EC2_ROLE,
                {
                    "Sid": "Design1UseTheBucketDirectly",
                    "Effect": "Allow",
                    "Action": ["s3:GetObject", "s3:ListBucket", "s3:PutObject"],
                    "Resource": "arn:aws:s3:::my-bucket*",
                    **guard(variant, {"StringEquals": {"aws:ResourceAccount": LOG}}),
                },
                {
                    "Sid": "Design2AssumeTheRole",
                    "Effect": "Allow",
                    "Action": "sts:AssumeRole",
                    "Resource": S3_ACCESS_ROLE,
                },
            ),
        ),
    )
    senders: Json = {"aws:PrincipalOrgID": ORGANIZATION}
    if variant.only_through_endpoint:
        senders = {"aws:PrincipalAccount": APP}
    endpoint = VpcEndpoint(
        ENDPOINT,
        APP,
        "s3",
        gateway=True,
        vpc=VPC,
        region=REGION,
        policy=policy(
            PolicyKind.ENDPOINT,
            "VPC endpoint policy",
            ENDPOINT,
            {
                "Sid": "OurPrincipalsToTheLogBuckets",
                "Effect": "Allow",
                "Principal": "*",
                "Action": ["s3:GetObject", "s3:ListBucket", "s3:PutObject"],
                "Resource": "arn:aws:s3:::my-bucket*",
                "Condition": {"StringEquals": senders},
            },
        ),
        tags={"Name": "s3-gateway"},
    )
    return Account(
        APP,
        name=NAMES[APP],
        canonical_id=canonical_id(APP),
        roles=(role,),
        instance_profiles=(InstanceProfile(arn(EC2_PROFILE), (arn(EC2_ROLE),)),),
        endpoints=(endpoint,),
        instances=(
            Instance(
                arn(INSTANCE),
                arn(EC2_PROFILE),
                vpc=VPC,
                public=False,
                state="running",
                name="log-sender",
                tags={"Name": "log-sender"},
            ),
        ),
        public_access_block=PublicAccessBlock(True, True, True, True),
        known=EVERYTHING_KNOWN,
    )


def log_account(variant: Variant) -> Account:
    """The three buckets, the role of design 2, and the user of design 3."""
    role = Role(
        arn(S3_ACCESS_ROLE),
        "AROAEXAMPLES3ACCESS00",
        trust=policy(
            PolicyKind.TRUST,
            "trust policy",
            S3_ACCESS_ROLE,
            {"Effect": "Allow", "Principal": {"AWS": EC2_ROLE}, "Action": "sts:AssumeRole"},
        ),
        policies=(
            policy(
                PolicyKind.IDENTITY,
                "use-logs",
                S3_ACCESS_ROLE,
                {
                    "Sid": "Design2UseTheBucket",
                    "Effect": "Allow",
                    "Action": ["s3:GetObject", "s3:ListBucket", "s3:PutObject"],
                    "Resource": f"arn:aws:s3:::{BY_ROLE}*",
                    **guard(variant, {"StringEquals": {"aws:ResourceOrgID": ORGANIZATION}}),
                },
            ),
        ),
    )
    user = User(
        arn(LOG_WRITER),
        "AIDAEXAMPLELOGWRITER0",
        policies=(
            policy(
                PolicyKind.IDENTITY,
                "use-logs",
                LOG_WRITER,
                *read_write_list(BY_KEY, "Design3"),
            ),
        ),
        access_keys=(AccessKey("AKIAIOSFODNN7EXAMPLE", active=True, created="2026-01-15T08:00:00+00:00"),),
        has_password=False,
        has_mfa=False,
    )
    buckets = (
        bucket(
            BY_POLICY,
            LOG,
            *read_write_list(BY_POLICY, "Design1", {"AWS": EC2_ROLE}),
            *only_through_endpoint(variant, BY_POLICY),
        ),
        bucket(BY_KEY, LOG, *only_through_endpoint(variant, BY_KEY)),
        bucket(BY_ROLE, LOG, *only_through_endpoint(variant, BY_ROLE)),
    )
    return Account(
        LOG,
        name=NAMES[LOG],
        canonical_id=canonical_id(LOG),
        users=(user,),
        roles=(role,),
        buckets=buckets,
        public_access_block=PublicAccessBlock(True, True, True, True),
        known=EVERYTHING_KNOWN,
    )


def outside_account() -> Account:
    """Not in the organization. Its bucket invites both roles: the door that the guards keep shut."""
    return Account(
        OUTSIDE,
        name=NAMES[OUTSIDE],
        canonical_id=canonical_id(OUTSIDE),
        buckets=(
            bucket(
                OUTSIDE_COPY,
                OUTSIDE,
                *read_write_list(OUTSIDE_COPY, "Invite", {"AWS": [EC2_ROLE, S3_ACCESS_ROLE]}),
            ),
        ),
        public_access_block=PublicAccessBlock(True, True, True, True),
        known=EVERYTHING_KNOWN | {"organization"},
    )


def management_account() -> Account:
    return Account(
        MANAGEMENT,
        name=NAMES[MANAGEMENT],
        canonical_id=canonical_id(MANAGEMENT),
        public_access_block=PublicAccessBlock(True, True, True, True),
        known=EVERYTHING_KNOWN,
    )


def read_write_list(name: str, design: str, principal: object = None) -> tuple[Json, ...]:
    """Read and write objects, list keys; with `principal` for a bucket policy, without for an identity's."""
    who: Json = {} if principal is None else {"Principal": principal}
    return (
        {
            "Sid": f"{design}ReadAndWrite",
            "Effect": "Allow",
            **who,
            "Action": READ_AND_WRITE,
            "Resource": f"arn:aws:s3:::{name}/*",
        },
        {
            "Sid": f"{design}List",
            "Effect": "Allow",
            **who,
            "Action": "s3:ListBucket",
            "Resource": f"arn:aws:s3:::{name}",
        },
    )


def only_through_endpoint(variant: Variant, name: str) -> tuple[Json, ...]:
    if not variant.only_through_endpoint:
        return ()
    return (
        {
            "Sid": "OnlyThroughTheEndpoint",
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["s3:GetObject", "s3:ListBucket", "s3:PutObject"],
            "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
            "Condition": {"StringNotEquals": {"aws:SourceVpce": ENDPOINT}},
        },
    )


def bucket(name: str, account: AccountId, *statements: Json) -> Bucket:
    """A bucket as S3 makes them today: no ACLs, no public access, SSE-S3."""
    text = f"arn:aws:s3:::{name}"
    owner = canonical_id(account)
    return Bucket(
        arn(text),
        account,
        policy(PolicyKind.RESOURCE, "bucket policy", text, *statements) if statements else None,
        region=REGION,
        public_access_block=PublicAccessBlock(True, True, True, True),
        ownership=ObjectOwnership.BUCKET_OWNER_ENFORCED,
        acl=Acl(owner, (AclGrant(owner, "FULL_CONTROL"),)),
        encryption="AES256",
        versioned=True,
        abac=False,
        requester_pays=False,
    )


def canonical_id(account: str) -> str:
    """Made up: the account's digits, repeated to the 64 characters of a canonical user id."""
    return (account * 6)[:64]


def snapshot(variant: Variant | None = None) -> Snapshot:
    """The sample, or one of its variants."""
    variant = variant or Variant()
    accounts = [management_account(), app_account(variant), log_account(variant)]
    if variant.stranger:
        accounts.append(outside_account())
    return Snapshot(
        accounts=tuple(sorted(accounts, key=lambda each: each.id)), organizations=(organization(variant),)
    )


def deny_at(account: AccountId, identifier: str, sid: str, action: str) -> Policy:
    statement = {"Sid": sid, "Effect": "Deny", "Action": action, "Resource": "*"}
    return organization_policy(PolicyKind.SCP, identifier, account, statement)


VARIANTS = {
    "scp-in-app": Variant(app_scp=deny_at(APP, "p-nos30001", "NoS3", "s3:*")),
    "scp-in-app-no-assume-role": Variant(
        app_scp=deny_at(APP, "p-nosts001", "NoAssumeRole", "sts:AssumeRole")
    ),
    "scp-in-log": Variant(log_scp=deny_at(LOG, "p-nos30002", "NoS3", "s3:*")),
    "rcp-in-log": Variant(
        log_rcp=organization_policy(
            PolicyKind.RCP,
            "p-own00001",
            LOG,
            {
                "Sid": "OnlyThisAccount",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": "*",
                "Condition": {
                    "StringNotEquals": {"aws:PrincipalAccount": LOG},
                    "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
                },
            },
        )
    ),
    "only-through-endpoint": Variant(only_through_endpoint=True),
    "stranger": Variant(stranger=True),
    "stranger-without-guards": Variant(stranger=True, guards=False),
}
"""Folder name below variants/ to what is different there."""


def main(folder: Path) -> None:
    """Write the sample to the folder, and each variant below `variants/` in it."""
    write_beside(snapshot(), folder)
    shutil.rmtree(folder / "variants", ignore_errors=True)
    for name, variant in VARIANTS.items():
        write_beside(snapshot(variant), folder / "variants" / name)


if __name__ == "__main__":
    main(folder_given(__file__))
