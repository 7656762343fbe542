"""Writes this sample, the same bytes each time: `python -m samples.people-and-federation.make [FOLDER]`.

FOLDER is where to write; without it, beside this script. README.md tells what the sample shows.
"""

from __future__ import annotations

from pathfinder.aws.arn import AccountId
from pathfinder.model.identity import AccessKey, IdentityProvider, Role, User
from pathfinder.model.organization import Account, Snapshot
from pathfinder.model.resources import Acl, Bucket, ObjectOwnership, PublicAccessBlock
from pathfinder.model.workforce import (
    AnywhereProfile,
    Assignment,
    IdentityCenter,
    PermissionSet,
    TrustAnchor,
    WorkforceGroup,
    WorkforceUser,
)
from pathfinder.policy.document import PolicyKind
from samples.writing import arn, folder_given, policy, write_beside

ACCOUNT, VENDOR = AccountId("222222222222"), AccountId("444455556666")
REGION = "eu-central-1"
IAM = f"arn:aws:iam::{ACCOUNT}"
GITHUB = "token.actions.githubusercontent.com"
SSO_PROVIDER = f"{IAM}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE"
SSO_ROLE = "aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_Analyst_0123456789abcdef"
SET = "arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef"
ANYWHERE = f"arn:aws:rolesanywhere:{REGION}:{ACCOUNT}"
EVERYTHING_KNOWN = frozenset(
    {
        *("iam", "buckets", "access_keys", "instances", "endpoints", "keys", "functions"),
        *("access_points", "multi_region_access_points", "object_lambda_access_points", "access_grants"),
        *("task_definitions", "container_services", "clusters", "pod_identities"),
        *("identity_center", "trust_anchors", "anywhere_profiles"),
        *("public_access_block", "organization"),
    }
)

Json = dict[str, object]


def snapshot() -> Snapshot:
    """The whole sample."""
    return Snapshot(accounts=(account(),), known_accounts=((VENDOR, "backup vendor"),))


def account() -> Account:
    """One account, and everybody who comes in from outside."""
    user = f"{IAM}:user/ann"
    return Account(
        ACCOUNT,
        name="data",
        users=(
            User(
                arn(user),
                "AIDAANN",
                (policy(PolicyKind.IDENTITY, "own", user, reads("people")),),
                access_keys=(
                    AccessKey("AKIAIOSFODNN7EXAMPLE", active=True, last_used="2026-10-01T08:00:00Z"),
                    AccessKey("AKIAI44QH8DHBEXAMPLE", active=False),
                ),
                has_password=True,
                has_mfa=False,
            ),
        ),
        roles=(
            role(SSO_ROLE, _for_people(), reads("people")),
            role("Deploy", _for_github("repo:acme/app:*"), reads("artifacts")),
            role("DeployOpen", _for_github(None), reads("artifacts")),
            role("Server", _for_certificates(), reads("servers")),
            role("Backup", _for_vendor(), reads("people")),
        ),
        providers=(IdentityProvider(arn(f"{IAM}:oidc-provider/{GITHUB}"), GITHUB, ("sts.amazonaws.com",)),),
        buckets=(
            bucket("people"),
            bucket("artifacts"),
            bucket("servers"),
            bucket("trail", _service("cloudtrail.amazonaws.com", None)),
            bucket(
                "inventory",
                _service("config.amazonaws.com", {"StringEquals": {"aws:SourceAccount": ACCOUNT}}),
            ),
        ),
        identity_center=IdentityCenter(
            arn("arn:aws:sso:::instance/ssoins-0123456789abcdef"),
            (PermissionSet(arn(SET), "Analyst"),),
            (WorkforceUser("u-1", "bob@example.com"), WorkforceUser("u-2", "eve@example.com")),
            (WorkforceGroup("g-1", "analysts", ("u-1", "u-2")),),
            (Assignment(ACCOUNT, arn(SET), "GROUP", "g-1"),),
        ),
        trust_anchors=(
            TrustAnchor(arn(f"{ANYWHERE}:trust-anchor/corp"), "corporate CA", enabled=True),
            TrustAnchor(arn(f"{ANYWHERE}:trust-anchor/old"), "old CA", enabled=False),
        ),
        anywhere_profiles=(
            AnywhereProfile(
                arn(f"{ANYWHERE}:profile/servers"),
                "servers",
                enabled=True,
                roles=(arn(f"{IAM}:role/Server"),),
            ),
            AnywhereProfile(
                arn(f"{ANYWHERE}:profile/kiosks"),
                "kiosks",
                enabled=True,
                roles=(arn(f"{IAM}:role/Server"),),
                session_policies=(
                    policy(
                        PolicyKind.SESSION,
                        "session policy",
                        f"{ANYWHERE}:profile/kiosks",
                        reads("servers", "kiosk/"),
                    ),
                ),
            ),
        ),
        known=EVERYTHING_KNOWN,
    )


