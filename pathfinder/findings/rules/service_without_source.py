"""AWS services that a bucket lets in for whomever they act. Source: EVAL-45, S3-47, KEY-5."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.aws.s3_actions import AccessGroup
from pathfinder.conditions.solve import satisfiable
from pathfinder.findings.exposure import within
from pathfinder.findings.finding import Finding, Fix, Place, Severity, finding, place_of, with_condition
from pathfinder.findings.registry import rule
from pathfinder.findings.strangers import FOR_STRANGERS
from pathfinder.findings.survey import Survey
from pathfinder.graph.hop import Hop
from pathfinder.graph.node import NodeKind
from pathfinder.graph.outsiders import ANY_SERVICE
from pathfinder.graph.settle import facts_for
from pathfinder.logic.formula import all_of


@rule(
    "service-without-source",
    "A bucket lets an AWS service in without saying for whose resources it may act.",
    "EVAL-45",
    "S3-47",
)
def service_without_source(survey: Survey) -> Iterator[Finding]:
    """By asking whether the service may act for an account and a resource that nobody here knows.

    What lets in every service lets in everybody, which other rules tell of.
    """
    facts = facts_for(survey.world, "s3")
    found: dict[tuple[str, str], list[Hop]] = {}
    for hop in survey.hops("access"):
        if survey.graph.node(hop.source).kind is not NodeKind.SERVICE or hop.source == ANY_SERVICE:
            continue
        if satisfiable(all_of(hop.condition, FOR_STRANGERS), facts) is not False:
            found.setdefault((hop.target, hop.source), []).append(hop)
    for (target, service), hops in sorted(found.items()):
        yield _finding(survey, target, service, hops)


def _finding(survey: Survey, target: str, service: str, hops: list[Hop]) -> Finding:
    node = survey.graph.node(target)
    reads = any(within(hop, (AccessGroup.READ,)) for hop in hops)
    written = next(
        (
            written
            for hop in hops
            for each in hop.evidence
            if each.side == "resource" and each.effect == "Allow" and (written := survey.written_in(each))
        ),
        None,
    )
    text = "Say for whom the service may act: by aws:SourceArn, aws:SourceAccount or aws:SourceOrgID."
    value = (node.account or "<your account>",)
    return finding(
        "service-without-source",
        Severity.HIGH if reads else Severity.MEDIUM,
        f"{service} may {'read' if reads else 'use'} bucket {node.label} for any AWS account",
        "anybody can tell the service to use this bucket: it has the permission, they do not need it",
        place_of(*written) if written else Place(target, node.account),
        hangs_on=(target, service),
        evidence=(each for hop in hops for each in hop.evidence),
        witnesses=[hop.witness for hop in hops],
        routes=[route.id for route in survey.routes_from(service) if route.target.id == target],
        fix=with_condition(*written, "StringEquals", "aws:SourceAccount", value, text)
        if written
        else Fix(text),
        gaps=(gap for hop in hops for gap in hop.gaps),
    )
