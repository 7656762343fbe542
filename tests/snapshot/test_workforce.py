"""Identity Center and Roles Anywhere as the AWS CLI prints them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pathfinder.model.organization import Account
from pathfinder.model.workforce import (
    Assignment,
    IdentityCenter,
    PermissionSet,
    TrustAnchor,
    WorkforceGroup,
    WorkforceUser,
)
from pathfinder.policy.document import Policy, Unread
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.read import load
from pathfinder.snapshot.write import write
from tests.building import arn
from tests.snapshot.aws_cli_folder import ACCOUNT, OTHER, AwsCliFolder, failed

SET = "arn:aws:sso:::permissionSet/ssoins-1/ps-1"
ANCHOR = f"arn:aws:rolesanywhere:eu-west-1:{ACCOUNT}:trust-anchor/ta"
PROFILE = f"arn:aws:rolesanywhere:eu-west-1:{ACCOUNT}:profile/p"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
DOCUMENT = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}

FILES: dict[str, Any] = {
    "sso-instances.json": {
        "Instances": [
            {
                "InstanceArn": "arn:aws:sso:::instance/ssoins-1",
                "IdentityStoreId": "d-1",
                "OwnerAccountId": ACCOUNT,
            }
        ]
    },
    "sso-permission-sets.json": {"PermissionSets": [SET]},
    "sso-permission-sets/ps-1.json": {
        "PermissionSet": {"Name": "ReadOnly", "PermissionSetArn": SET, "SessionDuration": "PT1H"}
    },
    "sso-account-assignments/one.json": {
        "AccountAssignments": [
            {"AccountId": OTHER, "PermissionSetArn": SET, "PrincipalType": "USER", "PrincipalId": "u-1"},
            {"AccountId": OTHER, "PermissionSetArn": SET, "PrincipalType": "GROUP", "PrincipalId": "g-1"},
        ]
    },
    "identity-store-users.json": {
        "Users": [
            {"UserName": "ann", "UserId": "u-1", "Emails": [{"Value": "a@x"}], "IdentityStoreId": "d-1"}
        ]
    },
    "identity-store-groups.json": {"Groups": [{"GroupId": "g-1", "DisplayName": "team"}, {"GroupId": "g-2"}]},
    "identity-store-memberships/g-1.json": {
        "GroupMemberships": [{"MembershipId": "m", "GroupId": "g-1", "MemberId": {"UserId": "u-1"}}]
    },
    "identity-store-memberships/g-2.json": {"GroupMemberships": []},
    "trust-anchors.json": {
        "trustAnchors": [
            {"trustAnchorArn": ANCHOR, "trustAnchorId": "ta", "name": "corp", "enabled": True, "source": {}}
        ]
    },
    "roles-anywhere-profiles.json": {
        "profiles": [
            {
                "profileArn": PROFILE,
                "name": "servers",
                "enabled": False,
                "roleArns": [ROLE],
                "sessionPolicy": json.dumps(DOCUMENT),
                "managedPolicyArns": [READ_ONLY],
                "durationSeconds": 3600,
                "acceptRoleSessionName": True,
            }
        ]
    },
}


def read(folder: Path, without: str = "", **changes: Any) -> Account:
    written = AwsCliFolder(folder)
    for name, content in FILES.items():
        if name != without:
            written.account(name, changes.get(name, content))
    return load(folder).accounts[0]


def test_what_aws_prints_is_read_and_written_again(tmp_path: Path) -> None:
    found = read(tmp_path / "made")
    assert found.identity_center == IdentityCenter(
        arn("arn:aws:sso:::instance/ssoins-1"),
        (PermissionSet(arn(SET), "ReadOnly"),),
        (WorkforceUser("u-1", "ann"),),
        (WorkforceGroup("g-1", "team", ("u-1",)), WorkforceGroup("g-2", None, ())),
        (
            Assignment(OTHER, arn(SET), "GROUP", "g-1"),  # type: ignore[arg-type]
            Assignment(OTHER, arn(SET), "USER", "u-1"),  # type: ignore[arg-type]
        ),
    )
    assert found.trust_anchors == (TrustAnchor(arn(ANCHOR), "corp", True),)
    (profile,) = found.anywhere_profiles
    assert (profile.enabled, profile.roles, profile.accepts_session_name) == (False, (arn(ROLE),), True)
    policies = {each.name: each for each in profile.session_policies or ()}
    own = policies["session policy"]
    assert isinstance(own, Policy)
    assert own.document.statements[0].actions == ("s3:Get*",)
    assert isinstance(policies[READ_ONLY], Unread)
    assert {"identity_center", "trust_anchors", "anywhere_profiles"} <= found.known
    snapshot = load(tmp_path / "made")
    assert any(gap.place == READ_ONLY for gap in snapshot.gaps)
    write(snapshot, tmp_path / "again")
    assert load(tmp_path / "again") == snapshot


def test_faults_of_a_session_policy_are_written_and_read_again(tmp_path: Path) -> None:
    """LANG-50: AWS has this policy as JSON in a string, and so our note of the fault stands in the string."""
    odd = {"Version": "2012-10-17", "Statement": [{"Effect": "allow", "Action": "s3:Get*", "Odd": "x"}]}
    profile = {"profileArn": PROFILE, "roleArns": [ROLE], "sessionPolicy": json.dumps(odd)}
    AwsCliFolder(tmp_path / "made").account("roles-anywhere-profiles.json", {"profiles": [profile]})
    snapshot = load(tmp_path / "made", skip_invalid=True)
    ((own,),) = (each.session_policies or () for each in snapshot.accounts[0].anywhere_profiles)
    assert isinstance(own, Policy)
    (statement,) = own.document.statements
    assert statement.effect is None
    assert statement.fault is not None
    write(snapshot, tmp_path / "again")
    assert load(tmp_path / "again") == snapshot


def test_the_instance_is_read_off_its_permission_sets(tmp_path: Path) -> None:
    found = read(tmp_path, without="sso-instances.json")
    assert found.identity_center is not None
    assert str(found.identity_center.arn) == "arn:aws:sso:::instance/ssoins-1"


def test_an_account_that_owns_no_instance(tmp_path: Path) -> None:
    AwsCliFolder(tmp_path).account("sso-instances.json", {"Instances": []})
    (found,) = load(tmp_path).accounts
    assert found.identity_center is None
    assert "identity_center" in found.known


@pytest.mark.parametrize(
    "file",
    ["sso-permission-sets/ps-1.json", "sso-account-assignments/one.json", "identity-store-users.json"],
)
def test_what_is_missing_makes_it_not_whole(tmp_path: Path, file: str) -> None:
    assert "identity_center" not in read(tmp_path, without=file).known


def test_members_that_are_not_known_are_none(tmp_path: Path) -> None:
    denied = failed("AccessDeniedException", "ListGroupMemberships")
    found = read(tmp_path, **{"identity-store-memberships/g-1.json": denied})
    assert found.identity_center is not None
    assert [group.members for group in found.identity_center.groups] == [None, None]


WRONG = [
    (
        "sso-account-assignments/one.json",
        {
            "AccountAssignments": [
                {"AccountId": "1", "PermissionSetArn": SET, "PrincipalType": "USER", "PrincipalId": "u"}
            ]
        },
        'AccountAssignments[0].AccountId is "1"; twelve digits were expected',
    ),
    (
        "sso-permission-sets/ps-1.json",
        {"PermissionSet": {"Name": "x", "PermissionSetArn": "ps-1"}},
        'PermissionSet.PermissionSetArn is "ps-1"; an ARN of Identity Center was expected',
    ),
    (
        "trust-anchors.json",
        {"trustAnchors": [{"trustAnchorArn": "ta"}]},
        'trustAnchors[0].trustAnchorArn is "ta"',
    ),
    (
        "roles-anywhere-profiles.json",
        {"profiles": [{"profileArn": PROFILE, "roleArns": ["app"]}]},
        'profiles[0].roleArns[0] is "app"; the ARN of a role was expected',
    ),
]


@pytest.mark.parametrize(("file", "content", "said"), WRONG, ids=[w[0] for w in WRONG])
def test_what_is_wrong_is_refused_or_left_out(tmp_path: Path, file: str, content: Any, said: str) -> None:
    with pytest.raises(InputError) as raised:
        read(tmp_path, **{file: content})
    assert said in str(raised.value)
    assert load(tmp_path, skip_invalid=True).accounts
