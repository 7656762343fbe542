"""Access keys that are old and open a way to data. Source: TERM-7, STS-22."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pathfinder.findings.dates import day_of
from pathfinder.findings.finding import Finding, Fix, Place, Severity, finding
from pathfinder.findings.registry import rule
from pathfinder.findings.survey import Survey


@rule("old-access-key", "An active access key is older than it should be and reaches data in S3.", "TERM-7")
def old_access_key(survey: Survey) -> Iterator[Finding]:
    """By the day that ages are counted at, and the routes that start at the key.

    What anybody may do without a key does not count.
    """
    as_of, most = survey.asked.as_of, survey.asked.key_age_days
    for account in survey.world.snapshot.accounts:
        for user in account.users:
            for key in user.access_keys or ():
                created = day_of(key.created)
                if not key.active or as_of is None or created is None or (as_of - created).days <= most:
                    continue
                routes = [
                    route
                    for route in survey.routes_from(f"key:{key.id}")
                    if not survey.public_actions.get(route.target.id, frozenset()).issuperset(
                        route.access.actions
                    )
                ]
                if not routes:
                    continue
                buckets = sorted({route.target.label for route in routes})
                days = (as_of - created).days
                used = day_of(key.last_used)
                yield finding(
                    "old-access-key",
                    Severity.HIGH if days > 4 * most else Severity.MEDIUM,
                    f"Access key {key.id} of user {user.arn.name} is {days:,} days old and reaches "
                    f"{_listed(buckets)}",
                    f"a key that is older than {most} days has had long to leak; {_use(used, as_of)}",
                    Place(str(user.arn), account.id, "access key", key.id),
                    hangs_on=(key.created or "",),
                    evidence=(each for each in routes[0].hops[0].evidence),
                    witnesses=[hop.witness for hop in routes[0].hops],
                    routes=[route.id for route in routes],
                    fix=Fix(
                        "Use a role instead, or rotate the key: make a new one, move to it, then delete this one.",
                        {"operation": "delete-access-key", "user": str(user.arn), "access_key": key.id},
                    ),
                    gaps=(gap for route in routes for gap in route.gaps),
                )


def _listed(buckets: list[str]) -> str:
    shown = ", ".join(buckets[:3])
    return f"{shown} and {len(buckets) - 3} more buckets" if len(buckets) > 3 else shown


def _use(used: date | None, as_of: date) -> str:
    if used is None:
        return "when it was last used is not known"
    return f"it was last used {max((as_of - used).days, 0):,} days before {as_of}"
