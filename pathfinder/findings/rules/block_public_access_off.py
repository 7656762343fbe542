"""Buckets with a public policy or ACL that Block Public Access does not stop. Source: BPA-1 to BPA-10, S3-21, S3-22."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.authorization.public import is_public
from pathfinder.findings.exposure import blocking
from pathfinder.findings.finding import Finding, Place, Severity, finding
from pathfinder.findings.registry import rule
from pathfinder.findings.survey import Survey
from pathfinder.model.resources import Bucket, ObjectOwnership, PublicAccessBlock
from pathfinder.policy.document import Policy

_EVERYONE = ("/global/AllUsers", "/global/AuthenticatedUsers")


@rule(
    "block-public-access-off",
    "A bucket has a public policy or ACL, and Block Public Access does not stop it.",
    "BPA-3",
    "BPA-5",
    "BPA-6",
    "BPA-7",
)
def block_public_access_off(survey: Survey) -> Iterator[Finding]:
    """By AWS's own meaning of public, at bucket, account and organization."""
    for node_id, bucket in survey.buckets.items():
        if isinstance(bucket.policy, Policy) and is_public(bucket.policy.document):
            yield from _finding(survey, node_id, bucket, "policy", "restrict_public_buckets")
        if _has_public_acl(bucket):
            yield from _finding(survey, node_id, bucket, "ACL", "ignore_public_acls")


def _has_public_acl(bucket: Bucket) -> bool:
    if bucket.acl is None or bucket.ownership is ObjectOwnership.BUCKET_OWNER_ENFORCED:
        return False
    return any(grant.grantee.endswith(_EVERYONE) for grant in bucket.acl.grants)


def _finding(survey: Survey, node_id: str, bucket: Bucket, what: str, switch: str) -> Iterator[Finding]:
    on, gaps = _effective(survey, bucket, switch)
    if on:
        return
    name = {"restrict_public_buckets": "RestrictPublicBuckets", "ignore_public_acls": "IgnorePublicAcls"}[
        switch
    ]
    if what == "ACL" and bucket.ownership is None:
        gaps = (*gaps, f"the object ownership of {bucket.name} is not known: its ACL may be without effect")
    yield finding(
        "block-public-access-off",
        Severity.LOW if gaps else Severity.MEDIUM,
        f"The {what} of {bucket.name} is public, and {name} is {'not known to be on' if gaps else 'off'}",
        "nothing stands between the public grant and the data but the policies themselves",
        Place(node_id, bucket.account, "S3 Block Public Access"),
        hangs_on=(what,),
        fix=blocking(node_id),
        gaps=gaps,
    )


def _effective(survey: Survey, bucket: Bucket, switch: str) -> tuple[bool, tuple[str, ...]]:
    """Whether the switch is on at some level (BPA-1), and what is not known of it."""
    account = survey.world.accounts.get(bucket.account)
    organization = survey.world.organization(bucket.account)
    by_organization = dict(organization.s3_policies) if organization else {}
    settings: list[PublicAccessBlock | None] = [
        bucket.public_access_block,
        by_organization.get(bucket.account) or (account.public_access_block if account else None),
    ]
    gaps = []
    if "PublicAccessBlock" in bucket.unread:
        gaps.append(f"Block Public Access of {bucket.name} is not known")
    if account is not None and "public_access_block" not in account.known:
        gaps.append(f"Block Public Access of account {account.id} is not known")
    return any(getattr(each, switch) for each in settings if each is not None), tuple(gaps)
