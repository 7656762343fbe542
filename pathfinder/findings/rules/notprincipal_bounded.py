"""Denies with NotPrincipal that list somebody with a permissions boundary. Source: PRIN-22."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.findings.finding import Finding, Severity, is_deny
from pathfinder.findings.not_principal import by_arn, found_in, inverted, what_it_is
from pathfinder.findings.registry import rule
from pathfinder.findings.survey import Survey


@rule(
    "notprincipal-bounded",
    "A Deny with NotPrincipal lists a principal with a permissions boundary, whom it denies all the same.",
    "PRIN-22",
)
def notprincipal_bounded(survey: Survey) -> Iterator[Finding]:
    """A principal that has a boundary is denied, listed or not."""
    for reach, element in inverted(survey):
        if not is_deny(reach.statement) or reach.compiled.fault:
            continue
        for kind, texts in element.entries:
            for text in texts if kind == "AWS" else ():
                actor = survey.world.actors.get(text)
                if actor is not None and actor.boundary is not None:
                    yield found_in(
                        "notprincipal-bounded",
                        reach,
                        Severity.MEDIUM,
                        f"{what_it_is(reach)} lists {text}, and denies it all the same: it has a permissions boundary",
                        "NotPrincipal in a Deny spares nobody who has a boundary",
                        by_arn(reach, element),
                        text,
                    )
