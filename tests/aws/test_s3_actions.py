"""The S3 actions against evaluation.md 8.1, S3-18, EVAL-40 and LANG-27."""

from __future__ import annotations

import pytest

from pathfinder.aws import catalogue
from pathfinder.aws.s3_actions import (
    REFERENCE,
    AccessClass,
    AccessGroup,
    S3ResourceType,
    bucket_actions,
    object_actions,
    owner_account_only,
    resource_types,
    s3_action,
    s3_actions,
    supports_anonymous,
    takes_no_resource,
    types_of_catalogue,
)

B, AP = S3ResourceType.BUCKET, S3ResourceType.ACCESS_POINT
O, AO = S3ResourceType.OBJECT, S3ResourceType.ACCESS_POINT_OBJECT  # noqa: E741 - the reference's own letters
NONE = S3ResourceType.NONE

TABLE = [
    # rule      action                                   types                              class                              group
    ("S3-A1",  "GetObject",                              {O, AO},                           AccessClass.READ_DATA,             AccessGroup.READ),
    ("S3-A1",  "GetObjectVersion",                       {O, AO},                           AccessClass.READ_DATA,             AccessGroup.READ),
    ("S3-A2",  "GetObjectAttributes",                    {O, AO},                           AccessClass.READ_METADATA,         AccessGroup.INSPECT),
    ("S3-A2",  "ListObjectVersionAnnotations",           {O, AO},                           AccessClass.READ_METADATA,         AccessGroup.INSPECT),
    ("S3-A3",  "GetObjectAcl",                           {O, AO},                           AccessClass.READ_PERMISSIONS,      AccessGroup.INSPECT),
    ("S3-A4",  "GetObjectTorrent",                       {O},                               AccessClass.READ_DATA,             AccessGroup.READ),
    ("S3-A5",  "GetObjectVersionForReplication",         {O},                               AccessClass.READ_FOR_REPLICATION,  AccessGroup.READ),
    ("S3-A6",  "PutObject",                              {O, AO},                           AccessClass.WRITE_DATA,            AccessGroup.WRITE),
    ("S3-A7",  "DeleteObjectVersion",                    {O, AO},                           AccessClass.DELETE,                AccessGroup.DELETE),
    ("S3-A8",  "DeleteObjectVersionTagging",             {O, AO},                           AccessClass.WRITE_METADATA,        AccessGroup.CONFIGURE),
    ("S3-A9",  "PutObjectAcl",                           {O, AO},                           AccessClass.GRANT,                 AccessGroup.TAKE_OVER),
    ("S3-A10", "BypassGovernanceRetention",              {O, AO},                           AccessClass.LOCK_CONTROL,          AccessGroup.CONFIGURE),
    ("S3-A11", "UpdateObjectEncryption",                 {O, AO},                           AccessClass.WRITE_LIKE,            AccessGroup.CONFIGURE),
    ("S3-A12", "ReplicateObjectAnnotation",              {O},                               AccessClass.WRITE_FOR_REPLICATION, AccessGroup.WRITE),
    ("S3-A13", "ListBucket",                             {B, AP},                           AccessClass.LIST_KEYS,             AccessGroup.LIST),
    ("S3-A14", "ListBucketMultipartUploads",             {B},                               AccessClass.LIST,                  AccessGroup.LIST),
    ("S3-A15", "GetBucketPolicy",                        {B, AP},                           AccessClass.READ_CONFIG,           AccessGroup.INSPECT),
    ("S3-A16", "GetBucketAbac",                          {B},                               AccessClass.READ_CONFIG,           AccessGroup.INSPECT),
    ("S3-A17", "PutBucketPolicy",                        {B},                               AccessClass.GRANT,                 AccessGroup.TAKE_OVER),
    ("S3-A18", "PutBucketOwnershipControls",             {B},                               AccessClass.GRANT,                 AccessGroup.TAKE_OVER),
    ("S3-A19", "PutBucketPublicAccessBlock",             {B},                               AccessClass.REMOVES_GATE,          AccessGroup.TAKE_OVER),
    ("S3-A20", "PutBucketTagging",                       {B},                               AccessClass.CHANGES_ABAC,          AccessGroup.CONFIGURE),
    ("S3-A20", "TagResource",                            {B, AP, S3ResourceType.ACCESS_GRANTS, S3ResourceType.STORAGE_LENS}, AccessClass.CHANGES_ABAC, AccessGroup.CONFIGURE),
    ("S3-A21", "DeleteBucketMetadataTableConfiguration", {B},                               AccessClass.SIDE_CHANNEL,          AccessGroup.CONFIGURE),
    ("S3-A21", "UpdateBucketMetadataAnnotationTableConfiguration", {B},                     AccessClass.SIDE_CHANNEL,          AccessGroup.CONFIGURE),
    ("S3-A22", "AllowVendedLogDeliveryForResource",      {B},                               AccessClass.WRITE_CONFIG,          AccessGroup.CONFIGURE),
    ("S3-A23", "CreateBucket",                           {B},                               AccessClass.CREATE_BUCKET,         AccessGroup.CONFIGURE),
    ("S3-A23", "DeleteBucket",                           {B},                               AccessClass.DELETE_BUCKET,         AccessGroup.DELETE),
    ("S3-A24", "PutAccessPointPolicy",                   {AP},                              AccessClass.GRANT,                 AccessGroup.TAKE_OVER),
    ("S3-A24", "GetAccessPointPolicyStatus",             {AP},                              AccessClass.READ_CONFIG,           AccessGroup.INSPECT),
    ("S3-A25", "SubmitMultiRegionAccessPointRoutes",     {S3ResourceType.MRAP},             AccessClass.GRANT,                 AccessGroup.TAKE_OVER),
    ("S3-A25", "GetMultiRegionAccessPointPolicyStatus",  {S3ResourceType.MRAP},             AccessClass.READ_CONFIG,           AccessGroup.INSPECT),
    ("S3-A26", "PutAccessPointConfigurationForObjectLambda", {S3ResourceType.OBJECT_LAMBDA}, AccessClass.GRANT,                AccessGroup.TAKE_OVER),
    ("S3-A26", "GetAccessPointPolicyStatusForObjectLambda", {S3ResourceType.OBJECT_LAMBDA}, AccessClass.READ_CONFIG,           AccessGroup.INSPECT),
    ("S3-A27", "DeleteAccessGrantsInstanceResourcePolicy", {S3ResourceType.ACCESS_GRANTS},  AccessClass.GRANT,                 AccessGroup.TAKE_OVER),
    ("S3-A28", "GetDataAccess",                          {S3ResourceType.ACCESS_GRANTS},    AccessClass.OBTAIN_CREDENTIALS,    AccessGroup.TAKE_OVER),
    ("S3-A28", "GetAccessGrantsInstance",                {S3ResourceType.ACCESS_GRANTS},    AccessClass.READ_CONFIG,           AccessGroup.INSPECT),
    ("S3-A29", "CreateJob",                              {NONE},                            AccessClass.BULK_COPY,             AccessGroup.TAKE_OVER),
    ("S3-A29", "DeleteJobTagging",                       {S3ResourceType.JOB},              AccessClass.WRITE_CONFIG,          AccessGroup.CONFIGURE),
    ("S3-A30", "ListAllMyBuckets",                       {NONE},                            AccessClass.ACCOUNT_LIST,          AccessGroup.INSPECT),
    ("S3-A30", "PutAccountPublicAccessBlock",            {NONE},                            AccessClass.ACCOUNT_WRITE,         AccessGroup.CONFIGURE),
    # not named by 8.1: type and class from the catalogue
    ("SAR",    "ListTagsForResource",                    {B, AP, S3ResourceType.ACCESS_GRANTS, S3ResourceType.STORAGE_LENS}, AccessClass.LIST, AccessGroup.LIST),
    ("SAR",    "DeleteStorageLensGroup",                 {S3ResourceType.STORAGE_LENS},     AccessClass.WRITE_CONFIG,          AccessGroup.CONFIGURE),
    ("SAR",    "DissociateAccessGrantsIdentityCenter",   {S3ResourceType.ACCESS_GRANTS},    AccessClass.GRANT,                 AccessGroup.TAKE_OVER),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "name", "types", "access", "group"), TABLE)
