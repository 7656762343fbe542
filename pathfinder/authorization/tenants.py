"""Whether a trust statement fixes whose identities of a shared identity provider it means.

An issuer such as GitHub's signs tokens for all its customers. A statement that does not fix the customer, by a
positive condition on a claim that every token has, lets in everybody's. Source: evaluation.md STS-20, STS-44,
STS-46, PRIN-10.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pathfinder.aws.arn import parse_arn
from pathfinder.policy.document import Statement
from pathfinder.policy.operators.registry import read_operator


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim that fixes the customer. `begins`: what its fixed beginning must hold; None: the whole text counts."""

    name: str
    begins: str | None = None


@dataclass(frozen=True, slots=True)
class Issuer:
    """An identity provider that many customers share, or one that is somebody's own.

    `host`: a pattern for the issuer without `https://`. `shared`: its tokens are those of all its customers.
    `claims`: any of them fixes the customer, or where it is not shared, the identity.
    """

    name: str
    host: str
    shared: bool
    claims: tuple[Claim, ...]


_ANY = (Claim("sub"), Claim("aud"))
_PATH = r"[^/:*?]+/"

ISSUERS = (
    Issuer(
        "GitHub Actions",
        r"token\.actions\.githubusercontent\.com",
        True,
        (
            Claim("sub", rf"repo:{_PATH}"),
            Claim("repository", _PATH),
            Claim("job_workflow_ref", _PATH),
            *map(Claim, ("repository_owner", "repository_owner_id", "repository_id", "enterprise_id")),
        ),
    ),
    Issuer(
        "GitHub Actions of an enterprise",
        r"token\.actions\.githubusercontent\.com/.+",
        False,
        (Claim("sub"), Claim("repository"), Claim("repository_owner")),
    ),
    Issuer(
        "GitLab",
        r"gitlab\.com",
        True,
        (
            Claim("sub", rf"project_path:{_PATH}"),
            Claim("project_path", _PATH),
            *map(Claim, ("namespace_path", "namespace_id", "project_id")),
        ),
    ),
    Issuer("Google", r"accounts\.google\.com", True, (Claim("aud"), Claim("oaud"), Claim("sub"))),
    Issuer("Amazon Cognito", r"cognito-identity\.amazonaws\.com", True, (Claim("aud"), Claim("sub"))),
    Issuer("Login with Amazon", r"www\.amazon\.com", True, (Claim("app_id"), Claim("user_id"))),
    Issuer("Facebook", r"graph\.facebook\.com", True, (Claim("app_id"), Claim("id"))),
    Issuer("HCP Terraform", r"app\.terraform\.io", True, (Claim("sub", r"organization:[^:*?]+:"),)),
    Issuer("Buildkite", r"agent\.buildkite\.com", True, (Claim("sub", r"organization:[^:*?]+:"),)),
    Issuer(
        "Amazon EKS",
        r"oidc\.eks\.[^/]+/id/.+",
        False,
        (Claim("sub", r"system:serviceaccount:[^:*?]+:"),),
    ),
    Issuer("CircleCI", r"oidc\.circleci\.com/org/.+", False, _ANY),
    Issuer("Bitbucket Pipelines", r"api\.bitbucket\.org/.+", False, _ANY),
    Issuer("Azure DevOps", r"vstoken\.dev\.azure\.com/.+", False, _ANY),
    Issuer("Microsoft Entra ID", r"(?:sts\.windows\.net|login\.microsoftonline\.com)/.+", False, _ANY),
    Issuer("Amazon Cognito user pool", r"cognito-idp\.[^/]+/.+", False, _ANY),
)
"""Issuers that reviews often meet. Others are taken as shared: what is not known fixes nothing by itself."""

_SAML_AUDIENCE = "saml:aud"
_ENTERPRISE = "AWSSSO_"


def issuer_of(provider: str) -> Issuer | None:
    """The issuer behind an OIDC provider's ARN, or behind a built-in provider; None for SAML and for others."""
    host = host_of(provider)
    return next((each for each in ISSUERS if host and re.fullmatch(each.host, host)), None)


def host_of(provider: str) -> str | None:
    """The issuer without `https://`; None for a SAML provider."""
    arn = parse_arn(provider)
    if arn is None:
        return provider
    return arn.resource.partition("/")[2] if arn.resource_type == "oidc-provider" else None


def provider_name(provider: str) -> str:
    """A provider as people call it: `GitHub Actions`, or its own name."""
    issuer = issuer_of(provider)
    if issuer is not None:
        return issuer.name
    arn = parse_arn(provider)
    own = provider if arn is None else arn.resource.partition("/")[2]
    return "IAM Identity Center" if ":saml-provider/" in provider and own.startswith(_ENTERPRISE) else own


@dataclass(frozen=True, slots=True)
class Pinning:
    """Whether a trust statement fixes whose identities it means, and why, or why not, in words."""

    pinned: bool
    why: str


def pinning(statement: Statement, provider: str) -> Pinning:
    """Whether the statement, which must name the provider, lets in one customer's identities alone.

    `provider`: an ARN, or a built-in web identity provider. Only Allow statements are meant to be asked about;
    Deny statements elsewhere may narrow them further.
    """
    host = host_of(provider)
    if host is None:
        if any(entry.key.lower() == _SAML_AUDIENCE for entry in statement.conditions):
            return Pinning(True, "the SAML provider is the account's own, and the audience is fixed")
        return Pinning(True, "the SAML provider is the account's own; no condition fixes SAML:aud")
    issuer = issuer_of(provider)
    claims = issuer.claims if issuer is not None else _ANY
    for claim in claims:
        if _fixes(statement, f"{host}:{claim.name}".lower(), claim):
            return Pinning(True, f"a condition fixes {host}:{claim.name}")
    named = issuer.name if issuer is not None else host
    told = " or ".join(f"{host}:{claim.name}" for claim in claims[:2])
    if issuer is not None and not issuer.shared:
        return Pinning(False, f"any identity of {named} can sign in: no condition fixes {told}")
    whose = f"any customer of {named}" if issuer is not None else f"anyone whom {named} vouches for"
    return Pinning(False, f"{whose} can sign in: no condition fixes {told}")


def _fixes(statement: Statement, key: str, claim: Claim) -> bool:
    """Whether some positive condition on the key lets in fixed values only."""
    for entry in statement.conditions:
        use = read_operator(entry.operator)
        if entry.key.lower() != key or use is None or not entry.values:
            continue
        if use.operator.negated or use.if_exists or entry.operator.lower().startswith("forallvalues:"):
            continue
        if not use.operator.name.lower().startswith("string"):
            continue
        wild = use.operator.name.lower().endswith("like")
        if all(_is_fixed(value, claim, wild=wild) for value in entry.values):
            return True
    return False


def _is_fixed(value: str, claim: Claim, *, wild: bool) -> bool:
    """Without wildcards; or with a beginning that says whose it is, as far as the issuer's form is known."""
    if "${" in value or not value:
        return False
    fixed = re.split(r"[*?]", value, maxsplit=1)[0] if wild else value
    if claim.begins is None:
        return fixed == value or (claim.name == "sub" and len(fixed) > 0 and ":" in fixed)
    return re.match(claim.begins, fixed) is not None
