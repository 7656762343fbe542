"""Allows with NotPrincipal. Source: PRIN-20."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.findings.finding import Finding, Fix, Severity, is_allow
from pathfinder.findings.not_principal import found_in, inverted, listed_in, what_it_is
from pathfinder.findings.registry import rule
from pathfinder.findings.survey import Survey


@rule("notprincipal-allow", "An Allow with NotPrincipal lets in everyone but those listed.", "PRIN-20")
def notprincipal_allow(survey: Survey) -> Iterator[Finding]:
    """Anonymous callers included."""
    for reach, element in inverted(survey):
        if is_allow(reach.statement) and not reach.compiled.fault:
            yield found_in(
                "notprincipal-allow",
                reach,
                Severity.HIGH,
                f"{what_it_is(reach)} allows everyone but {listed_in(element)}",
                "whoever is not listed is let in, unsigned callers on S3 included",
                Fix("Name those who are to be allowed in Principal."),
            )
