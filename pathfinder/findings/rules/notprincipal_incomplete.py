"""Denies with NotPrincipal whose list leaves something out. Source: PRIN-21, D-16."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.findings.finding import Finding, Severity, is_deny
from pathfinder.findings.not_principal import by_arn, found_in, inverted, listed_in, missing_from, what_it_is
from pathfinder.findings.registry import rule
from pathfinder.findings.survey import Survey


@rule(
    "notprincipal-incomplete",
    "A Deny with NotPrincipal lists a principal without its account or session.",
    "PRIN-21",
)
def notprincipal_incomplete(survey: Survey) -> Iterator[Finding]:
    """AWS may still deny a user whose account is not listed, and a role whose account or sessions are not."""
    for reach, element in inverted(survey):
        if not is_deny(reach.statement) or reach.compiled.fault:
            continue
        texts = tuple(text for kind, listed in element.entries if kind == "AWS" for text in listed)
        missing = [each for text in texts for each in missing_from(text, texts)]
        if missing:
            yield found_in(
                "notprincipal-incomplete",
                reach,
                Severity.MEDIUM,
                f"{what_it_is(reach)} spares {listed_in(element)}, and may deny them all the same: "
                f"{', '.join(dict.fromkeys(missing))} is not listed",
                "AWS may deny at the level of the account or the role; whom the list spares is not certain",
                by_arn(reach, element),
            )
