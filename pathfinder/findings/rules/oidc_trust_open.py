"""Roles that trust an OIDC issuer for more subjects than those of one owner. Source: STS-20, STS-44, COND-46."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pathfinder.conditions.keys_used import keys_of
from pathfinder.conditions.solve import Solution, Undecided, solve
from pathfinder.findings.finding import Finding, Fix, Place, Severity, finding, place_of, with_condition
from pathfinder.findings.registry import rule
from pathfinder.findings.strangers import unless
from pathfinder.findings.survey import Survey
from pathfinder.graph.hop import Hop
from pathfinder.graph.settle import facts_for
from pathfinder.logic.formula import Formula, KeyTest, Quantifier, all_of, leaves, one
from pathfinder.logic.patterns import Pattern, exact, parse_pattern
from pathfinder.logic.values import StringTest


@dataclass(frozen=True, slots=True)
class Issuer:
    """How an issuer writes its subjects: `start`, then the owner, then `end`. `shared`: anybody gets its tokens."""

    host: re.Pattern[str]
    start: str
    end: str
    shared: bool
    owner: str


_ISSUERS = (
    Issuer(re.compile(r"token\.actions\.githubusercontent\.com"), "repo:", "/", True, "GitHub organization"),
    Issuer(re.compile(r"gitlab\.com"), "project_path:", "/", True, "GitLab group"),
    Issuer(re.compile(r"app\.terraform\.io"), "organization:", ":", True, "Terraform organization"),
    Issuer(re.compile(r"oidc\.eks\..*"), "system:serviceaccount:", ":", False, "namespace of the cluster"),
)
_BUILT_IN = re.compile(
    r"accounts\.google\.com|cognito-identity\.amazonaws\.com|www\.amazon\.com|graph\.facebook\.com"
)
_FREE = frozenset(
    {
        *("aud", "azp", "amr", "iat", "exp", "nbf", "jti", "iss", "sha", "event_name"),
        *("ref", "ref_type", "base_ref", "head_ref", "run_id", "run_number", "run_attempt"),
        *("environment", "runner_environment", "repository_visibility"),
    }
)
"""Claims that do not say whose token it is: a stranger's can hold the same."""
_STRANGER = "pathfinder-stranger"


@rule(
    "oidc-trust-open",
    "A role trusts an OIDC issuer without pinning whose tokens it takes.",
    "STS-20",
    "STS-44",
    "COND-46",
)
def oidc_trust_open(survey: Survey) -> Iterator[Finding]:
    """By asking for a token of an owner that the trust policy does not name in full."""
    for hop in survey.hops("federated"):
        if hop.actions != ("sts:AssumeRoleWithWebIdentity",):
            continue
        host = (hop.source.partition("oidc-provider/")[2] or hop.source).lower()
        issuer = next((each for each in _ISSUERS if each.host.fullmatch(host.partition("/")[0])), None)
        found = _subject(survey, hop, host, issuer)
        if found is not None:
            yield _finding(survey, hop, host, issuer, found)


def _subject(survey: Survey, hop: Hop, host: str, issuer: Issuer | None) -> str | None:
    """A subject of an owner that is not named in full and that opens the role; None: there is none."""
    subject = f"{host}:sub"
    built_in = _BUILT_IN.fullmatch(host) is not None
    free = _FREE - {"aud", "azp"} if built_in else _FREE
    identity = {
        key
        for key in keys_of(hop.condition)
        if key.startswith(f"{host}:") and key.rpartition(":")[2] not in free
    }
    stranger = StringTest((exact(_STRANGER),))
    asked: list[Formula] = [hop.condition]
    asked += [unless(key, stranger) for key in sorted(identity - {subject})]
    if issuer is None or built_in:
        asked.append(one(subject, stranger))
    else:
        asked.append(_is(subject, _owners(hop.condition, subject, issuer), negated=True))
    facts = facts_for(survey.world, "sts")
    for shape in _shapes(issuer if not built_in else None):
        solution = solve(all_of(*asked, _is(subject, (shape,))), facts)
        if isinstance(solution, Solution):
            return next(iter(solution.values.get(subject, ())), _STRANGER)
        if isinstance(solution, Undecided):
            return f"perhaps {_STRANGER} (not decided: {solution.reason})"
    return None


def _shapes(issuer: Issuer | None) -> tuple[Pattern, ...]:
    """Subjects of somebody else, those first that read well."""
    if issuer is None:
        return (_like("*"),)
    beginning = (f"{issuer.start}stranger", f"{issuer.start}*-stranger", f"{issuer.start}?*")
    return tuple(_like(f"{each}{issuer.end}{rest}") for each in beginning for rest in ("code*", "?*"))


def _owners(condition: Formula, subject: str, issuer: Issuer) -> tuple[Pattern, ...]:
    """What is said of subjects by patterns that name their owner in full."""
    found: dict[str, None] = {}
    for leaf in leaves(condition):
        if not isinstance(leaf, KeyTest) or leaf.key != subject or not isinstance(leaf.value, StringTest):
            continue
        for pattern in leaf.value.patterns:
            first = pattern.tokens[0] if pattern.tokens else None
            if isinstance(first, str) and first.startswith(issuer.start):
                owner, end, _ = first[len(issuer.start) :].partition(issuer.end)
                if end:
                    found[f"{issuer.start}{owner}{issuer.end}"] = None
    return tuple(_like(f"{start}*") for start in found)


def _like(text: str) -> Pattern:
    return parse_pattern(text, variables=False)


def _is(key: str, patterns: Sequence[Pattern], *, negated: bool = False) -> KeyTest:
    return KeyTest(key, Quantifier.ONE, StringTest(tuple(patterns)), negated, if_absent=False)


def _finding(survey: Survey, hop: Hop, host: str, issuer: Issuer | None, subject: str) -> Finding:
    role = survey.world.roles[hop.target]
    shared = issuer.shared if issuer else _BUILT_IN.fullmatch(host) is not None
    routes = [
        route
        for route in survey.routes_from(hop.source)
        if any(each.target == hop.target for each in route.hops)
    ]
    severity = Severity.HIGH if shared else Severity.MEDIUM
    if shared and routes:
        severity = Severity.CRITICAL
    written = next(
        (found for each in hop.evidence if each.effect == "Allow" and (found := survey.written_in(each))),
        None,
    )
    whose = f"every {issuer.owner} that is not named" if issuer else "every subject of the issuer"
    text = f"Pin {host}:sub to the subjects that are to assume the role, with their owner in full."
    wanted = f"{issuer.start}<owner>{issuer.end}<name>*" if issuer else "<subject>"
    return finding(
        "oidc-trust-open",
        severity,
        f"Role {role.arn.name} takes tokens of {host} from {whose}, such as {subject}",
        ("anybody can get such a token" if shared else "whoever this issuer knows gets such a token")
        + ("; the role reaches data in S3" if routes else ""),
        place_of(*written) if written else Place(hop.target, role.arn.account),
        hangs_on=(hop.source, *((written[1],) if written else ())),
        evidence=hop.evidence,
        witnesses=[hop.witness],
        routes=[route.id for route in routes],
        fix=with_condition(*written, "StringLike", f"{host}:sub", (wanted,), text) if written else Fix(text),
        gaps=hop.gaps,
    )
