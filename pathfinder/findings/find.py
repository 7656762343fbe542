"""All findings of a world, sorted, with what was looked at and what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from pathfinder.findings.finding import Finding, Severity
from pathfinder.findings.registry import rules
from pathfinder.findings.survey import Asked, Survey
from pathfinder.graph.graph import Progress
from pathfinder.graph.world import World
from pathfinder.model.organization import Gap


@dataclass(frozen=True, slots=True)
class Findings:
    """The answer: findings, worst first; `rules`: those that were asked, by id; `gaps`: what is not known.

    `left_out`: what was not looked at, and why, as sentences. `below`: how many findings are milder than asked;
    `worst`: the worst severity of all, those included.
    """

    asked: Asked
    rules: tuple[str, ...]
    findings: tuple[Finding, ...]
    gaps: tuple[Gap, ...]
    left_out: tuple[str, ...] = ()
    below: int = 0
    worst: Severity | None = None
    account_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """How many findings there are of each severity, worst first; all severities are in it."""
        found = Counter(each.severity for each in self.findings)
        return {severity.value: found[severity] for severity in Severity}


class UnknownRuleError(ValueError):
    """No rule has this id."""


def find_findings(
    world: World,
    asked: Asked | None = None,
    *,
    only: tuple[str, ...] = (),
    severity: Severity = Severity.INFO,
    progress: Progress | None = None,
) -> Findings:
    """What the rules find: of those in `only`, or of all; no milder than `severity`.

    The same world and `asked` give the same answer. Raises UnknownRuleError.
    """
    known = rules()
    for name in only:
        if name not in known:
            raise UnknownRuleError(name)
    chosen = tuple(sorted(set(only))) or tuple(known)
    survey = Survey(world, asked or Asked(), progress)
    gaps = survey.graph.gaps
    found: dict[str, Finding] = {}
    for number, id_ in enumerate(chosen):
        if progress is not None:
            progress(id_, number, len(chosen))
        for each in known[id_].check(survey):
            found.setdefault(each.id, each)
    shown = sorted((each for each in found.values() if each.severity.at_least(severity)), key=_order)
    return Findings(
        survey.asked,
        chosen,
        tuple(shown),
        gaps,
        _left_out(survey, chosen),
        len(found) - len(shown),
        min((each.severity for each in found.values()), key=lambda worst: worst.rank, default=None),
        world.account_names,
    )


def _order(each: Finding) -> tuple[object, ...]:
    place = each.place
    return (each.severity.rank, each.rule, place.resource, place.index or 0, each.title, each.id)


def _left_out(survey: Survey, chosen: tuple[str, ...]) -> tuple[str, ...]:
    told = ["AWS-managed policies and service-linked roles: nobody can change them"]
    if "old-access-key" in chosen and survey.asked.as_of is None:
        told.append("the age of access keys: the snapshot tells of no date; --now says which day it is")
    told.append(f"routes of more than {survey.asked.max_hops} hops")
    return tuple(told)
