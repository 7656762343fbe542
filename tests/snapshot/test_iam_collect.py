"""iam-collect's folder, read part by part."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from pathfinder.aws.arn import AccountId
from pathfinder.graph.graph import Graph
from pathfinder.graph.world import World
from pathfinder.model.identity import IdentityProvider, InstanceProfile
from pathfinder.model.organization import Account, Organization, Snapshot
from pathfinder.model.resources import PublicAccessBlock
from pathfinder.model.workforce import (
    Assignment,
    IdentityCenter,
    PermissionSet,
    WorkforceGroup,
    WorkforceUser,
)
from pathfinder.policy.document import Policy, PolicyKind, SomePolicy, Unread
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.importers import import_from
from pathfinder.snapshot.read import load
from pathfinder.snapshot.write import write
from tests.building import arn
from tests.snapshot import iam_collect_folder as made
from tests.snapshot.iam_collect_folder import IamCollectFolder, write_iam_collect
from tests.snapshot.refusals import refused

APP, LOG = made.APP, made.LOG


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_iam_collect(tmp_path / "collected")
    return tmp_path / "collected"


@pytest.fixture
def snapshot(folder: Path) -> Snapshot:
    return load(folder)


def account(snapshot: Snapshot, identifier: str) -> Account:
    found = snapshot.account(identifier)
    assert found is not None
    return found


def first(document_of: SomePolicy | None) -> tuple[str, ...]:
    """The actions of a policy's first statement."""
    assert isinstance(document_of, Policy)
    return document_of.document.statements[0].actions


@pytest.mark.parametrize("level", ["", "aws", "aws/aws"])
def test_any_of_the_three_levels_will_do(folder: Path, snapshot: Snapshot, level: str) -> None:
    assert load(folder / level) == snapshot
    assert import_from("iam-collect", folder / level) == snapshot


def test_the_organization(snapshot: Snapshot) -> None:
    (organization,) = snapshot.organizations
    assert organization.id == made.ORGANIZATION
    assert organization.management_account == made.MANAGEMENT
    assert (organization.scps_enabled, organization.rcps_enabled) == (True, True)
    units = {unit.id: (unit.parent, unit.name, len(unit.scps), len(unit.rcps)) for unit in organization.units}
    assert units == {made.ROOT: (None, "Root", 1, 0), made.OU: (made.ROOT, "Workload", 2, 1)}
    members = {member.account: (member.parent, len(member.scps)) for member in organization.members}
    assert members == {APP: (made.OU, 1), LOG: (made.OU, 1), made.MANAGEMENT: (made.ROOT, 1)}
    assert organization.path_text(APP) == f"{made.ORGANIZATION}/{made.ROOT}/{made.OU}/"
    deny = next(policy for policy in organization.units[0].scps if policy.name == made.DENY_SCP)
    assert (deny.kind, deny.attached_to) == (PolicyKind.SCP, made.OU)


def test_identities(snapshot: Snapshot) -> None:
    app = account(snapshot, APP)
    assert app.name == "app"
    (role,) = app.roles
    assert str(role.arn) == f"arn:aws:iam::{APP}:role/service/EC2Role"
    assert role.unique_id == "AROAEXAMPLEEC2"
    assert role.tags == {"team": "app", "empty": ""}
    assert [policy.name for policy in role.policies] == [made.READ_ONLY, "logs"]
    assert role.boundary is not None
    assert (role.boundary.name, role.boundary.kind) == (made.BOUNDARY, PolicyKind.BOUNDARY)
    assert first(role.boundary) == ("s3:*",)
    assert first(role.trust) == ("sts:AssumeRole",)
    (user,) = app.users
    assert user.access_keys is None
    assert user.groups == (arn(f"arn:aws:iam::{APP}:group/Readers"),)
    assert [(policy.name, policy.attached_to) for policy in user.policies] == [
        (made.READ_ONLY, f"arn:aws:iam::{APP}:group/Readers")
    ]
    assert app.instance_profiles == (
        InstanceProfile(arn(f"arn:aws:iam::{APP}:instance-profile/EC2Profile"), (role.arn,)),
    )
    assert app.providers == (
        IdentityProvider(arn(made.OIDC), "token.actions.githubusercontent.com", ("sts.amazonaws.com",)),
        IdentityProvider(arn(f"arn:aws:iam::{APP}:saml-provider/AWSSSO_1234_DO_NOT_DELETE")),
    )


