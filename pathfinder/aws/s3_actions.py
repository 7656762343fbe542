"""The S3 actions: what each is performed on, and what it gives to whoever may perform it.

`REFERENCE` is the table of evaluation.md 8.1 (`s3_action_rows`); it stands above the generated catalogue,
from which the actions come that the table does not name.
Source: evaluation.md S3-A1 to S3-A30, S3-18, EVAL-40, LANG-27.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from pathfinder.aws import catalogue
from pathfinder.aws.s3_action_rows import ROWS


class S3ResourceType(Enum):
    """What an S3 action is performed on; the value is short text for reports."""

    BUCKET = "bucket"
    OBJECT = "object"
    ACCESS_POINT = "access point"
    ACCESS_POINT_OBJECT = "object through an access point"
    OBJECT_LAMBDA = "Object Lambda access point"
    MRAP = "Multi-Region Access Point"
    MRAP_REQUEST = "request about a Multi-Region Access Point"
    ACCESS_GRANTS = "Access Grants instance, location or grant"
    JOB = "batch job"
    STORAGE_LENS = "Storage Lens configuration or group"
    NONE = "no resource"


class AccessGroup(Enum):
    """The coarse kind of access that reports group by."""

    READ = "read"
    WRITE = "write"
    LIST = "list"
    DELETE = "delete"
    TAKE_OVER = "take over"
    CONFIGURE = "configure"
    INSPECT = "inspect"


class AccessClass(Enum):
    """What an S3 action gives, in the words of the last column of evaluation.md 8.1."""

    READ_DATA = "read data"
    READ_METADATA = "read metadata"
    READ_PERMISSIONS = "read permissions"
    READ_FOR_REPLICATION = "read data, replication roles only"
    WRITE_DATA = "write data"
    DELETE = "delete"
    WRITE_METADATA = "write metadata"
    GRANT = "grant"
    LOCK_CONTROL = "lock control"
    WRITE_LIKE = "write-like"
    WRITE_FOR_REPLICATION = "write, replication roles"
    LIST_KEYS = "list keys"
    LIST = "list"
    READ_CONFIG = "read config"
    REMOVES_GATE = "removes a gate"
    CHANGES_ABAC = "changes ABAC outcome"
    SIDE_CHANNEL = "side channel"
    WRITE_CONFIG = "write config"
    CREATE_BUCKET = "create bucket"
    DELETE_BUCKET = "delete bucket"
    OBTAIN_CREDENTIALS = "obtain credentials"
    BULK_COPY = "bulk copy"
    ACCOUNT_LIST = "account level: list"
    ACCOUNT_READ = "account level: read"
    ACCOUNT_WRITE = "account level: write"

    @property
    def group(self) -> AccessGroup:
        """The coarse kind: what it gives at once; a tag that a condition may look at is configuration."""
        return _GROUPS[self]


_GROUPS = {
    AccessClass.READ_DATA: AccessGroup.READ,
    AccessClass.READ_METADATA: AccessGroup.INSPECT,
    AccessClass.READ_PERMISSIONS: AccessGroup.INSPECT,
    AccessClass.READ_FOR_REPLICATION: AccessGroup.READ,
    AccessClass.WRITE_DATA: AccessGroup.WRITE,
    AccessClass.DELETE: AccessGroup.DELETE,
    AccessClass.WRITE_METADATA: AccessGroup.CONFIGURE,
    AccessClass.GRANT: AccessGroup.TAKE_OVER,
    AccessClass.LOCK_CONTROL: AccessGroup.CONFIGURE,
    AccessClass.WRITE_LIKE: AccessGroup.CONFIGURE,
    AccessClass.WRITE_FOR_REPLICATION: AccessGroup.WRITE,
    AccessClass.LIST_KEYS: AccessGroup.LIST,
    AccessClass.LIST: AccessGroup.LIST,
    AccessClass.READ_CONFIG: AccessGroup.INSPECT,
    AccessClass.REMOVES_GATE: AccessGroup.TAKE_OVER,
    AccessClass.CHANGES_ABAC: AccessGroup.CONFIGURE,
    AccessClass.SIDE_CHANNEL: AccessGroup.CONFIGURE,
    AccessClass.WRITE_CONFIG: AccessGroup.CONFIGURE,
    AccessClass.CREATE_BUCKET: AccessGroup.CONFIGURE,
    AccessClass.DELETE_BUCKET: AccessGroup.DELETE,
    AccessClass.OBTAIN_CREDENTIALS: AccessGroup.TAKE_OVER,
    AccessClass.BULK_COPY: AccessGroup.TAKE_OVER,
    AccessClass.ACCOUNT_LIST: AccessGroup.INSPECT,
    AccessClass.ACCOUNT_READ: AccessGroup.INSPECT,
    AccessClass.ACCOUNT_WRITE: AccessGroup.CONFIGURE,
}


@dataclass(frozen=True, slots=True)
class S3Action:
    """An S3 action. `name`: `s3:GetObject`; `rule`: its row in evaluation.md 8.1, or `SAR` (the catalogue).

    `resources` is never empty: an action without a resource type has `NONE`.
    """

    name: str
    resources: frozenset[S3ResourceType]
    access: AccessClass
    rule: str

    @property
    def group(self) -> AccessGroup:
        """The coarse kind of access."""
        return self.access.group


def s3_action(name: str) -> S3Action | None:
    """The S3 action of this full name (`s3:GetObject`, any case), or None where there is none."""
    return _all().get(name.lower())


def s3_actions() -> tuple[S3Action, ...]:
    """Every S3 action, sorted by name."""
    return tuple(_all().values())


@lru_cache(maxsize=1)
def bucket_actions() -> tuple[str, ...]:
    """The names of the actions that can be performed on a bucket, sorted."""
    return tuple(each.name for each in s3_actions() if S3ResourceType.BUCKET in each.resources)


@lru_cache(maxsize=1)
def object_actions() -> tuple[str, ...]:
    """The names of the actions that can be performed on an object, sorted."""
    return tuple(each.name for each in s3_actions() if S3ResourceType.OBJECT in each.resources)


def resource_types(action: str) -> frozenset[S3ResourceType]:
    """What the action can be performed on; empty where it is no known S3 action (LANG-26)."""
    found = s3_action(action)
    return found.resources if found else frozenset()


def takes_no_resource(action: str) -> bool | None:
    """Whether an action of any service is authorized on `*` (LANG-27); None for one that is not known."""
    found = s3_action(action)
    if found:
        return S3ResourceType.NONE in found.resources
    facts = catalogue.action(action)
    return None if facts is None else not facts.resource_types


def owner_account_only(action: str) -> bool:
    """Whether it works only for identities of the account that owns the resource (S3-18).

    Bucket-policy calls, and management of access points, Multi-Region and Object Lambda ones, Access Grants
    and the account's Block Public Access. What an instance's resource policy can share (S3-A28) is not.
    """
    found = s3_action(action)
    if found is None:
        return False
    if found.rule in _MANAGEMENT_ROWS or found.name in _OWNER_ACCOUNT_ONLY:
        return True
    return found.rule == "SAR" and not found.resources.isdisjoint(_MANAGED_TYPES)


_MANAGEMENT_ROWS = frozenset({"S3-A24", "S3-A25", "S3-A26", "S3-A27"})
_MANAGED_TYPES = frozenset(
    {
        S3ResourceType.OBJECT_LAMBDA,
        S3ResourceType.MRAP,
        S3ResourceType.MRAP_REQUEST,
    }
)
_OWNER_ACCOUNT_ONLY = frozenset(
    {
        "s3:GetBucketPolicy",
        "s3:PutBucketPolicy",
        "s3:DeleteBucketPolicy",
        "s3:GetAccountPublicAccessBlock",
        "s3:PutAccountPublicAccessBlock",
        "s3:GetAccessPoint",
        "s3:PutAccessPointPublicAccessBlock",
        "s3:DissociateAccessGrantsIdentityCenter",
        "s3:GetAccessGrantsInstanceResourcePolicy",
    }
)


def supports_anonymous(action: str) -> bool:
    """Whether S3 takes it unsigned: bucket and object operations but those of S3-18 (EVAL-40)."""
    found = s3_action(action)
    if found is None or owner_account_only(action):
        return False
    # Nobody owns what an unsigned request would create: AWS refuses it, and no bucket policy exists before.
    if found.name == "s3:CreateBucket":
        return False
    return not found.resources.isdisjoint({S3ResourceType.BUCKET, S3ResourceType.OBJECT})


@lru_cache(maxsize=1)
def access_point_actions() -> frozenset[str]:
    """The actions, in lower case, that work on a bucket's data through an access point (S3-54).

    Those on objects, and the few on the bucket; management of the access point itself is none of them.
    """
    return frozenset(
        each.name.lower()
        for each in s3_actions()
        if S3ResourceType.ACCESS_POINT_OBJECT in each.resources
        or (
            {S3ResourceType.BUCKET, S3ResourceType.ACCESS_POINT} <= each.resources
            and each.rule in _BUCKET_ROWS_THROUGH_ACCESS_POINTS
        )
    )


_BUCKET_ROWS_THROUGH_ACCESS_POINTS = frozenset({"S3-A13", "S3-A15"})

_TYPES_OF_CATALOGUE = {
    "bucket": S3ResourceType.BUCKET,
    "object": S3ResourceType.OBJECT,
    "accesspoint": S3ResourceType.ACCESS_POINT,
    "accesspointobject": S3ResourceType.ACCESS_POINT_OBJECT,
    "objectlambdaaccesspoint": S3ResourceType.OBJECT_LAMBDA,
    "multiregionaccesspoint": S3ResourceType.MRAP,
    "multiregionaccesspointrequestarn": S3ResourceType.MRAP_REQUEST,
    "accessgrantsinstance": S3ResourceType.ACCESS_GRANTS,
    "accessgrantslocation": S3ResourceType.ACCESS_GRANTS,
    "accessgrant": S3ResourceType.ACCESS_GRANTS,
    "job": S3ResourceType.JOB,
    "storagelensconfiguration": S3ResourceType.STORAGE_LENS,
    "storagelensgroup": S3ResourceType.STORAGE_LENS,
}


def types_of_catalogue(names: Iterable[str]) -> frozenset[S3ResourceType]:
    """The catalogue's resource types of an S3 action as types here; `NONE` for none."""
    return frozenset(_TYPES_OF_CATALOGUE[name] for name in names) or frozenset({S3ResourceType.NONE})