def test_type_and_class_of_an_action(rule, name, types, access, group):
    found = s3_action(f"S3:{name.upper()}")
    assert found is not None
    assert (found.name, found.rule, found.resources, found.access, found.group) == (
        f"s3:{name}",
        rule,
        frozenset(types),
        access,
        group,
    )


HOW_MANY = {
    "S3-A1": 2, "S3-A2": 10, "S3-A3": 2, "S3-A4": 2, "S3-A5": 2, "S3-A6": 1, "S3-A7": 2, "S3-A8": 8, "S3-A9": 2,
    "S3-A10": 3, "S3-A11": 4, "S3-A12": 6, "S3-A13": 2, "S3-A14": 1, "S3-A15": 5, "S3-A16": 19, "S3-A17": 2,
    "S3-A18": 2, "S3-A19": 1, "S3-A20": 4, "S3-A21": 11, "S3-A22": 12, "S3-A23": 2, "S3-A24": 6, "S3-A25": 8,
    "S3-A26": 10, "S3-A27": 10, "S3-A28": 8, "S3-A29": 7, "S3-A30": 14,
}  # fmt: skip


@pytest.mark.parametrize(("rule", "count"), HOW_MANY.items())
def test_each_row_is_complete(rule, count):
    assert sum(each.rule == rule for each in REFERENCE) == count