def test_buckets(snapshot: Snapshot) -> None:
    log = account(snapshot, LOG)
    bare, full = log.buckets
    assert (full.name, full.account, full.region, full.abac) == ("my-bucket", LOG, "eu-central-1", True)
    assert first(full.policy) == ("s3:GetObject",)
    assert full.public_access_block == PublicAccessBlock(True, False, True, False)
    assert (full.encryption, full.kms_key) == ("aws:kms", f"arn:aws:kms:eu-central-1:{LOG}:key/1234")
    assert full.tags == {"class": "log"}
    assert full.unread == ("OwnershipControls", "Acl", "Versioning", "RequestPayment")
    assert bare.policy is None  # iam-collect writes policy.json only where there is a policy
    assert bare.public_access_block is None
    assert bare.unread == ("OwnershipControls", "Acl", "Encryption", "Abac", "Versioning", "RequestPayment")
    assert log.public_access_block == PublicAccessBlock(True, True, True, True)


def test_access_points_keys_endpoints_functions(snapshot: Snapshot) -> None:
    log, app = account(snapshot, LOG), account(snapshot, APP)
    (point,) = log.access_points
    assert str(point.arn) == f"arn:aws:s3:eu-central-1:{LOG}:accesspoint/Reader"
    assert (point.bucket, point.bucket_account, point.alias, point.vpc) == (
        "my-bucket",
        LOG,
        "reader-abc-s3alias",
        "vpc-0bbb",
    )
    assert point.public_access_block == PublicAccessBlock(True, True, True, True)
    (key,) = log.keys
    assert (key.policy.kind, first(key.policy), key.grants, key.tags) == (
        PolicyKind.KEY,
        ("kms:*",),
        None,
        {"use": "logs"},
    )
    (endpoint,) = app.endpoints
    assert (endpoint.id, endpoint.service, endpoint.region, endpoint.gateway, endpoint.vpc) == (
        "vpce-0aaa",
        "s3",
        "eu-central-1",
        True,
        "vpc-0aaa",
    )
    assert first(endpoint.policy) == ("s3:*",)
    (function,) = app.functions
    assert str(function.role) == f"arn:aws:iam::{APP}:role/service/EC2Role"
    assert function.policy is None


def test_what_is_known(snapshot: Snapshot) -> None:
    """A service that was collected of one account was collected of all: no folder is nothing there."""
    collected = {
        *("iam", "buckets", "access_points", "keys", "endpoints", "functions"),
        *("public_access_block", "organization"),
    }
    assert account(snapshot, APP).known == collected
    assert account(snapshot, LOG).known == collected


def test_a_service_that_was_collected_of_no_account_is_not_known(tmp_path: Path) -> None:
    folder = made.write_iam_collect(tmp_path).folder
    for each in folder.rglob("s3"):
        shutil.rmtree(each)
    assert "buckets" not in account(load(folder), LOG).known


def test_the_gaps(snapshot: Snapshot) -> None:
    assert [(gap.place, gap.reason) for gap in snapshot.gaps] == [
        (APP, "not in the snapshot, or not completely: access keys, instances"),
        (LOG, "ABAC status of arn:aws:s3:::bare-bucket not known"),
        (LOG, "ACL of 2 buckets not known: iam-collect does not collect it"),
        (LOG, "default encryption of arn:aws:s3:::bare-bucket not known"),
        (LOG, "not in the snapshot, or not completely: access keys, instances"),
        (LOG, "object ownership of 2 buckets not known: iam-collect does not collect it"),
        (LOG, "payer of 2 buckets not known: iam-collect does not collect it"),
        (LOG, "versioning of 2 buckets not known: iam-collect does not collect it"),
        (made.ORGANIZATION, "1 of its accounts not in the snapshot"),
    ]


