"""Whether a trust statement fixes whose identities of a shared provider it means (STS-20, STS-44, STS-46)."""

from __future__ import annotations

from typing import Any

import pytest

from pathfinder.authorization.tenants import pinning, provider_name
from pathfinder.policy.parse import parse_document

IAM = "arn:aws:iam::111111111111"
GITHUB = "token.actions.githubusercontent.com"
GITLAB = "gitlab.com"
EKS = "oidc.eks.eu-west-1.amazonaws.com/id/ABC"
COGNITO = "cognito-identity.amazonaws.com"
UNKNOWN = "idp.example.com/x"


def oidc(host: str) -> str:
    return f"{IAM}:oidc-provider/{host}"


def decided(provider: str, condition: Any) -> bool:
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        **({"Condition": condition} if condition else {}),
    }
    document = parse_document({"Version": "2012-10-17", "Statement": [statement]})
    found = pinning(document.statements[0], provider)
    assert found.why
    return found.pinned


def equals(key: str, *values: str) -> dict[str, Any]:
    return {"StringEquals": {key: list(values)}}


def like(key: str, *values: str) -> dict[str, Any]:
    return {"StringLike": {key: list(values)}}


CASES: list[tuple[str, str, Any, bool]] = [
    # case                                         provider       condition                                    pinned
    ("GitHub, nothing", oidc(GITHUB), None, False),
    ("GitHub, the audience alone", oidc(GITHUB), equals(f"{GITHUB}:aud", "sts.amazonaws.com"), False),
    ("GitHub, a branch", oidc(GITHUB), equals(f"{GITHUB}:sub", "repo:org/app:ref:refs/heads/main"), True),
    ("GitHub, a repository", oidc(GITHUB), like(f"{GITHUB}:sub", "repo:org/app:*"), True),
    ("GitHub, an organization", oidc(GITHUB), like(f"{GITHUB}:sub", "repo:org/*"), True),
    ("GitHub, the beginning of an organization", oidc(GITHUB), like(f"{GITHUB}:sub", "repo:org*"), False),
    ("GitHub, a repository of any organization", oidc(GITHUB), like(f"{GITHUB}:sub", "repo:*/app:*"), False),
    ("GitHub, anything", oidc(GITHUB), like(f"{GITHUB}:sub", "*"), False),
    ("GitHub, one of two values open", oidc(GITHUB), like(f"{GITHUB}:sub", "repo:org/*", "*"), False),
    ("GitHub, the owner", oidc(GITHUB), equals(f"{GITHUB}:repository_owner", "org"), True),
    ("GitHub, key in capitals", oidc(GITHUB), like(f"{GITHUB.upper()}:SUB", "repo:org/*"), True),
    (
        "GitHub, wildcards are text for StringEquals",
        oidc(GITHUB),
        equals(f"{GITHUB}:sub", "repo:org/*"),
        True,
    ),
    ("GitHub, if it exists", oidc(GITHUB), {"StringLikeIfExists": {f"{GITHUB}:sub": "repo:org/*"}}, False),
    ("GitHub, all values", oidc(GITHUB), {"ForAllValues:StringLike": {f"{GITHUB}:sub": "repo:org/*"}}, False),
    ("GitHub, some value", oidc(GITHUB), {"ForAnyValue:StringLike": {f"{GITHUB}:sub": "repo:org/*"}}, True),
    ("GitHub, not that one", oidc(GITHUB), {"StringNotLike": {f"{GITHUB}:sub": "repo:org/*"}}, False),
    ("GitHub, a variable", oidc(GITHUB), like(f"{GITHUB}:sub", "repo:${aws:PrincipalTag/org}/*"), False),
    ("GitHub, another issuer's claim", oidc(GITHUB), like(f"{GITLAB}:sub", "repo:org/*"), False),
    ("GitLab, a group", oidc(GITLAB), like(f"{GITLAB}:sub", "project_path:group/*"), True),
    ("GitLab, any group", oidc(GITLAB), like(f"{GITLAB}:sub", "project_path:*"), False),
    ("Google, the client", "accounts.google.com", equals("accounts.google.com:aud", "1.apps"), True),
    ("Google, nothing", "accounts.google.com", None, False),
    ("Cognito, the pool", COGNITO, equals(f"{COGNITO}:aud", "eu-west-1:1"), True),
    (
        "Cognito, signed in or not",
        COGNITO,
        {"ForAnyValue:StringLike": {f"{COGNITO}:amr": "authenticated"}},
        False,
    ),
    ("EKS, a service account", oidc(EKS), equals(f"{EKS}:sub", "system:serviceaccount:a:b"), True),
    ("EKS, a namespace", oidc(EKS), like(f"{EKS}:sub", "system:serviceaccount:a:*"), True),
    ("EKS, any namespace", oidc(EKS), like(f"{EKS}:sub", "system:serviceaccount:*:b"), False),
    ("EKS, the audience alone", oidc(EKS), equals(f"{EKS}:aud", "sts.amazonaws.com"), False),
    ("an issuer that is not known, nothing", oidc(UNKNOWN), None, False),
    ("an issuer that is not known, a subject", oidc(UNKNOWN), equals(f"{UNKNOWN}:sub", "me"), True),
    ("an issuer that is not known, the audience", oidc(UNKNOWN), equals(f"{UNKNOWN}:aud", "mine"), True),
    ("SAML is the account's own", f"{IAM}:saml-provider/corp", None, True),
    ("SAML with its audience", f"{IAM}:saml-provider/corp", equals("SAML:aud", "https://x"), True),
]


@pytest.mark.parametrize(("title", "provider", "condition", "pinned"), CASES, ids=[case[0] for case in CASES])
def test_pinning(title: str, provider: str, condition: Any, pinned: bool) -> None:
    assert decided(provider, condition) is pinned


NAMES = [
    (oidc(GITHUB), "GitHub Actions"),
    (oidc(GITLAB), "GitLab"),
    (COGNITO, "Amazon Cognito"),
    (oidc(EKS), "Amazon EKS"),
    (oidc(UNKNOWN), UNKNOWN),
    (f"{IAM}:saml-provider/corp", "corp"),
    (f"{IAM}:saml-provider/AWSSSO_0123_DO_NOT_DELETE", "IAM Identity Center"),
]


@pytest.mark.parametrize(("provider", "name"), NAMES)
def test_names(provider: str, name: str) -> None:
    """PRIN-10."""
    assert provider_name(provider) == name
