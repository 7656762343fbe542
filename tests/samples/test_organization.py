"""The organization's deliberate mistakes are found, and what only looks open is not, by the command line."""

from typing import Any

import pytest

from tests.samples.commands import chain, routes

pytestmark = pytest.mark.slow


def found(*names: str, action: str = "") -> list[dict[str, Any]]:
    """Routes whose chain holds these names, in this order, side by side, with that action."""
    return [
        route
        for route in routes("organization")
        if any(chain(route)[at : at + len(names)] == names for at in range(len(chain(route))))
        and (not action or action in route["actions"])
    ]


GITHUB = "token.actions.githubusercontent.com"
MISTAKES = [
    # number, names along the route, action
    (1, (GITHUB, "GitHubActionsLegacy", "acme-ci-artifacts"), "s3:PutObject"),
    (2, ("dev-alice", "dev-tools", "ci-runner", "DeployRole", "acme-payments-settlement"), "s3:GetObject"),
    (3, ("jenkins", "acme-ci-artifacts"), "s3:PutObject"),
    (4, ("root", "VendorImport", "acme-lake-raw"), "s3:PutObject"),
    (5, ("payments-support", "acme-payments-cardholder"), "s3:GetObjectVersion"),
    (6, ("web-legacy", "acme-web-user-uploads"), "s3:GetObject"),
    (7, ("raw-loader", "acme-lake-restricted"), "s3:GetObject"),
    (8, ("anonymous", "team-a-shared"), "s3:GetObject"),
    (9, ("anonymous", "legacy-shop-downloads"), "s3:GetObject"),
    (11, ("dev-tools", "ops-access", "startup-app-data"), "s3:DeleteObject"),
    (12, ("anonymous", "startup-public-exports"), "s3:GetObject"),
    (13, ("dev-notebook", "startup-backups"), "s3:PutObject"),
    (14, ("VendorMonitor", "acme-ci-artifacts"), "s3:GetObject"),
]


@pytest.mark.parametrize(
    ("number", "names", "action"), MISTAKES, ids=lambda value: str(value) if isinstance(value, int) else ""
)
def test_mistakes_are_found(number: int, names: tuple[str, ...], action: str) -> None:
    assert found(*names, action=action)


def test_mistake_2_starts_at_a_sandbox_users_key() -> None:
    starts = [
        route
        for route in found("dev-alice", "dev-tools", "ci-runner", "DeployRole", "acme-payments-settlement")
        if route["principal"].startswith("AKIA") or "AKIA" in chain(route)[0]
    ]
    assert starts
    assert all(route["acting_account"] == "623847105592" for route in starts)


def test_mistake_5_is_about_old_versions_only() -> None:
    def anywhere(action: str) -> bool:
        return any(
            "vpce-" not in str(route["condition"])
            for route in found("payments-support", "acme-payments-cardholder", action=action)
        )

    assert anywhere("s3:GetObjectVersion")
    assert not anywhere("s3:GetObject")


CLOSED = [
    ("public by policy, RestrictPublicBuckets", ("anonymous", "team-a-scratch")),
    ("public by ACL, IgnorePublicAcls", ("anonymous", "team-a-hackday")),
    ("bank, perimeter RCP", ("615049281361", "acme-payments-settlement")),
    ("office, perimeter RCP", ("anonymous", "acme-payments-dev-fixtures")),
    ("tag of the broker", ("LakeBroker", "lake-restricted-reader")),
    ("MFA, which role sessions lack", ("IncidentResponder", "LogArchiveAdmin")),
    ("SCP that keeps data inside", ("sagemaker-notebook", "startup-backups")),
    ("suspended account", ("shop-admin", "legacy-shop-db-dumps")),
    ("suspended account's instance", ("shop-server", "legacy-shop-downloads")),
]


@pytest.mark.parametrize("names", [names for _, names in CLOSED], ids=[why for why, _ in CLOSED])
def test_what_only_looks_open_is_closed(names: tuple[str, ...]) -> None:
    assert found(*names) == []


def test_the_bank_reaches_nothing() -> None:
    assert not [route for route in routes("organization") if "615049281361" in route["principal"]]


MEANT = [
    (GITHUB, "GitHubActionsDeploy", "DeployRole", "acme-web-static-origin"),
    ("sagemaker-notebook", "LakeBroker", "lake-curated-reader", "acme-lake-curated"),
    ("IncidentResponder", "AcmeIncidentResponse", "acme-payments-reports"),
    ("IncidentResponder", "LogReader", "acme-org-cloudtrail"),
    ("forensics-oncall", "LogArchiveAdmin", "acme-org-config"),
    ("log-query-lambda", "acme-org-cloudtrail"),
    ("report-puller", "acme-payments-reports"),
    ("airflow-lake-reader", "acme-lake-curated"),
    ("anonymous", "acme-web-public-assets"),
    ("cloudfront.amazonaws.com", "acme-web-static-origin"),
    ("cloudtrail.amazonaws.com", "acme-org-cloudtrail"),
]


@pytest.mark.parametrize("names", MEANT, ids=" to ".join)
def test_chains_that_are_meant_are_open(names: tuple[str, ...]) -> None:
    assert found(*names)
