"""Routes to a bucket that start in an account outside the bucket's organization. Source: TERM-4, EVAL-20 to EVAL-22."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.aws.s3_actions import AccessGroup, s3_action
from pathfinder.findings.finding import Finding, Place, Severity, finding
from pathfinder.findings.registry import rule
from pathfinder.findings.survey import Survey
from pathfinder.graph.node import NodeKind
from pathfinder.routes.route import Route

_CHANGING = frozenset({AccessGroup.WRITE, AccessGroup.DELETE, AccessGroup.TAKE_OVER})
_WORDS = (
    AccessGroup.READ,
    AccessGroup.WRITE,
    AccessGroup.LIST,
    AccessGroup.DELETE,
    AccessGroup.TAKE_OVER,
)


@rule(
    "route-from-outside-organization",
    "A principal of an account outside the organization reaches a bucket.",
    "EVAL-20",
    "EVAL-21",
    "EVAL-22",
)
def outside_organization(survey: Survey) -> Iterator[Finding]:
    """By routes, one finding for each account and bucket.

    What everybody may do, and roles that any account may assume, are told of by other rules.
    """
    found: dict[tuple[str, str], list[Route]] = {}
    for route in survey.routes_from(*_starts(survey)):
        start, owner = route.start.account, route.target.account
        if start is None or owner is None or start == owner:
            continue
        if any(hop.target in survey.open_roles for hop in route.hops):
            continue
        related = survey.same_organization(start, owner)
        organized = survey.world.organization(owner) is not None
        if (related is False and (organized or route.start.external)) or (
            related is None and route.start.external
        ):
            found.setdefault((start, route.target.id), []).append(route)
    for (account, target), routes in sorted(found.items()):
        made = _finding(survey, account, target, routes)
        if made is not None:
            yield made


def _starts(survey: Survey) -> list[str]:
    """Principals of accounts that the snapshot does not hold, or that are in no organization or in another one."""
    kinds = (NodeKind.USER, NodeKind.ROLE, NodeKind.EXTERNAL)
    owners = {node.account for node in survey.graph.nodes.values() if node.kind is NodeKind.BUCKET}
    apart = {
        account
        for account in {node.account for node in survey.graph.nodes.values() if node.account}
        if any(survey.same_organization(account, owner) is False for owner in owners if owner)
    }
    return [
        node.id
        for node in survey.graph.nodes.values()
        if node.external or (node.kind in kinds and node.account in apart)
    ]


def _finding(survey: Survey, account: str, target: str, routes: list[Route]) -> Finding | None:
    public = survey.public_actions.get(target, frozenset())
    groups = {
        known.group
        for route in routes
        for name in route.access.actions
        if name not in public and (known := s3_action(name))
    }
    words = [group.value for group in _WORDS if group in groups]
    if not words:
        return None
    node = survey.graph.node(target)
    changes = not groups.isdisjoint(_CHANGING)
    severity = Severity.HIGH if changes else Severity.MEDIUM
    harm = "changes data" if changes else "reads data"
    gaps = [gap for route in routes for gap in route.gaps]
    told = survey.same_organization(account, node.account) is not None
    if not told:
        gaps.append(f"whether account {account} is in the organization of {node.account} is not known")
    return finding(
        "route-from-outside-organization",
        severity if told else severity.milder(),
        f"Account {survey.names(account)}, {'' if told else 'perhaps '}outside the organization, "
        f"may {', '.join(words)} {node.label}",
        f"an account that your organization does not control {harm}",
        Place(target, node.account),
        hangs_on=(account, *words),
        evidence=(each for route in routes for hop in route.hops for each in hop.evidence),
        witnesses=[hop.witness for hop in routes[0].hops],
        routes=[route.id for route in routes],
        gaps=gaps,
    )
