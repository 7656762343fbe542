"""Small worlds of one bucket with ACLs, objects of several owners, and Block Public Access; and who may do what there.

Written from evaluation.md alone (S3-1 to S3-7, S3-21 to S3-26, S3-46, BPA-1 to BPA-10); it shares no code with pathfinder.
What the world leaves unknown is answered by trying every reading: where they disagree, the answer is unknown.
"""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

A, B, C = "111111111111", "222222222222", "333333333333"
IDS = {A: "aa", B: "bb", C: "cc"}
GROUPS = "http://acs.amazonaws.com/groups"
ALL, SIGNED, LOGS = (
    f"{GROUPS}/global/AllUsers",
    f"{GROUPS}/global/AuthenticatedUsers",
    f"{GROUPS}/s3/LogDelivery",
)
GRANTEES = ["aa", "bb", "cc", "stranger", ALL, SIGNED, LOGS]
PERMISSIONS = ["READ", "WRITE", "READ_ACP", "WRITE_ACP", "FULL_CONTROL"]
OWNERSHIPS = ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter", None]
KEYS = ["k1", "k2", "k*"]

Grant = tuple[str, str]


@dataclass(frozen=True)
class AclWorld:
    """One world. `ownership`, `ignore`, `restrict` are None where they are not known; `public` statements for everyone."""

    ownership: str | None
    grants: tuple[Grant, ...]
    objects: dict[str, tuple[str, tuple[Grant, ...]]]
    bucket_block: tuple[bool, bool] | None
    account_block: tuple[bool, bool] | None
    statements: tuple[str, ...]
    payer: str