def test_written_and_read_again_it_is_equal(snapshot: Snapshot, tmp_path: Path) -> None:
    write(snapshot, tmp_path / "snapshot")
    assert load(tmp_path / "snapshot") == snapshot


def organization_with(written: IamCollectFolder, **metadata: object) -> Organization:
    base = f"organizations/{made.ORGANIZATION}"
    written.put(
        f"{base}/metadata",
        {"id": made.ORGANIZATION, "rootOu": made.ROOT, "rootAccountId": made.MANAGEMENT, **metadata},
    )
    (organization,) = load(written.folder).organizations
    return organization


def test_features_say_which_policy_types_are_on(tmp_path: Path) -> None:
    written = write_iam_collect(tmp_path)
    off = organization_with(written, features={"SERVICE_CONTROL_POLICY": False})
    assert (off.scps_enabled, off.rcps_enabled) == (False, True)


def test_without_features_a_type_is_on_if_any_policy_is_attached(tmp_path: Path) -> None:
    written = write_iam_collect(tmp_path)
    base = f"organizations/{made.ORGANIZATION}"
    written.put(f"{base}/ous", {made.ROOT: {"scps": [made.FULL_SCP]}, made.OU: {"parent": made.ROOT}})
    found = organization_with(written)
    assert (found.scps_enabled, found.rcps_enabled) == (True, False)


def test_the_document_of_full_access_is_known_anyway(tmp_path: Path) -> None:
    written = write_iam_collect(tmp_path)
    (written.folder / f"organizations/{made.ORGANIZATION}/scps/p-fullawsaccess/policy.json").unlink()
    (organization,) = load(tmp_path).organizations
    assert [first(policy) for member in organization.members for policy in member.scps] == [("*",)] * 3


def test_another_scp_without_a_document_is_unread(tmp_path: Path) -> None:
    written = write_iam_collect(tmp_path)
    (written.folder / f"organizations/{made.ORGANIZATION}/scps/p-noroot123/policy.json").unlink()
    snapshot = load(tmp_path)
    unread = Unread(PolicyKind.SCP, made.DENY_SCP, made.OU, "its document is not in the snapshot")
    assert unread in snapshot.organizations[0].units[0].scps
    assert next(gap for gap in snapshot.gaps if gap.place == made.DENY_SCP).affects == (made.OU,)


def test_an_account_of_an_organization_that_was_not_collected(tmp_path: Path) -> None:
    written = write_iam_collect(tmp_path)
    written.put(f"accounts/{APP}/organization", {"organizationId": "o-another0000"})
    assert f"{APP}: is in o-another0000, whose SCPs and RCPs are not in the snapshot" in map(
        str, load(tmp_path).gaps
    )


def test_an_error_names_the_very_file(tmp_path: Path) -> None:
    written = write_iam_collect(tmp_path)
    written.put(f"accounts/{LOG}/s3/my-bucket/policy", {"Statement": [{"Effect": "allow", "Action": "*"}]})
    with pytest.raises(InputError) as error:
        load(written.folder)
    assert str(error.value) == (
        f'accounts/{LOG}/s3/my-bucket/policy.json: Statement[0].Effect is "allow"; AWS accepts Allow or Deny. '
        "Fix the file, or run with --skip-invalid to go on without this statement."
    )


POLICY_FILES = {
    "trust": f"accounts/{APP}/iam/role/service%2Fec2role/trust-policy",
    "inline": f"accounts/{APP}/iam/role/service%2Fec2role/inline-policies",
    "managed": f"accounts/{APP}/iam/role/service%2Fec2role/managed-policies",
    "boundary": f"accounts/{APP}/iam/policy/limits%2Fboundary/current-policy",
    "bucket": f"accounts/{LOG}/s3/my-bucket/policy",
    "access-point": f"accounts/{LOG}/s3/eu-central-1/accesspoint/Reader/policy",
    "key": f"accounts/{LOG}/kms/eu-central-1/key/1234/policy",
    "endpoint": f"accounts/{APP}/ec2/eu-central-1/vpc-endpoint/vpce-0aaa/endpoint-policy",
    "scp": f"organizations/{made.ORGANIZATION}/scps/p-noroot123/policy",
}


