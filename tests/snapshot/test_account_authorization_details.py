"""`get-account-authorization-details` in all the ways in which people keep it."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from pathfinder.model.identity import InstanceProfile, User
from pathfinder.model.organization import Snapshot
from pathfinder.policy.document import Policy, PolicyKind, Unread
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.read import load
from pathfinder.snapshot.write import write
from tests.building import arn

A, B = "123456789012", "999999999999"
IAM = f"arn:aws:iam::{A}"
REAL = Path(__file__).parents[3] / "shared/data/cloudsplaining/account-authorization-details.json"


def document(action: str) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}


def managed(name: str, *versions: dict[str, Any], default: str = "v1") -> dict[str, Any]:
    return {"Arn": name, "PolicyName": "x", "DefaultVersionId": default, "PolicyVersionList": list(versions)}


def version(number: str, action: str, *, default: bool) -> dict[str, Any]:
    return {"VersionId": number, "IsDefaultVersion": default, "Document": document(action)}


def attached(*arns: str) -> list[dict[str, str]]:
    return [{"PolicyName": each.rsplit("/", 1)[-1], "PolicyArn": each} for each in arns]


def user(name: str, account: str = A, **more: Any) -> dict[str, Any]:
    return {"Arn": f"arn:aws:iam::{account}:user/{name}", "UserName": name, **more}


DETAILS: dict[str, Any] = {
    "UserDetailList": [
        user(
            "ann",
            UserId="AIDAANN",
            GroupList=["Readers"],
            UserPolicyList=[{"PolicyName": "own", "PolicyDocument": document("s3:PutObject")}],
            AttachedManagedPolicies=attached(f"{IAM}:policy/p"),
            PermissionsBoundary={
                "PermissionsBoundaryType": "Policy",
                "PermissionsBoundaryArn": f"{IAM}:policy/limit",
            },
            Tags=[{"Key": "team", "Value": "x"}],
        )
    ],
    "GroupDetailList": [
        {
            "Arn": f"{IAM}:group/path/Readers",
            "GroupName": "Readers",
            "GroupPolicyList": [{"PolicyName": "read", "PolicyDocument": document("s3:GetObject")}],
            "AttachedManagedPolicies": attached("arn:aws:iam::aws:policy/NotListed"),
        }
    ],
    "RoleDetailList": [
        {
            "Arn": f"{IAM}:role/path/app",
            "RoleId": "AROAAPP",
            "AssumeRolePolicyDocument": quote(json.dumps(document("sts:AssumeRole"))),
            "InstanceProfileList": [
                {"Arn": f"{IAM}:instance-profile/app", "Roles": [{"Arn": f"{IAM}:role/path/app"}]}
            ],
            "RoleLastUsed": {"LastUsedDate": "2026-01-01T00:00:00+00:00", "Region": "eu-central-1"},
            "MaxSessionDuration": 3600,
        }
    ],
    "Policies": [
        managed(
            f"{IAM}:policy/p",
            version("v1", "s3:Old", default=False),
            version("v2", "s3:New", default=True),
            default="v2",
        ),
        managed(f"{IAM}:policy/limit", version("v1", "s3:*", default=True)),
    ],
}


def put(folder: Path, name: str, content: Any) -> Path:
    (folder / name).write_text(json.dumps(content))
    return folder / name


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    return load(put(tmp_path, "details.json", DETAILS))


def only_user(snapshot: Snapshot) -> User:
    (found,) = snapshot.accounts[0].users
    return found


def summary(each: User) -> list[tuple[str, str, str]]:
    """Each policy's name, what it hangs on, and its first action or why it is not known."""
    return [
        (p.name, p.attached_to, p.document.statements[0].actions[0] if isinstance(p, Policy) else p.reason)
        for p in each.policies
    ]


