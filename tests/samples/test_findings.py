"""The organization's deliberate mistakes are found, and what only looks wrong in it is not, by the command line."""

import json
from functools import lru_cache
from typing import Any

import pytest

from tests.samples.commands import SAMPLES, pathfinder

pytestmark = pytest.mark.slow


@lru_cache
def findings() -> tuple[dict[str, Any], ...]:
    done = pathfinder("findings", SAMPLES / "organization", "--output", "json")
    assert done.returncode == 0, done.stderr
    return tuple(json.loads(done.stdout)["findings"])


def about(name: str, *rules: str) -> list[dict[str, Any]]:
    """Findings (of these rules) whose place or title names the thing."""
    return [
        each
        for each in findings()
        if (name in each["place"]["resource"] or name in each["title"])
        and (not rules or each["rule"] in rules)
    ]


MISTAKES = [
    # number, rule, what it is about
    (1, "oidc-trust-open", "GitHubActionsLegacy"),
    (2, "role-open-to-account", "ci-runner"),
    (3, "old-access-key", "jenkins"),
    (4, "trust-without-external-id", "VendorImport"),
    (7, "wildcard-reaches-other-buckets", "acme-lake-restricted"),
    (8, "public-read", "team-a-shared"),
    (9, "public-read", "legacy-shop-downloads"),
    (10, "block-public-access-off", "legacy-shop-db-dumps"),
    (11, "role-open-to-any-account", "ops-access"),
    (12, "public-read", "startup-public-exports"),
    (14, "route-from-outside-organization", "acme-ci-artifacts"),
]


@pytest.mark.parametrize(("number", "rule", "name"), MISTAKES)
def test_mistakes_are_found(number: int, rule: str, name: str) -> None:
    assert about(name, rule)


WELL_DONE = [
    # why, what it is about, rules
    ("an external id", "VendorMonitor", ("trust-without-external-id",)),
    ("a repository that is named", "GitHubActionsDeploy", ("oidc-trust-open",)),
    ("RestrictPublicBuckets", "team-a-scratch", ("public-read", "public-write", "block-public-access-off")),
    ("IgnorePublicAcls", "team-a-hackday", ("public-read", "public-list", "block-public-access-off")),
    ("the organization is asked for", "acme-ci-artifacts", ("public-read", "bucket-open-to-any-account")),
    ("the trail's account is asked for", "acme-org-cloudtrail", ("service-without-source",)),
    ("the distribution is asked for", "acme-web-static-origin", ("service-without-source",)),
]


@pytest.mark.parametrize(("why", "name", "rules"), WELL_DONE)
def test_what_is_done_well_is_not_found(why: str, name: str, rules: tuple[str, ...]) -> None:
    assert about(name, *rules) == []


def test_no_guard_of_the_organization_is_said_to_be_dead() -> None:
    assert [each for each in findings() if each["rule"] == "deny-never-matches"] == []


def test_the_three_designs_are_clean() -> None:
    done = pathfinder("findings", SAMPLES / "ec2-to-s3", "--fail-on", "low")
    assert done.returncode == 0, done.stdout