def test_no_action_stands_in_two_rows():
    assert len({each.name for each in REFERENCE}) == len(REFERENCE) == sum(HOW_MANY.values())


def test_all_s3_actions_are_here_and_in_the_catalogue():
    assert {each.name for each in s3_actions()} == set(catalogue.actions_of("s3"))


def test_the_catalogue_gives_the_types_of_the_reference():
    for each in REFERENCE:
        facts = catalogue.action(each.name)
        assert facts is not None
        assert types_of_catalogue(facts.resource_types) == each.resources


def test_bucket_and_object_actions():
    assert {"s3:ListBucket", "s3:PutBucketPolicy"} <= set(bucket_actions())
    assert {"s3:GetObject", "s3:ReplicateObject"} <= set(object_actions())
    assert set(bucket_actions()).isdisjoint(object_actions())
    assert {"s3:CreateJob", "s3:PutAccessPointPolicy"}.isdisjoint({*bucket_actions(), *object_actions()})
    assert bucket_actions() == tuple(sorted(bucket_actions()))


def test_an_action_that_s3_does_not_have():
    assert s3_action("s3:NoSuchAction") is None
    assert s3_action("GetObject") is None
    assert s3_action("s3express:CreateSession") is None
    assert resource_types("iam:PassRole") == frozenset()


NO_RESOURCE = [
    # rule      action                            expected
    ("LANG-27", "s3:ListAllMyBuckets",            True),
    ("LANG-27", "s3:listaccesspoints",            True),
    ("LANG-27", "s3:CreateJob",                   True),
    ("LANG-27", "s3:GetAccountPublicAccessBlock", True),
    ("LANG-27", "kms:ListKeys",                   True),
    ("LANG-27", "sts:GetCallerIdentity",          True),
    ("LANG-27", "s3:GetObject",                   False),
    ("LANG-27", "s3:GetObjectAnnotation",         False),
    ("LANG-27", "kms:Decrypt",                    False),
    ("LANG-14", "s3:NoSuchAction",                None),
    ("LANG-14", "nosuch:Action",                  None),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "action", "expected"), NO_RESOURCE)
def test_actions_without_a_resource(rule, action, expected):
    assert takes_no_resource(action) is expected, rule


OWNER_ONLY = [
    # rule      action                                      owner's account only?  unsigned?
    ("S3-18",   "s3:GetBucketPolicy",                       True,  False),
    ("S3-18",   "S3:PUTBUCKETPOLICY",                       True,  False),
    ("S3-18",   "s3:DeleteBucketPolicy",                    True,  False),
    ("S3-18",   "s3:CreateAccessPoint",                     True,  False),
    ("S3-18",   "s3:GetAccessPointPolicy",                  True,  False),
    ("S3-18",   "s3:PutMultiRegionAccessPointPolicy",       True,  False),
    ("S3-18",   "s3:DescribeMultiRegionAccessPointOperation", True, False),
    ("S3-18",   "s3:DeleteAccessPointForObjectLambda",      True,  False),
    ("S3-18",   "s3:CreateAccessGrant",                     True,  False),
    ("S3-18",   "s3:GetAccessGrantsInstanceResourcePolicy", True,  False),
    ("S3-18",   "s3:PutAccountPublicAccessBlock",           True,  False),
    ("S3-18",   "s3:GetAccountPublicAccessBlock",           True,  False),
    ("S3-57",   "s3:GetDataAccess",                         False, False),
    ("EVAL-40", "s3:GetObject",                             False, True),
    ("EVAL-40", "s3:putobject",                             False, True),
    ("EVAL-40", "s3:ListBucket",                            False, True),
    ("EVAL-40", "s3:GetBucketPolicyStatus",                 False, True),
    ("EVAL-40", "s3:PutBucketAcl",                          False, True),
    ("EVAL-40", "s3:DeleteBucket",                          False, True),
    ("EVAL-40", "s3:CreateBucket",                          False, False),
    ("EVAL-40", "s3:ListAllMyBuckets",                      False, False),
    ("EVAL-40", "s3:CreateJob",                             False, False),
    ("EVAL-40", "s3:NoSuchAction",                          False, False),
    ("EVAL-40", "iam:PassRole",                             False, False),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "action", "owner_only", "unsigned"), OWNER_ONLY)
def test_who_may_call_at_all(rule, action, owner_only, unsigned):
    assert (owner_account_only(action), supports_anonymous(action)) == (owner_only, unsigned), rule