def test_a_user_has_its_own_and_its_groups_policies(snapshot: Snapshot) -> None:
    ann = only_user(snapshot)
    group = f"{IAM}:group/path/Readers"
    assert summary(ann) == [
        ("arn:aws:iam::aws:policy/NotListed", group, "its document is not in the snapshot"),
        ("read", group, "s3:GetObject"),
        (f"{IAM}:policy/p", f"{IAM}:user/ann", "s3:New"),
        ("own", f"{IAM}:user/ann", "s3:PutObject"),
    ]
    assert ann.groups == (arn(group),)
    assert (ann.unique_id, ann.tags, ann.access_keys, ann.has_password) == (
        "AIDAANN",
        {"team": "x"},
        None,
        None,
    )


def test_a_policy_that_is_only_a_boundary(snapshot: Snapshot) -> None:
    boundary = only_user(snapshot).boundary
    assert isinstance(boundary, Policy)
    assert (boundary.kind, boundary.name, boundary.attached_to) == (
        PolicyKind.BOUNDARY,
        f"{IAM}:policy/limit",
        f"{IAM}:user/ann",
    )


def test_a_boundary_that_is_not_listed(tmp_path: Path) -> None:
    snapshot = load(put(tmp_path, "d.json", {**DETAILS, "Policies": []}))
    assert isinstance(only_user(snapshot).boundary, Unread)


def test_a_role(snapshot: Snapshot) -> None:
    (role,) = snapshot.accounts[0].roles
    assert isinstance(role.trust, Policy)
    assert role.trust.document.statements[0].actions == ("sts:AssumeRole",)
    assert (role.unique_id, role.last_used, role.max_session_seconds) == (
        "AROAAPP",
        "2026-01-01T00:00:00+00:00",
        3600,
    )
    assert snapshot.accounts[0].instance_profiles == (
        InstanceProfile(arn(f"{IAM}:instance-profile/app"), (role.arn,)),
    )


def test_what_is_not_known(snapshot: Snapshot) -> None:
    (account,) = snapshot.accounts
    assert account.known == {"iam"}
    assert [str(gap) for gap in snapshot.gaps] == [
        f"{A}: not in the snapshot, or not completely: buckets, access keys, instances, endpoints, keys, "
        "access points, functions, public access block",
        "arn:aws:iam::aws:policy/NotListed: identity-based policy not known: its document is not in the snapshot",
        "organizations: no organization is known for these accounts; no SCP and no RCP is taken into account",
    ]
    assert snapshot.gaps[1].affects == (f"{IAM}:group/path/Readers", f"{IAM}:user/ann")


def pages() -> list[dict[str, Any]]:
    """A page for each list, the last one saying so."""
    found = [{name: entries, "IsTruncated": True, "Marker": name} for name, entries in DETAILS.items()]
    return [*found[:-1], {**found[-1], "IsTruncated": False}]


def test_an_array_of_pages(tmp_path: Path, snapshot: Snapshot) -> None:
    assert load(put(tmp_path, "pages.json", pages())) == snapshot


@pytest.mark.parametrize("order", [1, -1])
def test_a_folder_of_pages_in_any_order(tmp_path: Path, snapshot: Snapshot, order: int) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    for index, page in enumerate(pages()[::order]):
        put(folder, f"{index}.json", page)
    assert load(folder) == snapshot


def test_the_last_page_missing(tmp_path: Path) -> None:
    snapshot = load(put(tmp_path, "pages.json", pages()[:-1]))
    assert snapshot.accounts[0].known == frozenset()
    assert "pages.json: is truncated; the pages after it are missing" in map(str, snapshot.gaps)


def test_accounts_merged_into_one_file(tmp_path: Path) -> None:
    policy = "arn:aws:iam::aws:policy/Shared"
    content = {
        "UserDetailList": [
            user("b", B, GroupList=["G"]),
            user("a", A, AttachedManagedPolicies=attached(policy)),
        ],
        "GroupDetailList": [
            {
                "Arn": f"arn:aws:iam::{account}:group/G",
                "GroupPolicyList": [{"PolicyName": f"of-{account}", "PolicyDocument": document("s3:*")}],
            }
            for account in (A, B)
        ],
        "Policies": [managed(policy, version("v1", "s3:*", default=True))],
    }
    one, two = load(put(tmp_path, "merged.json", content)).accounts
    assert (one.id, two.id) == (A, B)
    assert [policy.name for policy in two.users[0].policies] == [f"of-{B}"]
    assert isinstance(one.users[0].policies[0], Policy)


