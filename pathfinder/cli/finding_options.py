"""What the options of `findings` ask for."""

from __future__ import annotations

from pathlib import Path

from pathfinder.cli.errors import UsageError
from pathfinder.cli.nearest import unknown
from pathfinder.cli.output import deliver
from pathfinder.cli.query import checked_hops
from pathfinder.findings.dates import day_of, newest_day
from pathfinder.findings.registry import rules
from pathfinder.findings.survey import Asked
from pathfinder.model.organization import Snapshot


def asked_of(snapshot: Snapshot, now: str | None, key_age_days: int, max_hops: int) -> Asked:
    """What rules are told. Raises UsageError.

    Without `now` ages are counted at the newest day that the snapshot tells of: the same input gives the same
    findings, on whatever day they are asked for.
    """
    if key_age_days < 0:
        raise UsageError(f"--key-age-days is {key_age_days}; it is a number of days, 0 or more")
    day = newest_day(snapshot) if now is None else day_of(now)
    if now is not None and day is None:
        raise UsageError(f"--now is {now}; it is a day, such as 2026-01-31")
    return Asked(day, key_age_days, checked_hops(max_hops))


def checked_rules(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The rules that are asked for. Raises UsageError for one that there is not."""
    for text in texts:
        if text not in rules():
            raise UsageError(unknown("rule", text, rules()))
    return texts


def listed_rules(out: Path | None) -> None:
    """Write what rules there are, one a line."""
    width = max(map(len, rules()))
    deliver(
        (f"{each.id:{width}}  {each.about} ({', '.join(each.sources)})\n" for each in rules().values()), out
    )
