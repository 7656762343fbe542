"""A snapshot folder made with the AWS CLI, read part by part."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathfinder.model.identity import AccessKey, IdentityProvider, InstanceProfile
from pathfinder.model.organization import Account, Snapshot
from pathfinder.model.resources import Acl, AclGrant, Bucket, KmsGrant, ObjectOwnership, PublicAccessBlock
from pathfinder.policy.document import Policy, SomePolicy, Unread
from pathfinder.snapshot.read import load
from pathfinder.snapshot.write import write
from tests.building import arn
from tests.snapshot.aws_cli_folder import ACCOUNT, MANAGEMENT, OTHER, failed, write_aws_cli
from tests.snapshot.refusals import refused

EVERYTHING = {
    "iam",
    "buckets",
    "access_keys",
    "instances",
    "endpoints",
    "keys",
    "access_points",
    "functions",
    "public_access_block",
    "multi_region_access_points",
    "object_lambda_access_points",
    "access_grants",
}
NOTHING = (
    "PublicAccessBlock",
    "OwnershipControls",
    "Acl",
    "Encryption",
    "Tagging",
    "Abac",
    "Versioning",
    "RequestPayment",
)


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    write_aws_cli(tmp_path / "made")
    return load(tmp_path / "made")


@pytest.fixture
def account(snapshot: Snapshot) -> Account:
    (found,) = snapshot.accounts
    return found


def bucket(account: Account, name: str) -> Bucket:
    return next(each for each in account.buckets if each.name == name)


def first(policy: SomePolicy | None) -> tuple[str, ...]:
    assert isinstance(policy, Policy)
    return policy.document.statements[0].actions


def test_the_organization(snapshot: Snapshot) -> None:
    (organization,) = snapshot.organizations
    assert (organization.scps_enabled, organization.rcps_enabled) == (True, False)
    units = {
        unit.id: (unit.parent, unit.name, [first(scp) for scp in unit.scps]) for unit in organization.units
    }
    assert units == {"r-ab12": (None, "Root", [("*",)]), "ou-ab12-x": ("r-ab12", "Workload", [("s3:*",)])}
    members = {
        member.account: (member.parent, [first(scp) for scp in member.scps])
        for member in organization.members
    }
    assert members == {
        ACCOUNT: ("ou-ab12-x", [("*",)]),
        MANAGEMENT: ("r-ab12", []),
        OTHER: ("ou-ab12-x", [("s3:*",)]),
    }
    on, off = PublicAccessBlock(True, True, True, True), PublicAccessBlock()
    assert organization.s3_policies == ((ACCOUNT, on), (OTHER, off))


def test_the_account_itself(account: Account) -> None:
    assert (account.id, account.name, account.partition, account.canonical_id) == (
        ACCOUNT,
        "app",
        "aws",
        "canonical-id",
    )
    assert account.known == EVERYTHING
    assert account.public_access_block is None


def test_identities(account: Account) -> None:
    ann, bob = account.users
    assert ann.access_keys == (AccessKey("AKIA1", True, "2026-01-01"), AccessKey("AKIA2", False))
    assert (ann.has_password, ann.has_mfa) == (True, False)
    assert (bob.access_keys, bob.has_password, bob.has_mfa) == ((), None, None)
    (role,) = account.roles
    assert account.instance_profiles == (
        InstanceProfile(arn(f"arn:aws:iam::{ACCOUNT}:instance-profile/app"), (role.arn,)),
    )
    assert account.providers == (
        IdentityProvider(
            arn(f"arn:aws:iam::{ACCOUNT}:oidc-provider/id.example/x"), "id.example/x", ("a", "b")
        ),
        IdentityProvider(arn(f"arn:aws:iam::{ACCOUNT}:saml-provider/idp")),
    )


def test_a_bucket_that_was_read_whole(account: Account) -> None:
    whole = bucket(account, "whole")
    assert first(whole.policy) == ("s3:GetObject",)
    assert whole == Bucket(
        arn=arn("arn:aws:s3:::whole"),
        account=account.id,
        policy=whole.policy,
        region="eu-west-1",
        public_access_block=PublicAccessBlock(True, True, False, False),
        ownership=ObjectOwnership.BUCKET_OWNER_ENFORCED,
        acl=Acl("canonical-id", (AclGrant("http://acs.amazonaws.com/groups/global/AllUsers", "READ"),)),
        kms_key="k",
        encryption="aws:kms",
        bucket_key=True,
        tags={"team": "é"},
        abac=True,
        versioned=True,
        requester_pays=True,
    )


def test_a_bucket_that_has_nothing(account: Account) -> None:
    bare = bucket(account, "bare")
    assert bare.policy is None
    assert bare.region == "us-east-1"
    assert bare.ownership is ObjectOwnership.OBJECT_WRITER
    assert (bare.public_access_block, bare.encryption, bare.tags, bare.versioned) == (None, None, {}, False)
    assert bare.unread == ("Acl", "Abac", "RequestPayment")


@pytest.mark.parametrize(
    ("name", "reason"), [("denied", "AccessDenied"), ("silent", "its document is not in the snapshot")]
)
def test_a_bucket_that_could_not_be_read(account: Account, name: str, reason: str) -> None:
    found = bucket(account, name)
    assert isinstance(found.policy, Unread)
    assert found.policy.reason == reason
    assert found.unread == NOTHING


def test_a_bucket_without_an_entry_in_the_list_counts_too(account: Account) -> None:
    unlisted = bucket(account, "unlisted")
    assert unlisted.policy is None


def test_other_resources(account: Account) -> None:
    (point,) = account.access_points
    assert (first(point.policy), point.vpc, point.public_access_block) == (
        ("s3:*",),
        "vpc-1",
        PublicAccessBlock(True),
    )
    (key,) = account.keys
    assert (first(key.policy), key.aws_managed, key.state) == (("kms:*",), False, "Enabled")
    assert key.grants == (KmsGrant("g", f"arn:aws:iam::{ACCOUNT}:role/app", ("Decrypt",), {"a": "b"}),)
    assert (key.aliases, key.tags) == (("alias/logs",), {"use": "logs"})
    (endpoint,) = account.endpoints
    assert (first(endpoint.policy), endpoint.service, endpoint.gateway) == (("*",), "sts", False)
    (function,) = account.functions
    assert (function.policy, str(function.role)) == (None, f"arn:aws:iam::{ACCOUNT}:role/app")


def test_further_ways_to_a_bucket(account: Account) -> None:
    """S3-55 to S3-57: Multi-Region and Object Lambda access points, Access Grants."""
    (many,) = account.multi_region_access_points
    assert str(many.arn) == f"arn:aws:s3::{ACCOUNT}:accesspoint/abc123.mrap"
    assert [(each.bucket, each.account) for each in many.buckets] == [("elsewhere", None), ("whole", ACCOUNT)]
    assert (first(many.policy), many.name, many.status) == (("s3:GetObject",), "many", "READY")
    assert many.public_access_block == PublicAccessBlock(restrict_public_buckets=True)
    (masked,) = account.object_lambda_access_points
    assert str(masked.supporting) == f"arn:aws:s3:eu-central-1:{ACCOUNT}:accesspoint/ap"
    assert [str(each) for each in masked.functions] == [
        f"arn:aws:lambda:eu-central-1:{ACCOUNT}:function:mask"
    ]
    assert (masked.transforms, masked.policy) == (("GetObject",), None)
    (grants,) = account.access_grants_instances
    assert first(grants.policy) == ("s3:GetObject",)
    (location,), (grant,) = grants.locations or (), grants.grants or ()
    assert (location.scope, str(location.role)) == (
        "s3://whole/logs/*",
        f"arn:aws:iam::{ACCOUNT}:role/location",
    )
    assert (grant.grantee_type, grant.grantee, grant.permission, grant.scope, grant.location) == (
        "IAM",
        f"arn:aws:iam::{ACCOUNT}:user/ann",
        "READ",
        "s3://whole/logs/app/*",
        "loc",
    )


@pytest.mark.parametrize(
    ("policy", "known"),
    [
        ({"Established": {"Policy": None}, "Proposed": {"Policy": "{}"}}, True),
        ({"Proposed": {"Policy": "{}"}}, True),
        (None, True),
    ],
)
def test_a_proposed_policy_is_not_in_force(tmp_path: Path, policy: object, known: bool) -> None:
    """S3-55: only what is established decides."""
    folder = write_aws_cli(tmp_path)
    folder.account("multi-region-access-points/many/policy.json", {"Policy": policy})
    (many,) = load(tmp_path).accounts[0].multi_region_access_points
    assert (many.policy is None) is known


def test_grants_of_a_region_whose_instance_is_not_listed(tmp_path: Path) -> None:
    folder = write_aws_cli(tmp_path)
    folder.account("access-grants-instances.json", {"AccessGrantsInstancesList": []})
    (grants,) = load(tmp_path).accounts[0].access_grants_instances
    assert isinstance(grants.policy, Unread)
    assert grants.grants
    assert grants.locations


def test_instances(account: Account) -> None:
    two, one = account.instances
    assert (one.id, one.public, one.state, one.name) == ("i-0abc", True, "running", "app")
    assert str(one.arn) == f"arn:aws:ec2:eu-central-1:{ACCOUNT}:instance/i-0abc"
    assert str(two.arn) == f"arn:aws:ec2::{ACCOUNT}:instance/i-0def"
    assert one.profile == two.profile == arn(f"arn:aws:iam::{ACCOUNT}:instance-profile/app")


def test_the_gaps(snapshot: Snapshot) -> None:
    two = ("arn:aws:s3:::bare", "arn:aws:s3:::denied")
    affects = {str(gap): gap.affects for gap in snapshot.gaps}
    assert affects[f"{ACCOUNT}: ACL of 2 buckets not known: AccessDenied"] == two
    assert affects["arn:aws:s3:::denied: resource-based policy not known: AccessDenied"] == (two[1],)
    assert affects["o-exampleorgid: 2 of its accounts not in the snapshot"] == (MANAGEMENT, OTHER)
    assert not any("organization is known" in gap for gap in affects)


def test_written_and_read_again_it_is_equal(snapshot: Snapshot, tmp_path: Path) -> None:
    write(snapshot, tmp_path / "again")
    assert load(tmp_path / "again") == snapshot


CALLS = {
    "iam/1.json": None,  # its other page says that the pages are not whole
    "s3.json": "buckets",
    "kms/eu-central-1.json": "keys",
    "lambda.json": "functions",
    "vpc-endpoints.json": "endpoints",
    "ec2-instances.json": "instances",
    "public-access-block.json": "public_access_block",
}


@pytest.mark.parametrize("file", CALLS)
def test_a_call_that_failed_is_not_known(tmp_path: Path, file: str) -> None:
    written = write_aws_cli(tmp_path)
    written.account(file, failed("AccessDeniedException", "List"))
    snapshot = load(tmp_path)
    assert snapshot.accounts[0].known == EVERYTHING - {CALLS[file] or "iam"}
    assert any("AccessDeniedException" in str(gap) and ACCOUNT in gap.affects for gap in snapshot.gaps)


@pytest.mark.parametrize("file", [file for file, kind in CALLS.items() if kind])
def test_a_missing_file_is_not_known(tmp_path: Path, file: str) -> None:
    written = write_aws_cli(tmp_path)
    written.account(file, "").unlink()
    assert load(tmp_path).accounts[0].known == EVERYTHING - {CALLS[file] or ""}


@pytest.mark.parametrize("end", [{"IsTruncated": True}, {"NextToken": "x"}, {"Incomplete": True}])
def test_pages_that_are_cut_off_are_not_known(tmp_path: Path, end: dict[str, object]) -> None:
    written = write_aws_cli(tmp_path)
    written.account("lambda.json", {"Functions": [], **end})
    assert load(tmp_path).accounts[0].known == EVERYTHING - {"functions"}


def test_an_account_known_to_be_in_no_organization(tmp_path: Path) -> None:
    written = write_aws_cli(tmp_path / "made")
    written.put("accounts/444444444444/account.json", {"Organization": None})
    written.put("accounts/555555555555/account.json", {"Account": {"Name": "from describe-account"}})
    snapshot = load(tmp_path / "made")
    _, alone, other = snapshot.accounts
    assert (alone.known, other.known, other.name) == ({"organization"}, frozenset(), "from describe-account")
    (loose,) = [gap for gap in snapshot.gaps if gap.place == "organizations"]
    assert loose.affects == ("555555555555",)
    write(snapshot, tmp_path / "again")
    assert load(tmp_path / "again") == snapshot


def test_a_group_that_is_missing_leaves_its_policies_unread(tmp_path: Path) -> None:
    written = write_aws_cli(tmp_path)
    user = {"Arn": f"arn:aws:iam::{ACCOUNT}:user/ann", "GroupList": ["Readers"]}
    written.account("iam/1.json", {"UserDetailList": [user]})
    (ann,) = load(tmp_path).accounts[0].users
    (policy,) = ann.policies
    assert isinstance(policy, Unread)
    assert policy.attached_to == f"arn:aws:iam::{ACCOUNT}:group/Readers"


def test_a_target_in_no_list_is_a_gap(tmp_path: Path) -> None:
    written = write_aws_cli(tmp_path)
    written.put("organizations/o-exampleorgid/targets/p-1.json", {"Targets": [{"TargetId": "ou-ab12-gone"}]})
    expected = (
        "ou-ab12-gone: has policies attached, and is in no list of this organization's OUs and accounts"
    )
    assert expected in map(str, load(tmp_path).gaps)


def test_without_the_organization_itself_its_files_are_a_gap(tmp_path: Path) -> None:
    write_aws_cli(tmp_path)
    (tmp_path / "organizations/o-exampleorgid/organization.json").unlink()
    snapshot = load(tmp_path)
    assert snapshot.organizations == ()
    assert any(gap.place == "organizations/o-exampleorgid/organization.json" for gap in snapshot.gaps)


def test_every_single_file_may_be_missing(tmp_path: Path) -> None:
    write_aws_cli(tmp_path)
    for file in sorted(each for each in tmp_path.rglob("*") if each.is_file()):
        content = file.read_bytes()
        file.unlink()
        load(tmp_path)
        file.write_bytes(content)


@pytest.mark.parametrize("content", ["[7]", "{}", "null", '"x"', "{"])
def test_every_single_file_may_be_broken(tmp_path: Path, content: str) -> None:
    write_aws_cli(tmp_path)
    for file in sorted(each for each in tmp_path.rglob("*") if each.is_file()):
        before = file.read_bytes()
        file.write_text(content)
        load(tmp_path, skip_invalid=True)
        error = refused(lambda: load(tmp_path))
        assert error is None or error.file == file.relative_to(tmp_path).as_posix()
        assert "\n" not in str(error)
        file.write_bytes(before)


def test_progress_is_told(tmp_path: Path) -> None:
    write_aws_cli(tmp_path)
    told: list[tuple[str, int, int]] = []
    load(tmp_path, progress=lambda *each: told.append(each))
    assert told == [("accounts", 0, 1), ("accounts", 1, 1)]
