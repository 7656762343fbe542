"""Grants of bucket policies that a resource control policy always denies. Source: ORG-20 to ORG-24, EVAL-15."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.authorization.decision import LayerKind
from pathfinder.conditions.solve import satisfiable
from pathfinder.findings.finding import Finding, Severity, evidence_for, finding, is_allow, place_of, removed
from pathfinder.findings.registry import rule
from pathfinder.findings.statements import Reach
from pathfinder.findings.survey import Survey
from pathfinder.graph.callers import callers_of
from pathfinder.graph.settle import facts_for
from pathfinder.logic.formula import FALSE, Formula, all_of, any_of, negate
from pathfinder.model.resources import Bucket
from pathfinder.policy.document import PolicyKind

_ACTIONS = (
    ("s3:GetObject", True),
    ("s3:PutObject", True),
    ("s3:DeleteObject", True),
    ("s3:ListBucket", False),
    ("s3:GetBucketAcl", False),
)


@rule(
    "grant-beyond-rcp",
    "A bucket policy grants what a resource control policy of its account always denies.",
    "ORG-20",
    "ORG-21",
    "ORG-24",
)
def grant_beyond_rcp(survey: Survey) -> Iterator[Finding]:
    """Where no request of anybody whom the statement lets in can pass the RCPs."""
    for reach in survey.statements(PolicyKind.RESOURCE):
        bucket = survey.buckets.get(reach.held.resource)
        if bucket is None or not is_allow(reach.statement) or reach.compiled.fault:
            continue
        if survey.world.rcp_levels(bucket.account) is None:
            continue
        denying = _denying(survey, reach, bucket)
        if not denying:
            continue
        yield finding(
            "grant-beyond-rcp",
            Severity.LOW,
            f"{reach.statement.label} of the bucket policy of {bucket.name} grants what "
            f"{', '.join(sorted(denying))} always denies",
            "it gives nothing today; it opens when the resource control policy changes",
            place_of(reach.held, reach.statement),
            hangs_on=(reach.statement, *sorted(denying)),
            evidence=(evidence_for(reach.held, reach.statement),),
            fix=removed(
                reach.held, reach.statement, "Take the statement out, or except those it names in the RCP."
            ),
        )


def _denying(survey: Survey, reach: Reach, bucket: Bucket) -> set[str]:
    """The RCPs that deny every request that the statement grants; empty where one passes, or none is granted."""
    policies: set[str] = set()
    for action, objects in _ACTIONS:
        if not reach.compiled.actions.holds(action.lower()):
            continue
        resource = survey.world.bucket_resource(bucket, objects=objects)
        for actor in callers_of(survey.world, bucket):
            facts = facts_for(survey.world, "s3", survey.world.given(actor, action, resource))
            decision = survey.world.decide(actor, action, resource)
            granted: Formula = any_of(
                *(
                    match.condition
                    for layer in decision.layers
                    if layer.kind is LayerKind.RESOURCE
                    for match in layer.matches
                    if match.index == reach.statement.index and match.effect.value == "Allow"
                )
            )
            if granted == FALSE or satisfiable(granted, facts) is False:
                continue
            rcps = [each for each in decision.layers if each.kind is LayerKind.RCP and each.applies]
            denied = any_of(*(layer.denies for layer in rcps))
            if satisfiable(all_of(granted, negate(denied)), facts) is not False:
                return set()
            policies.update(
                match.policy for layer in rcps for match in layer.matches if match.effect.value == "Deny"
            )
    return policies
