"""The catalogue of actions (LANG-10 to LANG-14, LANG-27)."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pathfinder.aws import catalogue

MATCHING = [
    # rule       pattern              in the answer                      not in the answer
    ("LANG-10", "S3:GETOBJECT",       ["s3:GetObject"],                  ["s3:GetObjectVersion"]),
    ("LANG-10", "s3:get*",            ["s3:GetObject"],                  ["s3:PutObject"]),
    ("LANG-11", "s3:GetObject*",      ["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectAnnotation"], ["s3:GetBucketAcl"]),
    ("LANG-11", "s3:?etObject",       ["s3:GetObject"],                  ["s3:PutObjectAcl", "s3:DeleteObject"]),
    ("LANG-11", "s3:*ObjectVersion",  ["s3:GetObjectVersion", "s3:DeleteObjectVersion"], ["s3:GetObjectVersionAcl"]),
    ("LANG-11", "s3:*",               ["s3:GetObject", "s3:ListAllMyBuckets"], ["s3express:CreateSession", "s3-object-lambda:GetObject"]),
    ("LANG-11", "*",                  ["s3:GetObject", "iam:PassRole", "kms:Decrypt"], []),
    ("LANG-11", "*:*",                ["s3:GetObject", "iam:PassRole", "kms:Decrypt"], []),
    ("LANG-14", "iam:P?ssR*",         ["iam:PassRole"],                  ["iam:PutRolePolicy"]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "pattern", "inside", "outside"), MATCHING)
def test_a_pattern_stands_for_the_actions_it_matches(rule, pattern, inside, outside):
    found = set(catalogue.matching_actions(pattern))
    assert found.issuperset(inside), rule
    assert found.isdisjoint(outside), rule


NOTHING = [
    ("LANG-11", "s*:GetObject"),
    ("LANG-11", "s?:GetObject"),
    ("LANG-13", ""),
    ("LANG-13", "s3:"),
    ("LANG-13", "s3:Get Object"),
    ("LANG-13", "s3:GetObject,s3:PutObject"),
    ("LANG-13", "GetObject"),
    ("LANG-14", "s3:GetObjects"),
    ("LANG-14", "nosuchservice:*"),
]


@pytest.mark.parametrize(("rule", "pattern"), NOTHING)
def test_a_pattern_that_matches_nothing_real(rule, pattern):
    assert catalogue.matching_actions(pattern) == (), rule


def test_everything_is_every_action_of_every_service_once():
    everything = catalogue.matching_actions("*")
    by_service = [name for service in catalogue.all_services() for name in catalogue.actions_of(service)]
    assert list(everything) == by_service
    assert len(set(everything)) == len(everything) > 15_000


ACTIONS = [
    # action in any case           spelling                level                     resource types
    ("S3:getobject",               "s3:GetObject",         "Read",                   ("accesspointobject", "object")),
    ("s3:ListAllMyBuckets",        "s3:ListAllMyBuckets",  "List",                   ()),
    ("iam:passrole",               "iam:PassRole",         "Permissions management", ("role",)),
    ("STS:ASSUMEROLE",             "sts:AssumeRole",       "Write",                  ("role",)),
    ("kms:listkeys",               "kms:ListKeys",         "List",                   ()),
    ("s3:PutObjectTagging",        "s3:PutObjectTagging",  "Tagging",                ("accesspointobject", "object")),
    ("s3:getobjectannotation",     "s3:GetObjectAnnotation", "Read",                 ("accesspointobject", "object")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "spelled", "level", "types"), ACTIONS)
def test_the_facts_of_an_action(name, spelled, level, types):
    facts = catalogue.action(name)
    assert facts is not None
    assert (facts.name, facts.service, facts.access_level, facts.resource_types) == (
        spelled,
        spelled.partition(":")[0],
        level,
        types,
    )


@pytest.mark.parametrize("name", ["s3:NoSuchAction", "nosuch:GetObject", "GetObject", "s3", "", "s3:*"])
def test_an_action_that_is_not_known(name):
    assert catalogue.action(name) is None


KEYS = [
    # action                      key                                  supported?
    ("s3:GetObject",              "s3:ExistingObjectTag/team",         True),
    ("S3:GETOBJECT",              "S3:EXISTINGOBJECTTAG/TEAM",         True),
    ("s3:PutObject",              "s3:ExistingObjectTag/team",         False),
    ("s3:DeleteObject",           "s3:ExistingObjectTag/team",         False),
    ("s3:ListBucket",             "s3:ExistingObjectTag/team",         False),
    ("s3:PutObject",              "s3:ExistingObjectTag/",             None),
    ("s3:ListBucket",             "s3:prefix",                         True),
    ("s3:GetObject",              "s3:prefix",                         False),
    ("s3:GetObjectVersion",       "s3:VersionId",                      True),
    ("s3:GetObject",              "s3:DataAccessPointAccount",         True),
    ("s3:PutBucketPolicy",        "s3:DataAccessPointAccount",         False),
    ("sts:AssumeRole",            "sts:ExternalId",                    True),
    ("sts:AssumeRole",            "iam:ResourceTag/team",              True),
    ("sts:GetCallerIdentity",     "sts:ExternalId",                    False),
    ("kms:Decrypt",               "kms:EncryptionContext:aws:s3:arn",  True),
    ("kms:ListKeys",              "kms:EncryptionContext:aws:s3:arn",  False),
    # the catalogue cannot tell: an unknown action, global keys, keys of sessions, keys it does not hold
    ("s3:NoSuchAction",           "s3:prefix",                         None),
    ("s3:GetObject",              "aws:SourceIp",                      None),
    ("s3:GetObject",              "ec2:SourceInstanceArn",             None),
    ("s3:GetObject",              "s3:NoSuchKey",                      None),
    ("sts:AssumeRoleWithWebIdentity", "sts:RoleAuthorizedByIdp",       None),
    # stated by evaluation.md chapter 6 for an action that the source lacks; the others stay open
    ("s3:GetObjectAnnotation",    "s3:ExistingObjectTag/team",         True),
    ("s3:GetObjectVersionAnnotation", "s3:VersionId",                  True),
    ("s3:GetObjectAnnotation",    "s3:prefix",                         None),
]  # fmt: skip


@pytest.mark.parametrize(("action", "key", "expected"), KEYS)
def test_which_keys_an_action_supports(action, key, expected):
    assert catalogue.supports_key(action, key) is expected


def test_resource_types_have_arn_formats():
    arns = catalogue.resource_arns("s3")
    assert arns["bucket"] == "arn:${Partition}:s3:::${BucketName}"
    assert arns["object"] == "arn:${Partition}:s3:::${BucketName}/${ObjectName}"


def test_a_condition_key_keeps_its_spelling_and_type():
    found = catalogue.condition_key("KMS:RESOURCEALIASES")
    assert found is not None
    assert (found.name, found.type) == ("kms:ResourceAliases", "ArrayOfString")
    assert catalogue.condition_key("kms:NoSuchKey") is None


def test_importing_reads_no_file():
    """Importing must stay cheap: the file is read when the first question comes."""
    script = (
        "import pathfinder.aws.s3_actions, pathfinder.aws.condition_keys, pathfinder.aws.catalogue as c;"
        "print(c._file.cache_info().currsize)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "0"
