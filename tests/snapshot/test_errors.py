"""Every kind of unusable input: one exact line, and with skip_invalid a gap and the rest."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pathfinder.model.organization import Snapshot
from pathfinder.policy.document import Policy, Unread
from pathfinder.snapshot import files
from pathfinder.snapshot.decoding import decode, decode_pages
from pathfinder.snapshot.errors import InputError, join_place, one_line
from pathfinder.snapshot.read import load
from pathfinder.snapshot.shapes.iam import AuthorizationDetails
from tests.snapshot.refusals import refused

A = "123456789012"
S3 = f"accounts/{A}/s3.json"
IAM = f"accounts/{A}/iam.json"
GO_ON = "Fix the file, or run with --skip-invalid to go on without this"
ALLOW = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}


def bucket_policy(policy: Any) -> dict[str, Any]:
    return {"Buckets": [{"Name": "first", "Policy": None}, {"Name": "second", "Policy": policy}]}


def role(**changes: Any) -> dict[str, Any]:
    entry = {"Arn": f"arn:aws:iam::{A}:role/app", "AssumeRolePolicyDocument": {"Statement": []}, **changes}
    return {"RoleDetailList": [{"Arn": f"arn:aws:iam::{A}:role/other"}, entry]}


CASES: list[tuple[str, str, Any, str]] = [
    # case, file, content, the line
    (
        "effect",
        S3,
        bucket_policy({"Statement": [{"Effect": "allow", "Action": "*"}]}),
        f'Buckets[1].Policy.Statement[0].Effect is "allow"; AWS accepts Allow or Deny. {GO_ON} statement.',
    ),
    (
        "effect in text",
        S3,
        bucket_policy(json.dumps({"Statement": [{"Effect": "DENY", "Action": "*"}]})),
        f'Buckets[1].Policy.Statement[0].Effect is "DENY"; AWS accepts Allow or Deny. {GO_ON} statement.',
    ),
    (
        "effect in URL-encoded text",
        S3,
        bucket_policy("%7B%22Statement%22%3A%5B%7B%22Effect%22%3A%22no%22%7D%5D%7D"),
        f'Buckets[1].Policy.Statement[0].Effect is "no"; AWS accepts Allow or Deny. {GO_ON} statement.',
    ),
    (
        "no statement",
        S3,
        bucket_policy({"Version": "2012-10-17"}),
        f"Buckets[1].Policy.Statement is missing; a policy has one statement or a list of them. {GO_ON} policy.",
    ),
    (
        "version",
        S3,
        bucket_policy({"Version": "2020-01-01", "Statement": []}),
        f'Buckets[1].Policy.Version is "2020-01-01"; AWS accepts 2012-10-17 or 2008-10-17. {GO_ON} policy.',
    ),
    (
        "a list for a policy",
        S3,
        bucket_policy([]),
        f"Buckets[1].Policy is a list; a policy is an object with Statement. {GO_ON} policy.",
    ),
    (
        "keys that repeat",
        S3,
        '{"Buckets":[{"Name":"b","Policy":{"Statement":[{"Effect":"Deny","Effect":"Allow","Action":"*"}]}}]}',
        f"Buckets[0].Policy.Effect stands twice in one object; keys must not repeat. {GO_ON} policy.",
    ),
    (
        "text that is no JSON",
        S3,
        bucket_policy("{oops"),
        "Buckets[1].Policy is not JSON (line 1, column 2: Expecting property name enclosed in double quotes). "
        f"{GO_ON} policy.",
    ),
    (
        "a policy nested too deep",
        S3,
        bucket_policy('{"a":' * 100_000),
        f"Buckets[1].Policy is nested deeper than any policy. {GO_ON} policy.",
    ),
    (
        "half a surrogate pair",
        S3,
        bucket_policy('{"Statement": [{"Sid": "\\ud800", "Effect": "Allow", "Action": "*"}]}'),
        f"Buckets[1].Policy holds half of a surrogate pair, which is no character. {GO_ON} policy.",
    ),
    (
        "an entry without a name",
        S3,
        {"Buckets": [{"Name": "first"}, {"Policy": None}]},
        f"Buckets[1] has no Name. {GO_ON} entry.",
    ),
    (
        "a wrong type",
        S3,
        {"Buckets": [{"Name": 7}]},
        f"Buckets[0].Name is a whole number; text was expected. {GO_ON} entry.",
    ),
    (
        "a wrong type on a second page",
        S3,
        [{"Buckets": []}, {"Buckets": [{"Name": None}]}],
        f"[1].Buckets[0].Name is null; text was expected. {GO_ON} entry.",
    ),
    (
        "a list that is none",
        S3,
        {"Buckets": "first"},
        f"Buckets is text; a list or null was expected. {GO_ON} file.",
    ),
    (
        "no object",
        S3,
        "7",
        f"is a whole number; an object was expected. {GO_ON} file.",
    ),
    (
        "cut off",
        S3,
        '{"Buckets": [{"Name": "b"',
        f"is not JSON: it ends in the middle. {GO_ON} file.",
    ),
    ("empty", S3, " \n", f"is empty; JSON was expected. {GO_ON} file."),
    (
        "no JSON",
        S3,
        '{"Buckets":\n  [NaN]}',
        f"is not JSON (line 2, column 4: invalid character). {GO_ON} file.",
    ),
    (
        "more after the end",
        S3,
        '{"Buckets": []}\n{"Buckets": []}',
        f"is not JSON (line 2, column 1: trailing characters). {GO_ON} file.",
    ),
    (
        "no UTF-8",
        S3,
        b'{"Buckets":\n [{"Name": "\xff"}]}',
        f"is not UTF-8 text (byte 0xff in line 2). {GO_ON} file.",
    ),
    ("no UTF-16", S3, b"\xff\xfe{", f"is not UTF-16 text, though it begins so. {GO_ON} file."),
    (
        "nested too deep",
        S3,
        '{"Odd": ' + "[" * 100_000 + "]" * 100_000 + "}",
        f"is nested deeper than anything AWS writes. {GO_ON} file.",
    ),
    (
        "no ARN",
        IAM,
        role(Arn="app"),
        f'RoleDetailList[1].Arn is "app"; the ARN of a role was expected. {GO_ON} entry.',
    ),
    (
        "a user's ARN for a role",
        IAM,
        role(Arn=f"arn:aws:iam::{A}:user/app"),
        f'RoleDetailList[1].Arn is "arn:aws:iam::{A}:user/app"; the ARN of a role was expected. {GO_ON} entry.',
    ),
    (
        "another account",
        IAM,
        role(Arn="arn:aws:iam::999999999999:role/app"),
        'RoleDetailList[1].Arn is "arn:aws:iam::999999999999:role/app"; '
        f"this folder is for account {A}. {GO_ON} entry.",
    ),
    (
        "a trust policy",
        IAM,
        role(AssumeRolePolicyDocument={"Statement": "x"}),
        "RoleDetailList[1].AssumeRolePolicyDocument.Statement is a text; "
        f"a policy has one statement or a list of them. {GO_ON} policy.",
    ),
    (
        "an inline policy",
        IAM,
        role(RolePolicyList=[{"PolicyName": "p", "PolicyDocument": {"Statement": [ALLOW, "x"]}}]),
        "RoleDetailList[1].RolePolicyList[0].PolicyDocument.Statement[1] is a text; a statement is an object. "
        f"{GO_ON} policy.",
    ),
    (
        "a managed policy",
        IAM,
        {
            **role(AttachedManagedPolicies=[{"PolicyArn": "arn:aws:iam::aws:policy/P", "PolicyName": "P"}]),
            "Policies": [
                {
                    "Arn": "arn:aws:iam::aws:policy/P",
                    "DefaultVersionId": "v2",
                    "PolicyVersionList": [{"VersionId": "v1"}, {"VersionId": "v2", "Document": {"Id": "x"}}],
                }
            ],
        },
        "Policies[0].PolicyVersionList[1].Document.Statement is missing; "
        f"a policy has one statement or a list of them. {GO_ON} policy.",
    ),
    (
        "an ownership that AWS does not know",
        S3,
        {"Buckets": [{"Name": "b", "OwnershipControls": {"Rules": [{"ObjectOwnership": "Mine"}]}}]},
        "Buckets[0].OwnershipControls.Rules[0].ObjectOwnership is not usable: Invalid enum value 'Mine'. "
        f"{GO_ON} entry.",
    ),
    (
        "a key's ARN",
        f"accounts/{A}/kms.json",
        {"Keys": [{"KeyArn": "1234"}]},
        f'Keys[0].KeyArn is "1234"; the ARN of a KMS key was expected. {GO_ON} entry.',
    ),
    (
        "an access point's ARN",
        f"accounts/{A}/access-points.json",
        {"AccessPointList": [{"AccessPointArn": "x", "Bucket": "b"}]},
        f'AccessPointList[0].AccessPointArn is "x"; an access point\'s ARN was expected. {GO_ON} entry.',
    ),
    (
        "a Multi-Region Access Point's bucket owner",
        f"accounts/{A}/multi-region-access-points.json",
        {
            "AccessPoints": [
                {"Name": "m", "Alias": "m.mrap", "Regions": [{"Bucket": "b", "BucketAccountId": "x"}]}
            ]
        },
        f'AccessPoints[0].Regions[0].BucketAccountId is "x"; twelve digits were expected. {GO_ON} entry.',
    ),
    (
        "an Object Lambda access point's ARN",
        f"accounts/{A}/object-lambda-access-points.json",
        {"ObjectLambdaAccessPointList": [{"ObjectLambdaAccessPointArn": "x"}]},
        'ObjectLambdaAccessPointList[0].ObjectLambdaAccessPointArn is "x"; an Object Lambda access point\'s ARN '
        f"was expected. {GO_ON} entry.",
    ),
    (
        "an Access Grants instance's ARN",
        f"accounts/{A}/access-grants-instances.json",
        {"AccessGrantsInstancesList": [{"AccessGrantsInstanceArn": "x"}]},
        'AccessGrantsInstancesList[0].AccessGrantsInstanceArn is "x"; an ARN of S3 Access Grants was expected. '
        f"{GO_ON} entry.",
    ),
    (
        "an instance profile's ARN",
        f"accounts/{A}/ec2-instances.json",
        {"Reservations": [{"Instances": [{"InstanceId": "i-0", "IamInstanceProfile": {"Arn": "x"}}]}]},
        'Reservations[0].Instances[0].IamInstanceProfile.Arn is "x"; an instance profile\'s ARN was expected. '
        f"{GO_ON} entry.",
    ),
    (
        "a function's role",
        f"accounts/{A}/lambda.json",
        {"Functions": [{"FunctionArn": f"arn:aws:lambda:eu-west-1:{A}:function:f", "Role": "x"}]},
        f'Functions[0].Role is "x"; the ARN of a role was expected. {GO_ON} entry.',
    ),
    (
        "a credential report",
        f"accounts/{A}/credential-report.csv",
        "a,b\n1,2\n",
        f"has no columns user, password_enabled and mfa_active; a credential report was expected. {GO_ON} file.",
    ),
    (
        "a part of a bucket",
        f"accounts/{A}/s3/b/acl.json",
        {"Grants": 5},
        f"Acl.Grants is a whole number; a list or null was expected. {GO_ON} file.",
    ),
    (
        "an organization's management account",
        "organizations/o-x/organization.json",
        {"Organization": {"Id": "o-x", "MasterAccountId": "12"}},
        f'Organization.MasterAccountId is "12"; twelve digits were expected. {GO_ON} organization.',
    ),
    (
        "a member",
        "organizations/o-x/members/r-x.json",
        {"Accounts": [{"Id": "12"}]},
        f'Accounts[0].Id is "12"; twelve digits were expected. {GO_ON} entry.',
    ),
    (
        "an account's folder",
        "accounts/prod/iam.json",
        {},
        f"is no account id; each folder in accounts is named by twelve digits. {GO_ON} folder.",
    ),
]


@dataclass
class Folder:
    """A sound snapshot folder that a test then spoils."""

    root: Path

    def put(self, file: str, content: Any) -> None:
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path)
    made.put("pathfinder.json", {"format_version": 1})
    made.put(f"accounts/{A}/account.json", {})
    made.put(
        f"accounts/{A}/vpc-endpoints.json",
        {"VpcEndpoints": [{"VpcEndpointId": "vpce-1", "ServiceName": "s3"}]},
    )
    made.put("organizations/o-x/organization.json", {"Organization": {"Id": "o-x", "MasterAccountId": A}})
    return made


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as error:
        load(path)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize(
    ("file", "content", "line"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_the_line(folder: Folder, file: str, content: Any, line: str) -> None:
    folder.put(file, content)
    named = "accounts/prod" if "prod" in file else file
    assert refusal(folder.root) == f"{named}: {line}"


@pytest.mark.parametrize(
    ("file", "content", "line"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_going_on_without_it(folder: Folder, file: str, content: Any, line: str) -> None:
    before = load(folder.root)
    folder.put(file, content)
    snapshot = load(folder.root, skip_invalid=True)
    assert [each.id for each in snapshot.accounts] == [A]
    assert len(snapshot.accounts[0].endpoints) == 1
    assert set(snapshot.gaps) - set(before.gaps)


def test_a_statement_left_out_is_a_fault_of_its_policy(folder: Folder) -> None:
    folder.put(
        S3, bucket_policy({"Statement": [{"Effect": "allow", "Action": "*"}, {**ALLOW, "Sid": "good"}]})
    )
    snapshot = load(folder.root, skip_invalid=True)
    _, second = snapshot.accounts[0].buckets
    assert isinstance(second.policy, Policy)
    bad, good = second.policy.document.statements
    assert (bad.effect, bad.fault) == (None, 'Effect is "allow"; AWS accepts Allow or Deny')
    assert (good.sid, good.fault) == ("good", None)
    expected = 'arn:aws:s3:::second: resource-based policy, Statement[0]: Effect is "allow"; AWS accepts Allow or Deny'
    assert expected in map(str, snapshot.gaps)


def test_a_policy_left_out_is_unread(folder: Folder) -> None:
    folder.put(S3, bucket_policy({"Statement": "x"}))
    first, second = load(folder.root, skip_invalid=True).accounts[0].buckets
    assert first.policy is None
    assert isinstance(second.policy, Unread)
    assert second.policy.reason == (
        f"{S3}: Buckets[1].Policy.Statement is a text; a policy has one statement or a list of them; left out"
    )


def test_an_entry_left_out_leaves_the_others(folder: Folder) -> None:
    folder.put(S3, {"Buckets": [{"Name": "a"}, {"Name": 7}, {"Name": "c"}]})
    snapshot = load(folder.root, skip_invalid=True)
    (account,) = snapshot.accounts
    assert [each.name for each in account.buckets] == ["a", "c"]
    assert "buckets" not in account.known
    expected = f"{S3}: Buckets[1].Name is a whole number; text was expected; left out"
    assert expected in map(str, snapshot.gaps)


def test_a_bucket_that_two_accounts_list(folder: Folder) -> None:
    """TERM-5: a bucket has one owner; whose it is, nobody can tell from that."""
    other = "210987654321"
    for account in (A, other):
        folder.put(f"accounts/{account}/s3.json", {"Buckets": [{"Name": "mine"}, {"Name": f"b-{account}"}]})
    reason = f"Buckets[0] is the bucket mine, which account {A} lists too; a bucket has one owner"
    assert refusal(folder.root) == f"accounts/{other}/s3.json: {reason}. {GO_ON} entry."
    found = load(folder.root, skip_invalid=True)
    names = {account.id: [bucket.name for bucket in account.buckets] for account in found.accounts}
    assert names == {A: [f"b-{A}", "mine"], other: [f"b-{other}"]}
    assert ["buckets" in account.known for account in found.accounts] == [True, False]
    assert any("lists too" in gap.reason and "arn:aws:s3:::mine" in gap.affects for gap in found.gaps)


def test_faults_of_statements_are_gaps_always(folder: Folder) -> None:
    folder.put(S3, bucket_policy({"Statement": [{"Effect": "Deny", "Resource": "*"}]}))
    snapshot = load(folder.root)
    assert [gap for gap in snapshot.gaps if gap.affects == ("arn:aws:s3:::second",)]


def test_a_snapshot_of_another_version(folder: Folder) -> None:
    folder.put("pathfinder.json", {"format_version": 2})
    assert refusal(folder.root) == (
        "pathfinder.json: format_version is 2; this pathfinder reads 1. "
        "Use the pathfinder that wrote it, or make the snapshot anew."
    )


def test_a_folder_for_a_file(folder: Folder) -> None:
    (folder.root / S3).mkdir(parents=True)
    assert refusal(folder.root) == f"{S3}: is a folder; a file was expected. {GO_ON} file."


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(folder: Folder) -> None:
    folder.put(S3, {"Buckets": []})
    (folder.root / S3).chmod(0)
    assert refusal(folder.root) == f"{S3}: cannot be read: Permission denied. {GO_ON} file."


def test_a_file_that_the_system_refuses(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.put(S3, {"Buckets": []})

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert refusal(folder.root) == f"pathfinder.json: cannot be read: Permission denied. {GO_ON} file."


def test_a_link_to_itself(folder: Folder) -> None:
    (folder.root / S3).symlink_to(folder.root / S3)
    assert refusal(folder.root) == f"{S3}: cannot be read: Too many levels of symbolic links. {GO_ON} file."


def test_a_folder_linked_into_itself(folder: Folder) -> None:
    (folder.root / "accounts/123456789013").symlink_to(folder.root / "accounts", target_is_directory=True)
    load(folder.root)
    (folder.root / "accounts/123456789014").symlink_to(folder.root / "accounts/123456789014")
    load(folder.root)


def test_a_pipe(folder: Folder) -> None:
    os.mkfifo(folder.root / S3)
    assert refusal(folder.root) == f"{S3}: is no regular file. {GO_ON} file."


def test_a_huge_file(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_FILE", 1 << 20)
    folder.put(S3, " " * (1 << 20) + "1")
    assert refusal(folder.root) == f"{S3}: holds more than 1 MiB. {GO_ON} file."


def test_a_huge_text_is_shortened(folder: Folder) -> None:
    folder.put(IAM, role(Arn="x" * 1_000_000))
    assert len(refusal(folder.root)) < 1000


def test_hostile_text_stays_on_its_line(folder: Folder) -> None:
    folder.put(IAM, role(Arn="a\nb\x1b[31m\u2028"))
    assert 'Arn is "a\\nb\\x1b[31m\\u2028";' in refusal(folder.root)


@pytest.mark.parametrize(
    ("parts", "joined"),
    [(("a", "b[0]", "[1]", "", "c"), "a.b[0][1].c"), (("", "[0]", "a"), "[0].a"), (("",), "")],
)
def test_places_are_joined(parts: tuple[str, ...], joined: str) -> None:
    assert join_place(*parts) == joined


@given(st.text())
def test_one_line_is_one_line_and_done_once(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1
    assert one_line(one_line(text)) == one_line(text)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "Arn",
                    "RoleDetailList",
                    "RolePolicyList",
                    "PolicyName",
                    "PolicyDocument",
                    "Statement",
                    "Tags",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=300)
@given(anything)
def test_no_json_is_a_traceback(value: Any) -> None:
    content = json.dumps(value).encode()
    for skip in (None, lambda _error: None):
        error = refused(lambda skip=skip: decode_pages(content, AuthorizationDetails, "file", skip))
        assert error is None or str(error).startswith("file: ")


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=40))
def test_no_bytes_are_a_traceback(content: bytes) -> None:
    error = refused(lambda: decode(content, AuthorizationDetails, "file"))
    assert error is None or str(error).startswith("file: ")


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=anything)
def test_whatever_stands_in_a_snapshot(tmp_path: Path, value: Any) -> None:
    made = Folder(tmp_path)
    made.put("pathfinder.json", {"format_version": 1})
    made.put(
        IAM, {"RoleDetailList": [{"Arn": f"arn:aws:iam::{A}:role/r", "AssumeRolePolicyDocument": value}]}
    )
    assert isinstance(load(tmp_path, skip_invalid=True), Snapshot)
