"""What anonymous callers reach, and from where. Source: EVAL-40, S3-17, BPA-8, VPCE-5, KEY-2."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from ipaddress import IPv4Network, IPv6Network, collapse_addresses

from pathfinder.aws.s3_actions import AccessGroup, s3_action
from pathfinder.conditions.solve import satisfiable
from pathfinder.conditions.wording import sentence
from pathfinder.findings.finding import Finding, Fix, Place, Severity, finding, removed
from pathfinder.findings.survey import Survey
from pathfinder.graph.guarantees import THROUGH
from pathfinder.graph.hop import Hop
from pathfinder.graph.principals import ANONYMOUS
from pathfinder.graph.settle import facts_for
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE, Formula, KeyTest, Quantifier, all_of, any_of, leaves, present
from pathfinder.logic.values import AddressTest, Network


class Scope(Enum):
    """From where a condition can be met; the value completes "from …"."""

    EVERYWHERE = "everywhere"
    ADDRESSES = "some addresses only"
    ENDPOINTS = "VPC endpoints only"


def scope_of(world: World, condition: Formula) -> Scope | None:
    """From where an unsigned request can meet the condition, at most; None: from nowhere.

    A network wider than S3 itself takes for narrow is everywhere (BPA-8).
    """
    facts = facts_for(world, "s3")
    public = present("aws:sourceip")
    named = _networks(condition)
    beyond = KeyTest("aws:sourceip", Quantifier.ONE, AddressTest(named), negated=True, if_absent=False)
    if (
        satisfiable(all_of(condition, public, beyond) if named else all_of(condition, public), facts)
        is not False
    ):
        return Scope.EVERYWHERE
    if satisfiable(all_of(condition, public), facts) is not False:
        return Scope.ADDRESSES
    return Scope.ENDPOINTS if satisfiable(all_of(condition, THROUGH), facts) is not False else None


def _networks(condition: Formula) -> tuple[Network, ...]:
    """The narrow networks that the condition names, what lies side by side joined."""
    four: list[IPv4Network] = []
    six: list[IPv6Network] = []
    for leaf in leaves(condition):
        if isinstance(leaf, KeyTest) and leaf.key == "aws:sourceip" and isinstance(leaf.value, AddressTest):
            for network in leaf.value.networks:
                if isinstance(network, IPv4Network):
                    four.append(network)
                else:
                    six.append(network)
    narrow = [each for each in collapse_addresses(four) if each.prefixlen >= 8]
    return (*narrow, *(each for each in collapse_addresses(six) if each.prefixlen >= 32))


def within(hop: Hop, groups: Iterable[AccessGroup]) -> tuple[str, ...]:
    """The hop's actions that give one of these kinds of access."""
    wanted = frozenset(groups)
    return tuple(name for name in hop.actions if (known := s3_action(name)) and known.group in wanted)


def exposed(
    survey: Survey, rule: str, groups: Iterable[AccessGroup], severity: Severity, does: str, harm: str
) -> Iterator[Finding]:
    """One finding for each bucket and scope in which anonymous callers have such access.

    `does`: what they do, "read objects of"; `harm`: why that is as bad as `severity` says.
    """
    found: dict[tuple[str, Scope], list[Hop]] = {}
    for hop in survey.hops("access"):
        if hop.source != ANONYMOUS.node.id or not within(hop, groups):
            continue
        scope = scope_of(survey.world, hop.condition)
        if scope is not None:
            found.setdefault((hop.target, scope), []).append(hop)
    for (target, scope), hops in sorted(found.items(), key=lambda item: (item[0][0], item[0][1].value)):
        yield _finding(survey, rule, target, scope, hops, groups, severity, does, harm)


def _finding(
    survey: Survey,
    rule: str,
    target: str,
    scope: Scope,
    hops: list[Hop],
    groups: Iterable[AccessGroup],
    severity: Severity,
    does: str,
    harm: str,
) -> Finding:
    node = survey.graph.node(target)
    actions = sorted({name for hop in hops for name in within(hop, groups)})
    resources = {text for hop in hops for text in hop.resources}
    condition = any_of(*(hop.condition for hop in hops))
    when = "" if condition == TRUE or scope is Scope.EVERYWHERE else f", {sentence(condition)}"
    who = "Anyone" if scope is Scope.EVERYWHERE else "Anyone, unsigned,"
    routes = [
        route.id
        for route in survey.routes_from(ANONYMOUS.node.id)
        if route.target.id == target and within(route.access, groups)
    ]
    limited = scope is not Scope.EVERYWHERE
    reason = f"{harm}; {'no credentials are needed' if not limited else 'limited to ' + scope.value}"
    return finding(
        rule,
        severity.milder() if limited else severity,
        f"{who} may {does} {node.label}{when}",
        reason,
        Place(target, node.account),
        hangs_on=(scope.value, *actions, *sorted(resources)),
        evidence=(each for hop in hops for each in hop.evidence),
        witnesses=[hop.witness for hop in hops],
        routes=routes,
        fix=closing(survey, target, hops),
        gaps=(gap for hop in hops for gap in hop.gaps),
    )


BLOCKED = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}


def blocking(bucket: str) -> Fix:
    """All four switches of Block Public Access."""
    return Fix(
        "Turn on all four switches of S3 Block Public Access for the bucket.",
        {
            "operation": "set",
            "resource": bucket,
            "setting": "PublicAccessBlockConfiguration",
            "value": BLOCKED,
        },
    )


def closing(survey: Survey, bucket: str, hops: Iterable[Hop]) -> Fix:
    """Take out the one statement that lets everybody in; where there is not exactly one, block public access."""
    granting = {
        (each.policy, each.attached_to, each.statement): each
        for hop in hops
        for each in hop.evidence
        if each.side == "resource" and each.effect == "Allow"
    }
    if len(granting) == 1:
        (evidence,) = granting.values()
        written = survey.written_in(evidence)
        if written is not None:
            text = f"Take {evidence.statement} out of the bucket policy, or let it name who needs the access."
            return removed(*written, text)
    return blocking(bucket)
