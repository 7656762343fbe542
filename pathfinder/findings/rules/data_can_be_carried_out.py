"""Principals that read data and may write to anybody's bucket, so that data leaves. Source: S3-31, ORG-5, EVAL-22."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pathfinder.authorization.caller import RootUser
from pathfinder.aws.arn import Arn
from pathfinder.findings.callers import SOMEBODY
from pathfinder.findings.finding import Finding, Fix, Place, Severity, finding
from pathfinder.findings.registry import rule
from pathfinder.findings.survey import Survey
from pathfinder.graph.copies import DIRECTIVE, SOURCE, WRITE, copied_from, copy_call
from pathfinder.graph.evidence import evidence_of
from pathfinder.graph.hop import Evidence, Hop, Witness
from pathfinder.graph.principals import Actor
from pathfinder.graph.resource import Resource
from pathfinder.graph.settle import settle
from pathfinder.logic.formula import Formula, all_of
from pathfinder.logic.patterns import parse_pattern
from pathfinder.policy.conditions import open_text
from pathfinder.policy.context import ABSENT, OBJECT_KEY, Context, KeyState
from pathfinder.policy.document import Policy, PolicyKind
from pathfinder.policy.parse import parse_document
from pathfinder.policy.resources import Target

_READS = frozenset({"s3:GetObject", "s3:GetObjectVersion"})
_ANYBODY = parse_document(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": "*", "Action": WRITE, "Resource": "*"},
    }
)
SHOWN = 5
"""Principals whose proof is shown."""


MOST_TRIED = 20
"""Accesses of one principal from which a copy is tried."""
_TAKEN = (
    "the bucket that is written to is not the snapshot's: its policy is taken to let the principal write, which its "
    "owner can arrange at any time; its encryption is taken to ask for no key"
)
_IN_ONE_CALL = (
    "CopyObject is shown as its authorizations on the source and on the target, of one call (S3-31); tags are copied "
    "too where s3:GetObjectTagging and s3:PutObjectTagging allow it"
)
_IN_TWO_CALLS = "reads and writes are calls of their own here: no single CopyObject is allowed both sides"


@dataclass(frozen=True, slots=True)
class _Carried:
    """How a principal carries data out: the requests, what decided, and whether one call does."""

    actor: Actor
    reading: Hop
    witnesses: tuple[Witness | None, ...]
    evidence: tuple[Evidence, ...]
    gaps: tuple[str, ...]
    one_call: bool


@rule(
    "data-can-be-carried-out",
    "Principals that read data may also write it to buckets of accounts that nobody here knows.",
    "S3-31",
    "ORG-5",
    "EVAL-22",
)
def data_can_be_carried_out(survey: Survey) -> Iterator[Finding]:
    """By CopyObject in one call, else by reading and writing in two, to a bucket of a stranger who lets everyone in.

    Root users are left out: nothing but an SCP keeps them from it.
    """
    reading: dict[str, list[Hop]] = {}
    for hop in survey.hops("access"):
        if hop.target in survey.buckets and _READS & set(hop.actions):
            reading.setdefault(hop.source, []).append(hop)
    by_account: dict[str, list[_Carried]] = {}
    for node_id, hops in reading.items():
        actor = survey.world.actors.get(node_id)
        if actor is None or actor.account is None or isinstance(actor.caller, RootUser):
            continue
        carried = _carried(survey, actor, hops)
        if carried is not None:
            by_account.setdefault(actor.account, []).append(carried)
    for account, found in sorted(by_account.items()):
        yield _finding(survey, account, found, len([n for n in reading if _is_of(survey, n, account)]))


def _carried(survey: Survey, actor: Actor, hops: list[Hop]) -> _Carried | None:
    """How the principal writes what it reads to a stranger's bucket; None where no request of its does."""
    copies = (_copied(survey, actor, hop) for hop in hops[:MOST_TRIED])
    perhaps: _Carried | None = None
    for found in copies:
        if found is not None and None not in found.witnesses:
            return found
        perhaps = perhaps or found
    written = _written(survey, actor, hops[0])
    return written or perhaps


def _copied(survey: Survey, actor: Actor, hop: Hop) -> _Carried | None:
    """By one CopyObject: what it needs at the source, its key included, and at the target, in one context (TERM-2)."""
    source = survey.buckets[hop.target]
    call = copy_call(survey.world, actor, source, _strangers_bucket(survey))
    scope = all_of(_not_ours(survey), copied_from(source))
    settled = settle(
        survey.world, actor, WRITE, call.resource, all_of(call.allowed, scope), scope=scope, call=call
    )
    if settled is None:
        return None
    witnesses = (*settled.also, settled.witness)
    return _Carried(actor, hop, witnesses, evidence_of(call.decisions), settled.gaps, one_call=True)


def _written(survey: Survey, actor: Actor, hop: Hop) -> _Carried | None:
    """By a read, and a write of its own."""
    resource = _strangers_bucket(survey)
    told = survey.world.context(actor, WRITE, resource)
    given: dict[str, KeyState] = {SOURCE: ABSENT, DIRECTIVE: ABSENT}
    context = Context({**told.states, **given}, told.otherwise)
    decision = survey.world.decide(actor, WRITE, resource, context)
    scope = _not_ours(survey)
    settled = settle(
        survey.world, actor, WRITE, resource, all_of(decision.allowed, scope), scope=scope, given=given
    )
    if settled is None:
        return None
    evidence = (*hop.evidence, *evidence_of((decision,)))
    witnesses = (hop.witness, *hop.also, settled.witness)
    return _Carried(actor, hop, witnesses, evidence, (*hop.gaps, *settled.gaps), one_call=False)


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


def _finding(survey: Survey, account: str, found: list[_Carried], readers: int) -> Finding:
    organization = survey.world.organization(account)
    labels = [each.actor.node.label for each in found[:SHOWN]]
    names = ", ".join(labels) + (", …" if len(found) > SHOWN else "")
    shown = found[:SHOWN]
    ways = {each.one_call: _IN_ONE_CALL if each.one_call else _IN_TWO_CALLS for each in shown}
    return finding(
        "data-can-be-carried-out",
        Severity.LOW,
        f"{len(found)} of {readers} principals of account {survey.names(account)} that read data may write "
        f"to buckets of accounts that nobody here knows: {names}",
        "the other bucket's policy is the other account's business, and RCPs of yours do not guard it; "
        + "; ".join(ways[each] for each in sorted(ways, reverse=True)),
        Place(f"account {account}", account),
        hangs_on=sorted(each.actor.node.id for each in found),
        evidence=(each for carried in shown for each in carried.evidence),
        witnesses=(each for carried in shown for each in carried.witnesses),
        fix=_fix(None if organization is None else organization.id),
        gaps=(gap for carried in found for gap in carried.gaps),
        assumes=(_TAKEN,),
    )


def _fix(organization: str | None) -> Fix:
    condition = {"StringNotEqualsIfExists": {"aws:ResourceOrgID": organization or "<your organization's id>"}}
    statement = {"Effect": "Deny", "Action": [WRITE], "Resource": "*", "Condition": condition}
    return Fix(
        "Add to a service control policy, or to the VPC endpoints' policies, a Deny of s3:PutObject outside "
        "your organization; leave out what services of AWS own.",
        {"operation": "add-statement", "policy_type": "service control policy", "value": statement},
    )
