"""Services that may assume a role for whomever their configuration passes it. Source: STS-47, STS-49."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.conditions.solve import satisfiable
from pathfinder.findings.finding import Finding, Fix, Place, Severity, finding, place_of, with_condition
from pathfinder.findings.registry import rule
from pathfinder.findings.strangers import FOR_STRANGERS
from pathfinder.findings.survey import Survey
from pathfinder.graph.outsiders import ANY_SERVICE
from pathfinder.graph.settle import facts_for
from pathfinder.logic.formula import all_of

_NOT_ASKED = frozenset(
    {
        ANY_SERVICE,
        "ec2.amazonaws.com",
        "lambda.amazonaws.com",
        "edgelambda.amazonaws.com",
        "ecs-tasks.amazonaws.com",
        "pods.eks.amazonaws.com",
    }
)
"""Services that only hand the role to code of its own account, and mostly send no source keys (STS-40 to STS-43).

Whoever trusts every service trusts everybody, which other rules tell of."""


@rule(
    "service-trust-without-source",
    "A role trusts an AWS service without saying for whose resources.",
    "STS-47",
    "STS-49",
)
def service_trust_without_source(survey: Survey) -> Iterator[Finding]:
    """By asking whether the service may assume the role for a resource of an account that nobody here knows."""
    facts = facts_for(survey.world, "sts")
    for hop in survey.hops("service"):
        if hop.source in _NOT_ASKED or hop.actions != ("sts:AssumeRole",):
            continue
        if satisfiable(all_of(hop.condition, FOR_STRANGERS), facts) is False:
            continue
        role = survey.world.roles[hop.target]
        granting = (each for each in hop.evidence if each.side == "resource" and each.effect == "Allow")
        written = next((found for each in granting if (found := survey.written_in(each))), None)
        text = (
            "Say for whom the service may assume it: by aws:SourceArn or aws:SourceAccount, if it sends them."
        )
        yield finding(
            "service-trust-without-source",
            Severity.INFO,
            f"{hop.source} may assume role {role.arn.name} whatever the resource that it acts for",
            "iam:PassRole keeps other accounts out for most services; a source condition does it for certain",
            place_of(*written) if written else Place(hop.target, role.arn.account),
            hangs_on=(hop.source,),
            evidence=hop.evidence,
            witnesses=[hop.witness],
            fix=with_condition(*written, "StringEquals", "aws:SourceAccount", (role.arn.account,), text)
            if written
            else Fix(text),
            gaps=hop.gaps,
        )
