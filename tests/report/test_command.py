from __future__ import annotations

import json
import shlex
import subprocess

import pytest

from pathfinder.graph.hop import Witness
from pathfinder.report.command import command_lines, quoted
from tests.report.made import HOSTILE

ROLE = "arn:aws:iam::999999999999:role/S3AccessRole"
CASES = [
    (
        "object",
        "s3:GetObject",
        "arn:aws:s3:::b/a/c",
        {},
        "aws s3api get-object --bucket b --key a/c /dev/null",
    ),
    ("any case", "S3:putobject", "arn:aws:s3:::b/a", {}, "aws s3api put-object --bucket b --key a"),
    ("partition", "s3:DeleteObject", "arn:aws-cn:s3:::b/a", {}, "aws s3api delete-object --bucket b --key a"),
    (
        "space",
        "s3:GetObject",
        "arn:aws:s3:::b/a b",
        {},
        "aws s3api get-object --bucket b --key 'a b' /dev/null",
    ),
    ("list", "s3:ListBucket", "arn:aws:s3:::b", {}, "aws s3api list-objects-v2 --bucket b"),
    ("settings", "s3:GetBucketPolicy", "arn:aws:s3:::b", {}, "aws s3api get-bucket-policy --bucket b"),
    (
        "dash",
        "s3:PutObject",
        "arn:aws:s3:::b/--endpoint-url=x",
        {},
        "aws s3api put-object --bucket b --key=--endpoint-url=x",
    ),
    (
        "assume",
        "sts:AssumeRole",
        ROLE,
        {},
        f"aws sts assume-role --role-arn {ROLE} --role-session-name pathfinder",
    ),
    (
        "external id",
        "sts:AssumeRole",
        ROLE,
        {"sts:ExternalId": "$(id)", "sts:RoleSessionName": "me"},
        f"aws sts assume-role --role-arn {ROLE} --role-session-name me --external-id '$(id)'",
    ),
    ("no command", "s3:PutBucketPolicy", "arn:aws:s3:::b", {}, "# s3:PutBucketPolicy on arn:aws:s3:::b"),
    (
        "no S3",
        "kms:Decrypt",
        "arn:aws:kms:eu-west-1:999999999999:key/1",
        {},
        "# kms:Decrypt on arn:aws:kms:eu-west-1:999999999999:key/1",
    ),
]


@pytest.mark.parametrize(
    ("action", "resource", "context", "line"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_the_command(action, resource, context, line):
    assert command_lines(Witness("me", action, resource, None, context), ())[-1] == line


def test_who_makes_it():
    anyone = Witness("anonymous", "s3:ListBucket", "arn:aws:s3:::b", None, {})
    assert command_lines(anyone, ())[-1] == "aws s3api list-objects-v2 --bucket b --no-sign-request"
    service = Witness("ec2.amazonaws.com", "sts:AssumeRole", ROLE, None, {})
    assert command_lines(service, ()) == ["# as ec2.amazonaws.com", f"# sts:AssumeRole on {ROLE}"]


def test_a_key_that_the_aws_cli_would_read_as_a_file_is_given_as_json():
    for prefix in ("file://", "fileb://", "https://"):
        line = command_lines(
            Witness("me", "s3:PutObject", f"arn:aws:s3:::b/{prefix}etc/passwd", None, {}), ()
        )[-1]
        words = shlex.split(line)
        assert words[:4] == ["aws", "s3api", "put-object", "--cli-input-json"]
        assert json.loads(words[4]) == {"Bucket": "b", "Key": f"{prefix}etc/passwd"}


@pytest.mark.parametrize(
    "text",
    [
        "a b",
        "$(id)",
        "`id`",
        "a'b",
        'a"b',
        "a\\b",
        "日本語",
        HOSTILE,
        "\x1b]0;x\x07",
        "a\nb; rm -rf /",
        "!x",
        "\x9b1m",
    ],
)
def test_quoted_text_is_one_word_and_comes_through_a_shell(text):
    assert quoted(text).isprintable()
    done = subprocess.run(["bash", "-c", f"printf %s {quoted(text)}"], capture_output=True, check=True)
    assert done.stdout.decode() == text


def test_nothing_in_a_comment_becomes_a_command():
    context = {"k\nid": ("a\nid", "b"), "aws:CurrentTime": "now"}
    witness = Witness(f"{HOSTILE}\nid", "s3:GetObject", "arn:aws:s3:::b/a", None, context)
    lines = command_lines(witness, {"k\nid"})
    assert [line[0] for line in lines] == ["#", "#", "a"]
    assert all(line.isprintable() for line in lines)
    assert lines[1] == "# with k⟨U+000A⟩id = a⟨U+000A⟩id and b"