@pytest.mark.parametrize("name", POLICY_FILES)
@pytest.mark.parametrize("content", ["", "{", "[1]", '"x"', "7", '{"Statement": 5}'])
def test_a_policy_left_out_stays_as_unread(tmp_path: Path, name: str, content: str) -> None:
    written = write_iam_collect(tmp_path)
    file = written.put(POLICY_FILES[name], content)
    with pytest.raises(InputError) as error:
        load(tmp_path)
    assert error.value.file == f"aws/aws/{file.relative_to(written.folder)}"
    snapshot = load(tmp_path, skip_invalid=True)
    assert any(isinstance(policy, Unread) for policy in every_policy(snapshot))
    assert any(str(file.relative_to(written.folder)) in str(gap) for gap in snapshot.gaps)


def every_policy(snapshot: Snapshot) -> list[object]:
    found: list[object] = []
    for each in snapshot.accounts:
        for role in each.roles:
            found += [role.trust, role.boundary, *role.policies]
        things = (*each.buckets, *each.access_points, *each.keys, *each.endpoints, *each.functions)
        found += [thing.policy for thing in things]
    for organization in snapshot.organizations:
        found += [policy for unit in organization.units for policy in unit.scps]
    return found


def test_metadata_left_out_means_not_all_is_known(tmp_path: Path) -> None:
    written = write_iam_collect(tmp_path)
    path = f"accounts/{LOG}/iam/role/s3accessrole"
    (written.folder / f"{path}/metadata.json").unlink()
    snapshot = load(tmp_path)
    assert "iam" not in account(snapshot, LOG).known
    assert any(gap.place.endswith(path) for gap in snapshot.gaps)


def test_every_single_file_may_be_missing(tmp_path: Path) -> None:
    write_iam_collect(tmp_path)
    for file in sorted(tmp_path.rglob("*.json")):
        content = file.read_bytes()
        file.unlink()
        try:
            load(tmp_path, skip_invalid=file.parent.name == made.ORGANIZATION)
        finally:
            file.write_bytes(content)


@pytest.mark.parametrize("content", ["", "[7]", "{}", "null", '{"arn": "x"}'])
def test_every_single_file_may_be_broken(tmp_path: Path, content: str) -> None:
    write_iam_collect(tmp_path)
    for file in sorted(tmp_path.rglob("*.json")):
        before = file.read_bytes()
        file.write_text(content)
        load(tmp_path, skip_invalid=True)
        assert "\n" not in str(refused(lambda: load(tmp_path)))
        file.write_bytes(before)


CENTER, SET = "arn:aws:sso:::instance/ssoins-1", "arn:aws:sso:::permissionSet/ssoins-1/ps-1"
ASSIGNED = {"accountId": APP, "permissionSetArn": SET, "principalType": "USER", "principalId": "u-1"}
TO_GROUP = {**ASSIGNED, "principalType": "GROUP", "principalId": "g-1"}
FORMS = {
    "as iam-collect keeps other things": {
        "instance/ssoins-1/metadata": {"arn": CENTER, "name": "x"},
        "permission-set/ps-1/metadata": {"arn": SET, "name": "Admins"},
        "permission-set/ps-1/assignments": [ASSIGNED, TO_GROUP],
        "users": [{"userId": "u-1", "userName": "ann"}],
        "groups": [{"groupId": "g-1", "displayName": "team"}],
        "memberships": [{"groupId": "g-1", "memberId": {"userId": "u-1"}}],
    },
    "as AWS prints them, in one file": {
        "us-east-1/everything": {
            "Instances": [{"InstanceArn": CENTER}],
            "PermissionSet": {"Name": "Admins", "PermissionSetArn": SET},
            "AccountAssignments": [
                {key[:1].upper() + key[1:]: value for key, value in each.items()}
                for each in (ASSIGNED, TO_GROUP)
            ],
            "Users": [{"UserId": "u-1", "UserName": "ann", "DisplayName": "Ann"}],
            "Groups": [{"GroupId": "g-1", "DisplayName": "team"}],
            "GroupMemberships": [{"GroupId": "g-1", "MemberId": {"UserId": "u-1"}}],
        }
    },
}


