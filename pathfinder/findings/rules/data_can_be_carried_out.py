"""Principals that read data and may write to anybody's bucket, so that data leaves. Source: S3-31, ORG-5, EVAL-22."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.authorization.caller import RootUser
from pathfinder.aws.arn import Arn
from pathfinder.findings.callers import SOMEBODY
from pathfinder.findings.finding import Finding, Fix, Place, Severity, finding
from pathfinder.findings.registry import rule
from pathfinder.findings.survey import Survey
from pathfinder.graph.evidence import evidence_of
from pathfinder.graph.hop import Evidence, Hop, Witness
from pathfinder.graph.principals import Actor
from pathfinder.graph.resource import Resource
from pathfinder.graph.settle import Settled, settle
from pathfinder.logic.formula import Formula, all_of
from pathfinder.logic.patterns import parse_pattern
from pathfinder.policy.conditions import open_text
from pathfinder.policy.context import OBJECT_KEY
from pathfinder.policy.document import Policy, PolicyKind
from pathfinder.policy.parse import parse_document
from pathfinder.policy.resources import Target

_WRITE = "s3:PutObject"
_READS = frozenset({"s3:GetObject", "s3:GetObjectVersion"})
_ANYBODY = parse_document(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": "*", "Action": _WRITE, "Resource": "*"},
    }
)
SHOWN = 5
"""Principals whose proof is shown."""


@rule(
    "data-can-be-carried-out",
    "Principals that read data may also write it to buckets of accounts that nobody here knows.",
    "S3-31",
    "ORG-5",
    "EVAL-22",
)
def data_can_be_carried_out(survey: Survey) -> Iterator[Finding]:
    """By access hops that read, and the decision on a bucket of a stranger whose policy lets everyone in.

    Root users are left out: nothing but an SCP keeps them from it.
    """
    reading: dict[str, Hop] = {}
    for hop in survey.hops("access"):
        if hop.target in survey.buckets and _READS & set(hop.actions):
            reading.setdefault(hop.source, hop)
    by_account: dict[str, list[tuple[Actor, Hop, Settled, tuple[Evidence, ...]]]] = {}
    for node_id, hop in reading.items():
        actor = survey.world.principals.get(node_id)
        if actor is None or actor.account is None or isinstance(actor.caller, RootUser):
            continue
        written = _written(survey, actor)
        if written is not None:
            by_account.setdefault(actor.account, []).append((actor, hop, *written))
    for account, found in sorted(by_account.items()):
        yield _finding(survey, account, found, len([n for n in reading if _is_of(survey, n, account)]))


def _written(survey: Survey, actor: Actor) -> tuple[Settled, tuple[Evidence, ...]] | None:
    """How the principal writes to a stranger's bucket; None where no request of its does."""
    resource = _strangers_bucket(survey)
    decision = survey.world.decide(actor, _WRITE, resource)
    scope = _not_ours(survey)
    settled = settle(survey.world, actor, _WRITE, resource, all_of(decision.allowed, scope), scope=scope)
    return None if settled is None else (settled, evidence_of((decision,)))


def _strangers_bucket(survey: Survey) -> Resource:
    """Any object in any bucket: `open_prefix` empty, so that the open text is bucket and key."""
    partition = next((each.partition for each in survey.world.snapshot.accounts), "aws")
    target = Target(Arn(partition, "s3", "", "", "*"), open_prefix="")
    policy = Policy(PolicyKind.RESOURCE, "bucket policy of somebody else (taken to allow)", "*", _ANYBODY)
    return Resource(target, SOMEBODY, (policy,))


def _not_ours(survey: Survey) -> Formula:
    """An object in a bucket, and in none that the snapshot holds."""
    ours = tuple(parse_pattern(f"{each.name}/*", variables=False) for each in survey.buckets.values())
    objects = open_text(OBJECT_KEY, (parse_pattern("?*/?*", variables=False),))
    return all_of(objects, open_text(OBJECT_KEY, ours, negated=True)) if ours else objects


def _is_of(survey: Survey, node_id: str, account: str) -> bool:
    actor = survey.world.principals.get(node_id)
    return actor is not None and actor.account == account and not isinstance(actor.caller, RootUser)


def _finding(
    survey: Survey,
    account: str,
    found: list[tuple[Actor, Hop, Settled, tuple[Evidence, ...]]],
    readers: int,
) -> Finding:
    organization = survey.world.organization(account)
    names = ", ".join(actor.node.label for actor, *_ in found[:SHOWN]) + (", …" if len(found) > SHOWN else "")
    witnesses: list[Witness | None] = []
    evidence: list[Evidence] = []
    for _, hop, settled, statements in found[:SHOWN]:
        witnesses += [hop.witness, settled.witness]
        evidence += [*hop.evidence, *statements]
    return finding(
        "data-can-be-carried-out",
        Severity.LOW,
        f"{len(found)} of {readers} principals of account {survey.names(account)} that read data may write "
        f"to buckets of accounts that nobody here knows: {names}",
        "the other bucket's policy is the other account's business, and RCPs of yours do not guard it",
        Place(f"account {account}", account),
        hangs_on=sorted(actor.node.id for actor, *_ in found),
        evidence=evidence,
        witnesses=witnesses,
        fix=_fix(None if organization is None else organization.id),
        gaps=(gap for _, hop, settled, _ in found for gap in (*hop.gaps, *settled.gaps)),
    )


def _fix(organization: str | None) -> Fix:
    condition = {"StringNotEqualsIfExists": {"aws:ResourceOrgID": organization or "<your organization's id>"}}
    statement = {"Effect": "Deny", "Action": [_WRITE], "Resource": "*", "Condition": condition}
    return Fix(
        "Add to a service control policy, or to the VPC endpoints' policies, a Deny of s3:PutObject outside "
        "your organization; leave out what services of AWS own.",
        {"operation": "add-statement", "policy_type": "service control policy", "value": statement},
    )
