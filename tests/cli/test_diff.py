"""`diff`: what opened, closed and changed between two snapshots, in all forms, and the exit status."""

from __future__ import annotations

import csv
import io
import json

import pytest
from jsonschema import Draft202012Validator

from pathfinder.report.schemas import schema_text
from tests.cli.run import SAMPLE, run

VARIANTS = sorted(each for each in (SAMPLE / "variants").iterdir() if each.is_dir())


def answer(*arguments: object) -> dict[str, object]:
    document = json.loads(run("diff", *arguments, "--output", "json").out)
    Draft202012Validator(json.loads(schema_text("diff"))).validate(document)
    assert next(iter(document)) == "format_version"
    return document


def ids(routes):
    return [route["id"] for route in routes]


def routes_of(snapshot):
    return {route["id"]: route for route in json.loads(run("routes", snapshot, "-o", "json").out)["routes"]}


@pytest.mark.parametrize("variant", VARIANTS, ids=[each.name for each in VARIANTS])
def test_it_agrees_with_routes_and_with_its_mirror(variant):
    there, back = answer(SAMPLE, variant), answer(variant, SAMPLE)
    old, new = routes_of(SAMPLE), routes_of(variant)
    assert set(ids(there["opened"])) == new.keys() - old.keys() == set(ids(back["closed"]))
    assert set(ids(there["closed"])) == old.keys() - new.keys() == set(ids(back["opened"]))
    both = old.keys() & new.keys()
    other = {each for each in both if old[each]["condition"] != new[each]["condition"]}
    assert {each["id"] for each in there["changed"] if "condition" in each["differs"]} == other
    for each in there["changed"]:
        assert (each["before"], each["after"]) == (old[each["id"]], new[each["id"]])
    assert there["counts"]["same"] + len(there["changed"]) == len(both)


def test_a_condition_that_changes_is_shown_as_it_was_and_as_it_is():
    done = run(
        "diff", SAMPLE, SAMPLE / "variants" / "only-through-endpoint", "--from", "EC2Role", "--max-hops", 1
    )
    (row, *_) = [line for line in done.out.splitlines() if line.startswith("~ changed")]
    assert "through vpce-0aaa3333bbb4444cc, before: always" in row
    assert done.out.splitlines()[-1] == "0 opened, 0 closed, 1 changed, 0 routes the same."


FAILING = [
    ("scp-in-app", False, None, 0),
    ("scp-in-app", False, "opened", 0),
    ("scp-in-app", False, "changed", 0),
    ("scp-in-app", False, "any", 1),
    ("scp-in-app", True, "opened", 1),
    ("only-through-endpoint", False, "changed", 1),
]


@pytest.mark.parametrize(("variant", "turned", "fail_on", "status"), FAILING)
def test_the_exit_status(variant, turned, fail_on, status):
    pair = [SAMPLE, SAMPLE / "variants" / variant]
    options = ["--fail-on", fail_on] if fail_on else []
    assert run("diff", *(reversed(pair) if turned else pair), *options).status == status


def test_nothing_differs_from_itself():
    done = run("diff", SAMPLE, SAMPLE, "--fail-on", "any", "--from", "EC2Role")
    assert (done.status, done.out) == (0, "0 opened, 0 closed, 0 changed, 2 routes the same.\n")


def test_csv_says_what_became_of_each_route():
    out = run("diff", SAMPLE, SAMPLE / "variants" / "only-through-endpoint", "-o", "csv").out
    rows = list(csv.DictReader(io.StringIO(out)))
    assert {row["change"] for row in rows} == {"closed", "changed"}
    changed = next(row for row in rows if row["change"] == "changed")
    assert changed["condition_before"] == "always"
    assert changed["differs"].split()[0] == "condition"


def test_a_name_that_one_snapshot_alone_knows_is_no_error():
    other = SAMPLE.parent / "encrypted"
    document = answer(SAMPLE, other, "--to", "my-bucket")
    assert document["closed"]
    assert document["opened"] == []
    assert (
        "account 123456789012 is in the old snapshot alone: its routes may still be open" in document["notes"]
    )


def test_a_name_that_neither_knows_is_one_line():
    assert (
        "no bucket my-buket in the snapshot; did you mean my-bucket"
        in run("diff", SAMPLE, SAMPLE, "--to", "my-buket").error
    )


def test_a_missing_snapshot_is_named(tmp_path):
    assert run("diff", SAMPLE, tmp_path / "nowhere").error.startswith(str(tmp_path / "nowhere"))


def test_a_bucket_that_a_policy_names_now_is_opened_with_the_gaps_of_both_sides(tmp_path):
    details = {"UserDetailList": [USER], "GroupDetailList": [], "RoleDetailList": [], "Policies": []}
    for name, resource in (("old", "arn:aws:s3:::b/*"), ("new", ["arn:aws:s3:::b/*", "arn:aws:s3:::c/*"])):
        USER["UserPolicyList"][0]["PolicyDocument"]["Statement"][0]["Resource"] = resource
        (tmp_path / f"{name}.json").write_text(json.dumps(details))
    document = answer(tmp_path / "old.json", tmp_path / "new.json", "--from", "u")
    assert {route["target"] for route in document["opened"]} == {"arn:aws:s3:::c"}
    assert document["gaps"]["old"]
    assert document["gaps"]["new"]


USER = {
    "UserName": "u",
    "Arn": "arn:aws:iam::123456789012:user/u",
    "UserId": "AIDAEXAMPLE",
    "Path": "/",
    "CreateDate": "2020-01-01T00:00:00Z",
    "UserPolicyList": [
        {
            "PolicyName": "p",
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
            },
        }
    ],
    "GroupList": [],
    "AttachedManagedPolicies": [],
}
