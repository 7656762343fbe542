"""Condition keys against evaluation.md chapter 6."""

from __future__ import annotations

import pytest

from pathfinder.aws.condition_keys import (
    Controller,
    ValueType,
    always_present,
    is_multivalued,
    key_facts,
    known_keys,
    spelling,
    value_type,
)

S, A, B, N, D, I = (  # noqa: E741 - the reference's own letters
    ValueType.STRING,
    ValueType.ARN,
    ValueType.BOOL,
    ValueType.NUMBER,
    ValueType.DATE,
    ValueType.ADDRESS,
)

ROWS = [
    # key as a policy may write it              type  several?  controllers
    ("aws:principalarn",                        A,    False,    "P"),
    ("aws:PrincipalOrgPaths",                   S,    True,     "P"),
    ("aws:PrincipalTag/Team",                   S,    False,    "P S"),
    ("aws:PrincipalIsAWSService",               B,    False,    "P"),
    ("aws:PrincipalServiceNamesList",           S,    True,     "V"),
    ("aws:MultiFactorAuthPresent",              B,    False,    "S"),
    ("aws:MultiFactorAuthAge",                  N,    False,    "S"),
    ("aws:TokenIssueTime",                      D,    False,    "S"),
    ("aws:SourceIdentity",                      S,    False,    "S C"),
    ("aws:Ec2InstanceSourcePrivateIPv4",        I,    False,    "S"),
    ("lambda:SourceFunctionArn",                A,    False,    "S"),
    ("ec2:RoleDelivery",                        N,    False,    "S"),
    ("saml:sub",                                S,    False,    "S"),
    ("saml:aud",                                S,    False,    "IdP"),
    ("accounts.google.com:aud",                 S,    False,    "S IdP"),
    ("token.actions.githubusercontent.com:sub", S,    False,    "IdP"),
    ("oidc.eks.eu-west-1.amazonaws.com/id/A1:sub", S, False,    "IdP"),
    ("cognito-identity.amazonaws.com:amr",      S,    True,     "IdP"),
    ("saml:edupersonaffiliation",               S,    True,     "IdP"),
    ("aws:CalledVia",                           S,    True,     "V"),
    ("aws:CalledViaFirst",                      S,    False,    "V"),
    ("aws:SourceArn",                           A,    False,    "V"),
    ("aws:SourceIp",                            I,    False,    "c E"),
    ("aws:SourceVpce",                          S,    False,    "c E"),
    ("aws:VpceOrgPaths",                        S,    True,     "c E"),
    ("aws:SecureTransport",                     B,    False,    "C"),
    ("aws:EpochTime",                           D,    False,    "E"),
    ("aws:ResourceTag/k",                       S,    False,    "R"),
    ("aws:TagKeys",                             S,    True,     "C"),
    ("iam:PassedToService",                     S,    False,    "API"),
    ("iam:PolicyARN",                           A,    False,    "C"),
    ("sts:TransitiveTagKeys",                   S,    True,     "C"),
    ("sts:RequestContext/k",                    S,    False,    "IdP"),
    ("sts:RequestContextProviders",             A,    True,     "IdP"),
    ("s3:max-keys",                             N,    False,    "C"),
    ("s3:ExistingObjectTag/k",                  S,    False,    "R"),
    ("s3:RequestObjectTagKeys",                 S,    True,     "C"),
    ("s3:x-amz-grant-full-control",             S,    False,    "C"),
    ("s3:x-amz-server-side-encryption-aws-kms-key-id", A, False, "C"),
    ("s3:object-lock-retain-until-date",        D,    False,    "C"),
    ("s3:TlsVersion",                           N,    False,    "c"),
    ("s3:DataAccessPointArn",                   A,    False,    "R C"),
    ("kms:EncryptionContext:aws:s3:arn",        S,    False,    "V"),
    ("kms:GrantOperations",                     S,    True,     "C"),
    ("kms:ResourceAliases",                     S,    True,     "R"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "type_", "several", "controllers"), ROWS)
