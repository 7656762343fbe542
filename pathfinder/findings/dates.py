"""Days in a snapshot: what AWS writes as a date, and the newest one. No clock is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pathfinder.model.organization import Snapshot

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?\Z", re.ASCII)


def day_of(text: str | None) -> date | None:
    """The day of a date as AWS writes it: `2026-01-31T10:00:00+00:00`; None for anything else."""
    found = _DAY.match(text or "")
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def newest_day(snapshot: Snapshot) -> date | None:
    """The newest day that the snapshot tells of: it is no older than that. None where it tells of none."""
    days = (day for text in _texts(snapshot) if (day := day_of(text)) is not None)
    return max(days, default=None)


def _texts(snapshot: Snapshot) -> Iterator[str | None]:
    for account in snapshot.accounts:
        for user in account.users:
            for key in user.access_keys or ():
                yield key.created
                yield key.last_used
        for role in account.roles:
            yield role.last_used
