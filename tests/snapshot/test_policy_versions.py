"""Other versions of managed policies: read, where somebody has the policy, and written again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pathfinder.model.organization import Snapshot
from pathfinder.snapshot.read import load
from pathfinder.snapshot.write import write
from tests.snapshot.test_account_authorization_details import IAM, A, attached, managed, user, version

OWN, LOOSE = f"{IAM}:policy/own", f"{IAM}:policy/loose"
AWS = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def read(folder: Path, *versions: dict[str, Any], name: str = OWN) -> Snapshot:
    details = {
        "UserDetailList": [user("ann", AttachedManagedPolicies=attached(name))],
        "GroupDetailList": [],
        "RoleDetailList": [],
        "Policies": [
            managed(name, *versions, default="v2"),
            managed(LOOSE, version("v1", "s3:*", default=False), version("v2", "s3:Get*", default=True)),
        ],
    }
    file = folder / "details.json"
    file.write_text(json.dumps(details))
    return load(str(file))


TWO = (version("v1", "s3:*", default=False), version("v2", "s3:GetObject", default=True))


def test_read(tmp_path: Path) -> None:
    """ESC-25: those of policies that somebody has; their own default version counts as ever."""
    (account,) = read(tmp_path, *TWO).accounts
    assert [(str(each.arn), each.version) for each in account.older_versions] == [(OWN, "v1")]
    assert account.older_versions[0].policy.document.statements[0].actions == ("s3:*",)
    (held,) = account.users[0].policies
    assert held.document.statements[0].actions == ("s3:GetObject",)


def test_of_a_boundary(tmp_path: Path) -> None:
    """ESC-25: a policy that is nothing but a permissions boundary has its other versions, too."""
    boundary = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": LOOSE}
    details = {
        "UserDetailList": [user("ann", PermissionsBoundary=boundary)],
        "GroupDetailList": [],
        "RoleDetailList": [],
        "Policies": [
            managed(LOOSE, version("v1", "s3:*", default=False), version("v2", "s3:Get*", default=True)),
            managed(OWN, *TWO, default="v2"),
        ],
    }
    (tmp_path / "details.json").write_text(json.dumps(details))
    found = load(str(tmp_path / "details.json"))
    (before,) = found.accounts
    assert [(str(each.arn), each.version) for each in before.older_versions] == [(LOOSE, "v1")]
    write(found, tmp_path / "written")
    (after,) = load(str(tmp_path / "written")).accounts
    assert before.older_versions == after.older_versions
    assert before.users == after.users


def test_written_and_read_again(tmp_path: Path) -> None:
    """Nothing is lost, and the default version stays the default one."""
    found = read(tmp_path, *TWO)
    write(found, tmp_path / "written")
    (before,), (after,) = found.accounts, load(str(tmp_path / "written")).accounts
    assert before.id == after.id == A
    assert before.older_versions == after.older_versions
    assert before.users == after.users


@pytest.mark.parametrize(
    "versions",
    [
        TWO[1:],
        ({"VersionId": "v1", "IsDefaultVersion": False}, TWO[1]),
        ({"VersionId": "v1", "IsDefaultVersion": False, "Document": {"Id": "x"}}, TWO[1]),
    ],
    ids=["none", "without its document", "malformed"],
)
def test_not_there(tmp_path: Path, versions: tuple[dict[str, Any], ...]) -> None:
    """What cannot be read stops nothing else."""
    (account,) = read(tmp_path, *versions).accounts
    assert account.older_versions == ()
    assert account.users[0].policies[0].document.statements[0].actions == ("s3:GetObject",)


def test_aws_managed_policies_have_none(tmp_path: Path) -> None:
    """EVAL-51: nobody changes those."""
    (account,) = read(tmp_path, *TWO, name=AWS).accounts
    assert account.older_versions == ()
