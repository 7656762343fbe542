"""`import`, and inputs that are partly or wholly unusable."""

from __future__ import annotations

import copy
import json

import pytest

from tests.cli.run import run

DETAILS = {
    "UserDetailList": [],
    "GroupDetailList": [],
    "Policies": [],
    "RoleDetailList": [
        {
            "Path": "/",
            "RoleName": "reader",
            "RoleId": "AROAEXAMPLE",
            "Arn": "arn:aws:iam::123456789012:role/reader",
            "CreateDate": "2026-01-01T00:00:00+00:00",
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "ec2.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                    }
                ],
            },
            "InstanceProfileList": [],
            "RolePolicyList": [
                {
                    "PolicyName": "read",
                    "PolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": [
                            {
                                "Effect": "Allow",
                                "Action": "s3:GetObject",
                                "Resource": "arn:aws:s3:::my-bucket/*",
                            }
                        ],
                    },
                }
            ],
            "AttachedManagedPolicies": [],
            "Tags": [],
        }
    ],
}


@pytest.fixture
def details(tmp_path):
    file = tmp_path / "details.json"
    file.write_text(json.dumps(DETAILS))
    return file


@pytest.fixture
def broken(tmp_path):
    document = copy.deepcopy(DETAILS)
    policy = document["RoleDetailList"][0]["RolePolicyList"][0]["PolicyDocument"]
    policy["Statement"].append({"Effect": "Permit", "Action": "s3:*", "Resource": "*"})
    file = tmp_path / "broken.json"
    file.write_text(json.dumps(document))
    return file


@pytest.mark.parametrize("place", [[], ["--out"]])
def test_a_snapshot_is_made_and_can_be_asked(details, tmp_path, place):
    snapshot = tmp_path / "snapshot"
    done = run("import", "account-authorization-details", details, *place, snapshot)
    assert (done.status, done.out) == (0, "")
    assert f"wrote {snapshot}: 1 account, 1 user or role, 0 buckets\n" in done.err
    assert "gap: " in done.err
    assert run("import", "account-authorization-details", details, tmp_path / "quiet", "--quiet").err == ""
    imported = run("routes", snapshot, "--output", "json")
    direct = run("routes", details, "--output", "json")
    assert imported.status == direct.status == 0
    assert json.loads(imported.out)["routes"] == json.loads(direct.out)["routes"] != []


def test_a_source_that_does_not_exist_is_one_line(tmp_path):
    error = run("import", "iam-collect", tmp_path / "nowhere", tmp_path / "snapshot").error
    assert error.startswith(f"{tmp_path / 'nowhere'}: ")
    assert not (tmp_path / "snapshot").exists()


def test_what_is_malformed_is_named_with_its_place(broken):
    error = run("routes", broken).error
    assert "broken.json: RoleDetailList[0]." in error
    assert "Statement[1].Effect" in error
    assert "--skip-invalid" in error


def test_skip_invalid_goes_on_and_names_the_gap(broken):
    done = run("routes", broken, "--skip-invalid", "--output", "json")
    assert (done.status, done.err) == (0, "")
    assert any("Effect" in gap["reason"] for gap in json.loads(done.out)["gaps"])


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b"null", b'{"a": 1}', b"[" * 100_000])
def test_what_is_no_snapshot_is_one_line(content, tmp_path):
    file = tmp_path / "input.json"
    file.write_bytes(content)
    assert "input.json: " in run("routes", file).error