def _for_people() -> Json:
    audience: Json = {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}
    return trust({"Federated": SSO_PROVIDER}, ["sts:AssumeRoleWithSAML", "sts:TagSession"], audience)


def _for_github(subject: str | None) -> Json:
    """GitHub Actions: one repository, or, without a subject, any repository of anybody."""
    condition: Json = {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}}
    if subject is not None:
        condition["StringLike"] = {f"{GITHUB}:sub": subject}
    return trust({"Federated": f"{IAM}:oidc-provider/{GITHUB}"}, "sts:AssumeRoleWithWebIdentity", condition)


def _for_certificates() -> Json:
    actions = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
    only: Json = {
        "ArnEquals": {"aws:SourceArn": f"{ANYWHERE}:trust-anchor/corp"},
        "StringEquals": {"aws:PrincipalTag/x509Subject/OU": "servers"},
    }
    return trust({"Service": "rolesanywhere.amazonaws.com"}, actions, only)


def _for_vendor() -> Json:
    return trust({"AWS": VENDOR}, condition={"StringEquals": {"sts:ExternalId": "acme-7"}})


def _service(name: str, condition: Json | None) -> Json:
    """An Allow that lets a service write objects."""
    found: Json = {"Sid": "Deliver", "Effect": "Allow", "Principal": {"Service": name}}
    found |= {"Action": "s3:PutObject", "Resource": "*"}
    return {**found, "Condition": condition} if condition else found


def bucket(name: str, *statements: Json) -> Bucket:
    """A closed bucket, with its policy if it has one."""
    own = f"arn:aws:s3:::{name}"
    statements = tuple({**each, "Resource": f"{own}/*"} for each in statements)
    return Bucket(
        arn(own),
        ACCOUNT,
        policy(PolicyKind.RESOURCE, "bucket policy", own, *statements) if statements else None,
        region=REGION,
        public_access_block=PublicAccessBlock(True, True, True, True),
        ownership=ObjectOwnership.BUCKET_OWNER_ENFORCED,
        acl=Acl(None, ()),
        encryption="AES256",
        abac=False,
        versioned=False,
        requester_pays=False,
    )


def role(name: str, trust: Json, *statements: Json) -> Role:
    """A role that this statement lets in."""
    own = f"arn:aws:iam::{ACCOUNT}:role/{name}"
    return Role(
        arn(own),
        "AROA" + name.rpartition("/")[2].upper(),
        policy(PolicyKind.TRUST, "trust policy", own, trust),
        (policy(PolicyKind.IDENTITY, "own", own, *statements),),
    )


def reads(name: str, prefix: str = "") -> Json:
    """An Allow to read the objects of a bucket whose keys begin so."""
    return {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{name}/{prefix}*"}


def trust(principal: Json, action: object = "sts:AssumeRole", condition: Json | None = None) -> Json:
    """An Allow to assume the role."""
    found: Json = {"Effect": "Allow", "Principal": principal, "Action": action}
    return {**found, "Condition": condition} if condition else found


if __name__ == "__main__":
    write_beside(snapshot(), folder_given(__file__))