def test_a_row_of_chapter_6(key, type_, several, controllers):
    facts = key_facts(key)
    assert facts is not None
    assert key_facts(key.upper()).key.lower() == facts.key.lower()
    assert facts.controllers == tuple(Controller(letter) for letter in controllers.split())
    assert facts.controller is facts.controllers[0]
    assert (value_type(key), is_multivalued(key)) == (facts.type, facts.multivalued) == (type_, several)


SPELLINGS = [
    ("aws:principalarn", "aws:PrincipalArn"),
    ("AWS:PRINCIPALORGID", "aws:PrincipalOrgID"),
    ("aws:principaltag/tEAM", "aws:PrincipalTag/tEAM"),
    ("aws:userid", "aws:userid"),
    ("s3:versionid", "s3:VersionId"),
    ("s3:existingobjecttag/data/class", "s3:ExistingObjectTag/data/class"),
    ("kms:encryptioncontext:aws:s3:arn", "kms:EncryptionContext:aws:s3:arn"),
    ("saml:givenname", "saml:givenName"),
    ("token.actions.githubusercontent.com:sub", "token.actions.githubusercontent.com:sub"),
    # outside of chapter 6: the catalogue's spelling
    ("kms:keyspec", "kms:KeySpec"),
    ("ec2:resourcetag/Team", "ec2:ResourceTag/Team"),
    # known to nobody: as given
    ("nosuch:Key", "nosuch:Key"),
    ("aws:NoSuchKey", "aws:NoSuchKey"),
    ("plain", "plain"),
]


@pytest.mark.parametrize(("key", "expected"), SPELLINGS)
def test_spelling(key, expected):
    assert spelling(key) == expected


def test_every_spelling_of_the_table_is_found_again():
    for facts in known_keys():
        key = facts.key.partition("${")[0] + ("x" if "${" in facts.key else "")
        assert spelling(key.lower()).lower() == key.lower()
        assert key_facts(key) is not None
        assert key_facts(key).present_when
        assert key_facts(key).controllers


@pytest.mark.parametrize(
    "key",
    [
        "aws:PrincipalAccount", "aws:PrincipalType", "aws:userid", "aws:ViaAWSService", "aws:SecureTransport",
        "aws:RequestedRegion", "aws:CurrentTime", "aws:EpochTime", "aws:UserAgent",
    ],
)  # fmt: skip
def test_keys_of_every_request(key):
    assert always_present(key)
    assert always_present(key.lower())


@pytest.mark.parametrize(
    "key",
    [
        "aws:PrincipalArn", "aws:PrincipalOrgID", "aws:PrincipalIsAWSService", "aws:username", "aws:SourceIp",
        "aws:SourceArn", "aws:MultiFactorAuthPresent", "aws:ResourceAccount", "aws:referer", "kms:CallerAccount",
        "sts:RoleSessionName", "nosuch:Key",
    ],
)  # fmt: skip
def test_keys_that_some_requests_lack(key):
    assert not always_present(key)


def test_the_table_names_nine_keys_of_every_request():
    assert sum(facts.always_present for facts in known_keys()) == 9


OUTSIDE = [
    # key                          type                 several?
    ("kms:RotationPeriodInDays",   ValueType.NUMBER,    False),
    ("kms:MultiRegion",            ValueType.BOOL,      False),
    ("iam:DelegationRequestOwner", ValueType.ARN,       False),
    ("kms:ValidTo",                ValueType.DATE,      False),
    ("s3:InventoryAccessibleOptionalFields", ValueType.STRING, True),
    ("nosuch:Key",                 ValueType.STRING,    False),
]  # fmt: skip


@pytest.mark.parametrize(("key", "type_", "several"), OUTSIDE)
def test_keys_outside_of_chapter_6_come_from_the_catalogue(key, type_, several):
    assert key_facts(key) is None
    assert (value_type(key), is_multivalued(key)) == (type_, several)


@pytest.mark.parametrize("key", ["", ":", "aws:", "aws:PrincipalTag/", "saml:", "host.example:", "a.b"])
def test_texts_that_are_no_keys(key):
    assert key_facts(key) is None
    assert spelling(key) == key


def test_who_controls_a_key_reads_as_the_reference_writes_it():
    assert {each.value for each in Controller} == {"C", "c", "P", "S", "R", "E", "V", "IdP", "API"}