@pytest.mark.parametrize("partition", ["aws-cn", "aws-us-gov"])
def test_partitions(tmp_path: Path, partition: str) -> None:
    content = {"UserDetailList": [{"Arn": f"arn:{partition}:iam::{A}:user/ann", "GroupList": ["G"]}]}
    (account,) = load(put(tmp_path, "d.json", content)).accounts
    assert account.partition == partition
    assert account.users[0].groups[0].partition == partition


VERSIONS = {
    # what makes a version the default
    "flag": ([version("v1", "s3:A", default=False), version("v2", "s3:B", default=True)], "v1", "s3:B"),
    "id": ([version("v1", "s3:A", default=False), version("v2", "s3:B", default=False)], "v2", "s3:B"),
    "only one": ([version("v7", "s3:A", default=False)], "v8", "s3:A"),
    "none": ([version("v1", "s3:A", default=False), version("v2", "s3:B", default=False)], "v3", None),
    "empty": ([], "v1", None),
}


@pytest.mark.parametrize("case", VERSIONS)
def test_the_default_version_counts(tmp_path: Path, case: str) -> None:
    versions, default, action = VERSIONS[case]
    content = {
        "UserDetailList": [user("ann", AttachedManagedPolicies=attached(f"{IAM}:policy/p"))],
        "Policies": [managed(f"{IAM}:policy/p", *versions, default=default)],
    }
    (policy,) = only_user(load(put(tmp_path, "d.json", content))).policies
    assert (policy.document.statements[0].actions[0] if isinstance(policy, Policy) else None) == action


def test_the_same_entry_twice(tmp_path: Path) -> None:
    other = user("ann", Tags=[{"Key": "a", "Value": "b"}])
    twice = {"UserDetailList": [user("ann"), user("ann"), other]}
    snapshot = load(put(tmp_path, "d.json", twice))
    assert only_user(snapshot).tags == {}
    differing = [gap for gap in snapshot.gaps if gap.place == f"{IAM}:user/ann"]
    assert [gap.reason for gap in differing] == [
        "d.json: UserDetailList[2] differs from an entry before; that one counts"
    ]


def test_nulls_for_lists(tmp_path: Path) -> None:
    nulls = dict.fromkeys(
        ("UserPolicyList", "GroupList", "AttachedManagedPolicies", "Tags", "PermissionsBoundary")
    )
    assert only_user(load(put(tmp_path, "d.json", {"UserDetailList": [user("ann", **nulls)]}))).policies == ()


def test_a_file_that_names_no_account(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        load(put(tmp_path, "d.json", {"UserDetailList": []}))
    assert (
        str(error.value)
        == "d.json: names no account: there is no user, group, role or policy in it. Fix the file."
    )


@pytest.mark.skipif(not REAL.exists(), reason="the shared folder is not here")
def test_a_real_file(tmp_path: Path) -> None:
    """Source: salesforce/cloudsplaining, examples/files/example.json."""
    load(REAL)
    start = time.perf_counter()
    snapshot = load(REAL)
    assert time.perf_counter() - start < 1
    small, large = snapshot.accounts
    assert (small.id, len(small.users), len(small.roles), len(small.groups)) == ("012345678901", 3, 3, 2)
    assert (large.id, len(large.users), len(large.roles), len(large.groups)) == ("200611803367", 41, 75, 3)
    policies = [p for a in snapshot.accounts for each in (*a.users, *a.roles) for p in each.policies]
    assert policies
    assert not any(isinstance(policy, Unread) for policy in policies)
    assert len(snapshot.gaps) == 3
    write(snapshot, tmp_path / "snapshot")
    assert load(tmp_path / "snapshot") == snapshot