@lru_cache(maxsize=1)
def _all() -> dict[str, S3Action]:
    actions = {each.name.lower(): each for each in REFERENCE}
    for name in catalogue.actions_of("s3"):
        if name.lower() not in actions and (facts := catalogue.action(name)):
            actions[name.lower()] = _of_catalogue(facts)
    return dict(sorted(actions.items(), key=lambda item: item[1].name))


def _of_catalogue(facts: catalogue.ActionFacts) -> S3Action:
    """An action that 8.1 does not name: its class is what its access level suggests."""
    types = types_of_catalogue(facts.resource_types)
    on_data = S3ResourceType.OBJECT in types
    match facts.access_level:
        case "List":
            access = AccessClass.LIST
        case "Read":
            access = AccessClass.READ_DATA if on_data else AccessClass.READ_CONFIG
        case "Tagging":
            access = AccessClass.CHANGES_ABAC
        case "Permissions management":
            access = AccessClass.GRANT
        case _:
            access = AccessClass.WRITE_DATA if on_data else AccessClass.WRITE_CONFIG
    return S3Action(facts.name, types, access, "SAR")


_TYPES_OF_ROWS = {
    "o": S3ResourceType.OBJECT,
    "ao": S3ResourceType.ACCESS_POINT_OBJECT,
    "b": S3ResourceType.BUCKET,
    "ap": S3ResourceType.ACCESS_POINT,
    "mrap": S3ResourceType.MRAP,
    "olap": S3ResourceType.OBJECT_LAMBDA,
    "grants": S3ResourceType.ACCESS_GRANTS,
    "lens": S3ResourceType.STORAGE_LENS,
    "job": S3ResourceType.JOB,
    "-": S3ResourceType.NONE,
}


def _rows() -> Iterator[S3Action]:
    for rule, types, access, names in ROWS:
        resources = frozenset(_TYPES_OF_ROWS[each] for each in types.split())
        for name in names.split():
            yield S3Action(f"s3:{name}", resources, AccessClass(access), rule)


REFERENCE: tuple[S3Action, ...] = tuple(_rows())
"""Every action that evaluation.md 8.1 names, in its order."""
