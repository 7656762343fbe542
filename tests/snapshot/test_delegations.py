"""Delegated administrators and the organization's resource policy as the AWS CLI prints them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pathfinder.model.organization import DelegatedAdministrator, Organization
from pathfinder.policy.document import Policy, Unread
from pathfinder.snapshot.read import load
from pathfinder.snapshot.write import write
from tests.snapshot.aws_cli_folder import failed

MANAGEMENT, MEMBER = "1" * 12, "2" * 12
BASE = "organizations/o-exampleorgid"
DOCUMENT = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{MEMBER}:root"},
            "Action": "organizations:UpdatePolicy",
            "Resource": "*",
        }
    ],
}
LISTED = {
    "DelegatedAdministrators": [{"Id": MEMBER, "Arn": "arn:x", "Status": "ACTIVE", "JoinedMethod": "CREATED"}]
}
SERVICES = {
    "DelegatedServices": [{"ServicePrincipal": "sso.amazonaws.com", "DelegationEnabledDate": "2026-01-01"}]
}


def organization(folder: Path, files: dict[str, Any], **how: bool) -> Organization:
    """The organization of a folder with these files besides."""
    every = {
        f"{BASE}/organization.json": {
            "Organization": {"Id": "o-exampleorgid", "MasterAccountId": MANAGEMENT}
        },
        **{f"{BASE}/{name}": content for name, content in files.items()},
    }
    for name, content in every.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content if isinstance(content, str) else json.dumps(content))
    (found,) = load(folder, **how).organizations
    write(load(folder, **how), folder / "again")
    assert load(folder / "again").organizations == (found,)
    return found


def test_delegated_administrators(tmp_path):
    """STS-23: with the services that each administers."""
    files = {"delegated-administrators.json": LISTED, f"delegated-services/{MEMBER}.json": SERVICES}
    found = organization(tmp_path, files).delegated_administrators
    assert found == (DelegatedAdministrator(MEMBER, ("sso.amazonaws.com",)),)


CASES = [
    ("nothing", {}, None),
    ("none", {"delegated-administrators.json": {"DelegatedAdministrators": []}}, ()),
    ("no services", {"delegated-administrators.json": LISTED}, (DelegatedAdministrator(MEMBER, None),)),
    ("refused", {"delegated-administrators.json": failed("AccessDeniedException", "Describe")}, None),
    ("not whole", {"delegated-administrators.json": {**LISTED, "Incomplete": True}}, None),
]


@pytest.mark.parametrize(("name", "files", "expected"), CASES)
def test_what_is_not_known(tmp_path, name, files, expected):
    """Not known is neither none nor all."""
    assert organization(tmp_path, files).delegated_administrators == expected


def test_the_resource_policy(tmp_path):
    """ESC-35: its content is text that holds JSON, as AWS prints it."""
    detail = {"ResourcePolicySummary": {"Id": "rp-1", "Arn": "arn:x"}, "Content": json.dumps(DOCUMENT)}
    found = organization(tmp_path, {"resource-policy.json": {"ResourcePolicy": detail}})
    assert isinstance(found.resource_policy, Policy)
    assert found.resource_policy.document.statements[0].actions == ("organizations:UpdatePolicy",)
    assert found.resource_policy_known


def test_no_resource_policy(tmp_path):
    """AWS says that there is none by an error; any other error, or no file, says nothing."""
    none = organization(
        tmp_path / "a",
        {"resource-policy.json": failed("ResourcePolicyNotFoundException", "DescribeResourcePolicy")},
    )
    assert (none.resource_policy, none.resource_policy_known) == (None, True)
    refused = organization(
        tmp_path / "b", {"resource-policy.json": failed("AccessDeniedException", "Describe")}
    )
    missing = organization(tmp_path / "c", {})
    for found in (refused, missing):
        assert (found.resource_policy, found.resource_policy_known) == (None, False)


def test_a_malformed_resource_policy(tmp_path):
    """What cannot be read is there, and not known."""
    detail = {"ResourcePolicy": {"Content": "{"}}
    found = organization(tmp_path, {"resource-policy.json": detail}, skip_invalid=True)
    assert isinstance(found.resource_policy, Unread)