STATEMENTS: dict[str, dict[str, Any]] = {
    "everyone reads": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"},
    "B does all": {"Effect": "Allow", "Principal": {"AWS": B}, "Action": "s3:*", "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]},
    "everyone asks where": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetBucketLocation", "Resource": "arn:aws:s3:::b"},
    "nobody reads k1": {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/k1"},
}  # fmt: skip
PUBLIC = {"everyone reads", "everyone asks where"}

CALLERS = [
    "anonymous",
    "logging.s3.amazonaws.com",
    *(f"{a} {w}" for a in (A, B, C) for w in ("full", "none", "root")),
]
REQUESTS = [
    *(
        ("b", action)
        for action in ("ListBucket", "GetBucketAcl", "PutBucketAcl", "GetBucketLocation", "PutBucketTagging")
    ),
    *(
        (f"b/{key}", action)
        for key in KEYS
        for action in (
            "GetObject",
            "PutObject",
            "DeleteObject",
            "GetObjectAcl",
            "PutObjectAcl",
            "GetObjectTagging",
        )
    ),
]


def draw(seed: int) -> AclWorld:
    """A world from a seed."""
    chance = random.Random(seed)

    def grants(most: int) -> tuple[Grant, ...]:
        some = ((chance.choice(GRANTEES), chance.choice(PERMISSIONS)) for _ in range(chance.randint(0, most)))
        return tuple(sorted(set(some)))

    def block() -> tuple[bool, bool] | None:
        return chance.choice(
            [None, (False, False), (False, False), (True, False), (False, True), (True, True)]
        )

    return AclWorld(
        chance.choice(OWNERSHIPS),
        grants(3),
        {key: (chance.choice(["aa", "aa", "bb", "stranger"]), grants(2)) for key in KEYS},
        block(),
        block(),
        tuple(name for name in STATEMENTS if chance.random() < 0.35),
        chance.choice(["BucketOwner", "BucketOwner", "Requester"]),
    )


def answer(world: AclWorld, caller: str, action: str, resource: str) -> str:
    """`allow`, `explicit-deny`, `implicit-deny`, or `unknown` where the readings of what is not known disagree."""
    found = {_answer(each, caller, action, resource) for each in _readings(world)}
    return found.pop() if len(found) == 1 else "unknown"


def _readings(world: AclWorld) -> Iterator[AclWorld]:
    """Every world that this one may be."""
    switches = [(False, False), (True, False), (False, True), (True, True)]
    ownerships = ["BucketOwnerEnforced", "ObjectWriter"] if world.ownership is None else [world.ownership]
    buckets = switches if world.bucket_block is None else [world.bucket_block]
    accounts = switches if world.account_block is None else [world.account_block]
    for ownership, bucket, account in itertools.product(ownerships, buckets, accounts):
        yield replace(world, ownership=ownership, bucket_block=bucket, account_block=account)


def _answer(world: AclWorld, caller: str, action: str, resource: str) -> str:
    key = resource.partition("/")[2]
    if caller == "anonymous" and world.payer == "Requester":  # S3-46
        return "implicit-deny"
    if "nobody reads k1" in world.statements and action == "GetObject" and key == "k1":  # EVAL-1
        return "explicit-deny"
    assert world.bucket_block is not None
    assert world.account_block is not None
    ignore, restrict = (x or y for x, y in zip(world.bucket_block, world.account_block, strict=True))  # BPA-1
    account, _, who = caller.partition(" ")
    if (
        restrict and set(world.statements) & PUBLIC and account != A and "amazonaws" not in caller
    ):  # BPA-5, BPA-10
        return "implicit-deny"
    disabled = world.ownership == "BucketOwnerEnforced"  # S3-21
    grants = [] if disabled else (world.objects[key][1] if key else world.grants)
    if not disabled and key and action == "PutObject":
        grants = world.grants  # S3-23b: writing is the bucket's affair
        owner, policy = "aa", _by_policy(world, caller, action)
    elif disabled or not key or world.objects[key][0] == "aa" or (action == "DeleteObject" and account == A):
        owner, policy = "aa", _by_policy(world, caller, action)
    else:
        owner, policy = world.objects[key][0], set()  # S3-4: its Allows give nothing
    by = policy | _by_acl(grants, caller, action, bucket=not key or action == "PutObject", ignore=ignore)
    return "allow" if _granted(by, IDS.get(account) == owner, who, account) else "implicit-deny"


def _granted(by: set[str], inside: bool, who: str, account: str) -> bool:
    """EVAL-10 to EVAL-31, EVAL-40, EVAL-45."""
    if account not in IDS:
        return bool(by)
    if inside:
        return who == "root" or "direct" in by or who == "full"
    return bool(by) and who in ("root", "full")


def _by_policy(world: AclWorld, caller: str, action: str) -> set[str]:
    """The strengths with which the bucket policy allows it."""
    found = set()
    if "everyone reads" in world.statements and action == "GetObject":
        found.add("direct")
    if "everyone asks where" in world.statements and action == "GetBucketLocation":
        found.add("direct")
    if "B does all" in world.statements and caller.startswith(B):
        found.add("account")
    return found


TABLE = {  # S3-23
    True: {"READ": {"ListBucket"}, "WRITE": {"PutObject"}, "READ_ACP": {"GetBucketAcl"}, "WRITE_ACP": {"PutBucketAcl"}},
    False: {"READ": {"GetObject"}, "WRITE": set(), "READ_ACP": {"GetObjectAcl"}, "WRITE_ACP": {"PutObjectAcl"}},
}  # fmt: skip


def _by_acl(
    grants: list[Grant] | tuple[Grant, ...], caller: str, action: str, *, bucket: bool, ignore: bool
) -> set[str]:
    """The strengths with which an ACL grants it (S3-22, BPA-3)."""
    found = set()
    for grantee, permission in grants:
        table = TABLE[bucket]
        actions = set().union(*table.values()) if permission == "FULL_CONTROL" else table[permission]
        if action not in actions:
            continue
        signed = caller.split(" ")[0] in IDS
        if (grantee == ALL and not ignore) or (grantee == SIGNED and signed and not ignore):
            found.add("direct")
        elif grantee == LOGS and caller == "logging.s3.amazonaws.com":
            found.add("service")
        elif grantee == IDS.get(caller.split(" ")[0]):
            found.add("account")
    return found


# ---- the same world as a snapshot folder ----------------------------------------------------------


def files(world: AclWorld) -> dict[str, Any]:
    """File name to JSON, in AWS's own shapes."""
    found: dict[str, Any] = {"pathfinder.json": {"format_version": 1}}
    for account, canonical in IDS.items():
        found[f"accounts/{account}/account.json"] = {
            "Name": account,
            "CanonicalId": canonical,
            "Organization": None,
        }
        found[f"accounts/{account}/iam.json"] = {
            "UserDetailList": [_user(account, w) for w in ("full", "none")]
        }
        found[f"accounts/{account}/s3.json"] = {"Buckets": []}
    found[f"accounts/{A}/s3.json"] = {"Buckets": [{"Name": "b"}]}
    parts: dict[str, Any] = {
        "acl": _acl("aa", world.grants),
        "objects": {
            "Contents": [
                {"Key": key, "Owner": {"ID": owner}, "Acl": _acl(owner, grants)}
                for key, (owner, grants) in world.objects.items()
            ]
        },
        "request-payment": {"Payer": world.payer},
        "abac": {"AbacStatus": {"Status": "Disabled"}},
        "policy": {
            "Policy": {"Version": "2012-10-17", "Statement": [STATEMENTS[each] for each in world.statements]}
        },
    }
    if world.ownership is not None:
        parts["ownership-controls"] = {"OwnershipControls": {"Rules": [{"ObjectOwnership": world.ownership}]}}
    if world.bucket_block is not None:
        parts["public-access-block"] = _block(world.bucket_block)
    found.update({f"accounts/{A}/s3/b/{name}.json": content for name, content in parts.items()})
    if world.account_block is not None:
        found[f"accounts/{A}/public-access-block.json"] = _block(world.account_block)
    return found


def _acl(owner: str, grants: tuple[Grant, ...]) -> dict[str, Any]:
    every = [(owner, "FULL_CONTROL"), *grants]
    return {
        "Owner": {"ID": owner},
        "Grants": [
            {"Grantee": {"URI": who} if "://" in who else {"ID": who}, "Permission": what}
            for who, what in every
        ],
    }


def _block(switches: tuple[bool, bool]) -> dict[str, Any]:
    ignore, restrict = switches
    return {"PublicAccessBlockConfiguration": {"IgnorePublicAcls": ignore, "RestrictPublicBuckets": restrict}}


def _user(account: str, name: str) -> dict[str, Any]:
    action = "s3:*" if name == "full" else "ec2:*"
    document = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}],
    }
    return {
        "UserName": name,
        "UserId": f"AIDA{account}{name}",
        "Arn": f"arn:aws:iam::{account}:user/{name}",
        "UserPolicyList": [{"PolicyName": "p", "PolicyDocument": document}],
    }