def with_center(folder: Path, files: dict[str, Any]) -> Snapshot:
    for name, content in files.items():
        IamCollectFolder(folder / "aws/aws").put(f"accounts/{APP}/sso/{name}", content)
    return load(folder)


def center_gap(snapshot: Snapshot) -> str:
    (gap,) = [gap for gap in snapshot.gaps if "Identity Center" in gap.reason]
    assert gap.affects == (APP,)
    return gap.reason


@pytest.mark.parametrize("files", FORMS.values(), ids=FORMS)
def test_identity_center_is_read_by_what_objects_say(folder: Path, files: dict[str, Any]) -> None:
    """Its form is not documented: whatever the files are called; and that there may be more is told."""
    assert not [gap for gap in load(folder).gaps if "Identity Center" in gap.reason]
    found = with_center(folder, files)
    account = found.account(APP)
    assert account is not None
    assert account.identity_center == IdentityCenter(
        arn(CENTER),
        (PermissionSet(arn(SET), "Admins"),),
        (WorkforceUser("u-1", "ann"),),
        (WorkforceGroup("g-1", "team", ("u-1",)),),
        (
            Assignment(AccountId(APP), arn(SET), "GROUP", "g-1"),
            Assignment(AccountId(APP), arn(SET), "USER", "u-1"),
        ),
    )
    assert "identity_center" not in account.known
    assert "1 permission sets, 2 assignments, 1 users and 1 groups; there may be more" in center_gap(found)
    assert "nothing is known" not in center_gap(found)
    write(found, folder.parent / "again")
    again = load(folder.parent / "again").account(APP)
    assert again is not None
    assert again.identity_center == account.identity_center


def test_what_does_not_say_what_it_is_counts_for_nothing(folder: Path) -> None:
    files: dict[str, Any] = {
        "a": {"arn": "arn:aws:iam::aws:policy/X", "name": "Admins"},
        "b": [{**ASSIGNED, "accountId": "12"}, {**ASSIGNED, "principalType": "ROLE"}, {"principalId": "u-1"}],
        "c": {"userId": "u-1", "groupId": 7, "name": ["x"], "memberId": "u-1"},
        "d": None,
        "e": {**ASSIGNED, "permissionSetArn": CENTER},
    }
    found = with_center(folder, files)
    account = found.account(APP)
    assert account is not None
    assert account.identity_center is None
    assert "nothing is known of 5 files" in center_gap(found)


def test_members_that_are_not_told_of_every_group_are_not_known(folder: Path) -> None:
    """Then the group itself stands for them; no list that is missing says that it is empty."""
    files = {**FORMS["as iam-collect keeps other things"], "more": {"groupId": "g-2", "displayName": "other"}}
    account = with_center(folder, files).account(APP)
    assert account is not None
    assert account.identity_center is not None
    assert [each.members for each in account.identity_center.groups] == [None, None]


def test_asking_an_iam_collect_folder_directly_shows_who_signs_in(folder: Path) -> None:
    reserved = (
        f"arn:aws:iam::{APP}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admins_0123456789abcdef"
    )
    provider = f"arn:aws:iam::{APP}:saml-provider/AWSSSO_1_DO_NOT_DELETE"
    trust = made.allow(["sts:AssumeRoleWithSAML", "sts:TagSession"], principal={"Federated": provider})
    IamCollectFolder(folder / "aws/aws").identity("role", reserved, trust_policy=made.document(trust))
    found = World(with_center(folder, FORMS["as AWS prints them, in one file"]))
    hops = [hop for each in Graph(found).hops_from.values() for hop in each if hop.kind == "identity-center"]
    assert {(hop.source, hop.target) for hop in hops} == {(f"{CENTER}/user/u-1", reserved)}
