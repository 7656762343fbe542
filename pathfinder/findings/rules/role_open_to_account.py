"""Roles whose trust policy names a whole account, without a condition. Source: PRIN-1, STS-2, STS-3."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.aws.arn import is_account_id, parse_arn
from pathfinder.findings.finding import Finding, Fix, Severity, evidence_for, finding, is_allow, place_of
from pathfinder.findings.registry import rule
from pathfinder.findings.survey import Survey
from pathfinder.graph.hop import Hop
from pathfinder.policy.document import PolicyKind, PrincipalElement

FEW = 3
"""Principals up to which it is worth no more than a remark."""


@rule(
    "role-open-to-account",
    "A role's trust policy names a whole account without a condition; those who really can are counted.",
    "PRIN-1",
    "STS-3",
)
def role_open_to_account(survey: Survey) -> Iterator[Finding]:
    """By trust statements without conditions; who can is read off the hops, so that their own policies count."""
    for reach in survey.statements(PolicyKind.TRUST):
        statement = reach.statement
        if not is_allow(statement) or statement.conditions or statement.principal is None:
            continue
        if reach.compiled.fault or not reach.compiled.actions.holds("sts:assumerole"):
            continue
        for account in whole_accounts(statement.principal):
            hops = _hops(survey, reach.held.resource, account)
            if account not in survey.world.accounts or not hops:
                continue
            principals = survey.world.principals.values()
            everyone = sum(1 for each in principals if each.account == account) - 1
            reaches = survey.routes_from(reach.held.resource)
            severity = _severity(len(hops), everyone, reaches=bool(reaches))
            name = reach.held.resource.rsplit("/", 1)[-1]
            yield finding(
                "role-open-to-account",
                severity,
                f"{len(hops)} of {everyone} users and roles of account {survey.names(account)} may assume "
                f"role {name}, whose trust policy names the whole account",
                "whoever writes identity-based policies there decides who may assume it"
                + ("; the role reaches data in S3" if reaches else ""),
                place_of(reach.held, statement),
                hangs_on=(statement, account),
                evidence=(
                    evidence_for(reach.held, statement),
                    *(each for hop in hops[:FEW] for each in hop.evidence),
                ),
                witnesses=[hop.witness for hop in hops[:FEW]],
                routes=[route.id for route in reaches],
                fix=Fix(
                    "Name the users and roles that are to assume it, or add a condition on aws:PrincipalArn."
                ),
                gaps=(gap for hop in hops for gap in hop.gaps),
            )


def whole_accounts(element: PrincipalElement) -> tuple[str, ...]:
    """The accounts that are named as a whole (PRIN-1)."""
    found: dict[str, None] = {}
    for kind, texts in element.entries if not element.inverted else ():
        for text in texts if kind == "AWS" else ():
            arn = parse_arn(text)
            if is_account_id(text):
                found[text] = None
            elif arn is not None and arn.is_root:
                found[arn.account] = None
    return tuple(found)


def _hops(survey: Survey, role: str, account: str) -> list[Hop]:
    into = survey.graph.hops_to(role) if role in survey.graph.network else ()
    return [
        hop for hop in into if hop.kind == "assume-role" and survey.graph.node(hop.source).account == account
    ]


def _severity(many: int, everyone: int, *, reaches: bool) -> Severity:
    if many <= FEW:
        return Severity.INFO
    if reaches and many * 2 >= everyone:
        return Severity.MEDIUM
    return Severity.LOW
