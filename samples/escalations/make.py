"""Writes this sample, the same bytes each time: `python -m samples.escalations.make [FOLDER]`.

FOLDER is where to write; without it, beside this script. README.md tells what the sample shows.
"""

from __future__ import annotations

from pathfinder.aws.arn import AccountId
from pathfinder.model.identity import AccessKey, Role, User
from pathfinder.model.organization import Account, Member, Organization, OrganizationUnit, Snapshot
from pathfinder.model.resources import Acl, Bucket, LambdaFunction, ObjectOwnership, PublicAccessBlock
from pathfinder.policy.document import Policy, PolicyKind
from samples.writing import arn, folder_given, policy, write_beside

MANAGEMENT = AccountId("101010101010")
WORK = AccountId("202020202020")
LOGS = AccountId("303030303030")
NAMES = {MANAGEMENT: "management", WORK: "work", LOGS: "logs"}
CANONICAL = {MANAGEMENT: "1" * 64, WORK: "2" * 64, LOGS: "3" * 64}
ROOT = "r-es01"
REPORTS, ARCHIVE = "work-reports", "logs-archive"
EVERYTHING_KNOWN = frozenset(
    {
        *("iam", "buckets", "access_keys", "instances", "endpoints", "keys", "functions"),
        *("access_points", "multi_region_access_points", "object_lambda_access_points", "access_grants"),
        *("ecs_tasks", "pod_identity_associations", "irsa", "public_access_block"),
    }
)
CLOSED = PublicAccessBlock(True, True, True, True)

Json = dict[str, object]


def snapshot() -> Snapshot:
    """The whole sample."""
    guard = policy(
        PolicyKind.SCP,
        "arn:aws:organizations::101010101010:policy/o-escalat01/service_control_policy/p-nousers1",
        WORK,
        {"Sid": "NoNewUsers", "Effect": "Deny", "Action": "iam:CreateUser", "Resource": "*"},
    )
    members = tuple(
        Member(each, ROOT, (full(each), guard) if each == WORK else (full(each),), ())
        for each in (MANAGEMENT, WORK, LOGS)
    )
    return Snapshot(
        accounts=(account(MANAGEMENT), work(), logs()),
        organizations=(
            Organization(
                "o-escalat01",
                MANAGEMENT,
                (OrganizationUnit(ROOT, "Root", None, (full(ROOT),), ()),),
                members,
                scps_enabled=True,
            ),
        ),
    )


def work() -> Account:
    """Where people and workloads are; each user may do one thing too much, or nearly."""
    function = arn(f"arn:aws:lambda:eu-central-1:{WORK}:function:nightly")
    only_ec2 = {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
    users = (
        user("analyst", allow("s3:GetObject", f"arn:aws:s3:::{REPORTS}/*")),
        user("helpdesk", allow("iam:CreateAccessKey", f"arn:aws:iam::{WORK}:user/analyst")),
        user("operator", allow("iam:UpdateAssumeRolePolicy", f"arn:aws:iam::{WORK}:role/Backup")),
        user(
            "builder",
            allow(["lambda:CreateFunction", "lambda:InvokeFunction"], "*"),
            allow("iam:PassRole", "*"),
        ),
        user(
            "almost-builder",
            allow(["lambda:CreateFunction", "lambda:InvokeFunction"], "*"),
            allow("iam:PassRole", "*", only_ec2),
        ),
        user("patcher", allow("lambda:UpdateFunctionCode", str(function))),
        user("storage-admin", allow("s3:PutBucketPolicy", f"arn:aws:s3:::{REPORTS}")),
        user(
            "intern",
            allow("iam:PutUserPolicy", f"arn:aws:iam::{WORK}:user/intern"),
            boundary=allow(["s3:GetObject", "iam:PutUserPolicy"], "*"),
        ),
        user(
            "hr",
            allow(
                ["iam:CreateUser", "iam:AttachUserPolicy", "iam:CreateAccessKey"],
                f"arn:aws:iam::{WORK}:user/new-*",
            ),
        ),
    )
    roles = (
        role(WORK, "Backup", {"Service": "backup.amazonaws.com"}, allow("sts:AssumeRole", "*")),
        role(
            WORK,
            "Nightly",
            {"Service": "lambda.amazonaws.com"},
            allow("s3:PutObject", f"arn:aws:s3:::{REPORTS}/*"),
        ),
    )
    return account(
        WORK,
        users=users,
        roles=roles,
        buckets=(bucket(REPORTS, WORK),),
        functions=(LambdaFunction(function, roles[1].arn),),
    )


def logs() -> Account:
    """The log account, whose role Archive trusts one role of `work`."""
    archive = role(
        LOGS,
        "Archive",
        {"AWS": f"arn:aws:iam::{WORK}:role/Backup"},
        allow(["s3:GetObject", "s3:ListBucket"], [f"arn:aws:s3:::{ARCHIVE}", f"arn:aws:s3:::{ARCHIVE}/*"]),
    )
    return account(LOGS, roles=(archive,), buckets=(bucket(ARCHIVE, LOGS),))


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


def user(name: str, *statements: Json, boundary: Json | None = None) -> User:
    """A user with one access key, and a boundary if there is one."""
    own = arn(f"arn:aws:iam::{WORK}:user/{name}")
    limit = f"arn:aws:iam::{WORK}:policy/{name}-boundary"
    return User(
        own,
        f"AIDA{name.replace('-', '').upper():E<17}"[:21],
        (policy(PolicyKind.IDENTITY, "inline", str(own), *statements),),
        policy(PolicyKind.BOUNDARY, limit, str(own), boundary) if boundary else None,
        access_keys=(AccessKey(f"AKIA{name.replace('-', '').upper():E<16}"[:20]),),
        has_password=False,
        has_mfa=False,
    )


def role(owner: str, name: str, trust: Json, *statements: Json) -> Role:
    """A role with an inline policy."""
    own = arn(f"arn:aws:iam::{owner}:role/{name}")
    trusting = {"Effect": "Allow", "Principal": trust, "Action": "sts:AssumeRole"}
    return Role(
        own,
        f"AROA{name.upper():E<17}"[:21],
        policy(PolicyKind.TRUST, "trust policy", str(own), trusting),
        (policy(PolicyKind.IDENTITY, "inline", str(own), *statements),),
    )


def bucket(name: str, owner: AccountId) -> Bucket:
    """A bucket without a policy."""
    return Bucket(
        arn(f"arn:aws:s3:::{name}"),
        owner,
        None,
        region="eu-central-1",
        acl=Acl(CANONICAL[owner], ()),
        public_access_block=CLOSED,
        ownership=ObjectOwnership.BUCKET_OWNER_ENFORCED,
        encryption="AES256",
        abac=False,
        versioned=False,
        requester_pays=False,
    )


def full(target: str) -> Policy:
    """FullAWSAccess."""
    name = "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"
    return policy(PolicyKind.SCP, name, target, allow("*", "*"))


def allow(action: object, resource: object, condition: object = None) -> Json:
    """An Allow statement."""
    found: Json = {"Effect": "Allow", "Action": action, "Resource": resource}
    if condition is not None:
        found["Condition"] = condition
    return found


if __name__ == "__main__":
    write_beside(snapshot(), folder_given(__file__))
