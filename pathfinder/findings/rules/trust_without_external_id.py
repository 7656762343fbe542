"""Third parties that may assume a role without an external id. Source: STS-4, KEY-2."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.conditions.solve import satisfiable
from pathfinder.findings.finding import Finding, Fix, Place, Severity, finding, place_of, with_condition
from pathfinder.findings.held import Held
from pathfinder.findings.registry import rule
from pathfinder.findings.survey import Survey
from pathfinder.graph.hop import Hop
from pathfinder.graph.settle import facts_for
from pathfinder.logic.formula import all_of, negate, present
from pathfinder.policy.document import Statement

_VALUE = "<the id that the third party gives you>"
_ADVICE = "Ask for the external id that the third party gives you."
_WITHOUT = negate(present("sts:externalid"))


@rule(
    "trust-without-external-id",
    "An account outside the organization may assume a role without sts:ExternalId.",
    "STS-4",
    "KEY-2",
)
def trust_without_external_id(survey: Survey) -> Iterator[Finding]:
    """By each assume-role hop from such an account that is open where no external id is sent.

    A role that any account may assume is told of by role-open-to-any-account.
    """
    found: dict[tuple[str, str], list[Hop]] = {}
    facts = facts_for(survey.world, "sts")
    for hop in survey.hops("assume-role"):
        source, role = survey.graph.node(hop.source), survey.graph.node(hop.target)
        if source.account is None or source.account == role.account:
            continue
        related = survey.same_organization(source.account, role.account)
        if related or (related is None and not source.external):
            continue
        if hop.target in survey.open_roles:
            continue
        if satisfiable(all_of(hop.condition, _WITHOUT), facts) is not False:
            found.setdefault((hop.target, source.account), []).append(hop)
    for (role_arn, account), hops in sorted(found.items()):
        yield _finding(survey, role_arn, account, hops)


def _finding(survey: Survey, role_arn: str, account: str, hops: list[Hop]) -> Finding:
    role = survey.world.roles[role_arn]
    routes = [
        route
        for route in survey.routes_from(*(hop.source for hop in hops))
        if any(hop.target == role_arn for hop in route.hops)
    ]
    gaps = [gap for hop in hops for gap in hop.gaps]
    if survey.same_organization(account, role.arn.account) is None:
        gaps.append(f"whether account {account} is in the organization of {role.arn.account} is not known")
    written = _written(survey, hops)
    severity = Severity.HIGH if routes else Severity.MEDIUM
    reached = "; the role reaches data in S3" if routes else ""
    return finding(
        "trust-without-external-id",
        severity if survey.same_organization(account, role.arn.account) is False else severity.milder(),
        f"Account {survey.names(account)} may assume role {role.arn.name} without an external id",
        f"whoever serves several customers can be made to use this role for another one{reached}",
        place_of(*written) if written else Place(role_arn, role.arn.account),
        hangs_on=(account,),
        evidence=(each for hop in hops for each in hop.evidence),
        witnesses=[hop.witness for hop in hops],
        routes=[route.id for route in routes],
        fix=with_condition(*written, "StringEquals", "sts:ExternalId", (_VALUE,), _ADVICE)
        if written
        else Fix(_ADVICE),
        gaps=gaps,
    )


def _written(survey: Survey, hops: list[Hop]) -> tuple[Held, Statement] | None:
    """The first statement of the trust policy that lets them in."""
    granting = (
        each for hop in hops for each in hop.evidence if each.side == "resource" and each.effect == "Allow"
    )
    return next((written for each in granting if (written := survey.written_in(each)) is not None), None)
