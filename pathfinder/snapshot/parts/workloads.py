"""What runs with a role beside instances, functions and containers: read from the calls that describe it, and written.

The kinds are in `workload_kinds`, one entry each.
"""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.aws.arn import Arn
from pathfinder.model.organization import Account
from pathfinder.model.workloads import Workload, WorkloadKind
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.files import below
from pathfinder.snapshot.parts.workload_fields import Owner
from pathfinder.snapshot.parts.workload_kinds import SOURCES
from pathfinder.snapshot.reading import Reading


def workloads(
    reading: Reading, folder: str, owner: Owner
) -> tuple[tuple[Workload, ...], frozenset[WorkloadKind]]:
    """The workloads of an account, and the kinds of which all are known."""
    found: dict[Arn, Workload] = {}
    whole: set[WorkloadKind] = set()
    for kind, source in SOURCES.items():
        pages = reading.pages(below(folder, source.stem), source.shape, owner.account)
        for page_place, page in pages or ():
            for within, entry in source.entries(page):
                try:
                    made = source.make(entry, page_place.at(within) if within else page_place, owner)
                    found.setdefault(made.arn, made)
                except InputError as error:
                    reading.skip(error, owner.account)
                    if pages:
                        pages.complete = False
        if pages is not None and pages.complete:
            whole.add(kind)
    return tuple(found.values()), frozenset(whole)


def workloads_written(account: Account) -> Iterator[tuple[str, object]]:
    """Each file's name and content, of the kinds that there are or that are known."""
    for kind, source in SOURCES.items():
        held = [each for each in account.workloads if each.kind is kind]
        if not held and kind.value not in account.known:
            continue
        pages = source.write(held) or [{}]
        if kind.value not in account.known:
            pages = [*pages, {"Incomplete": True, "incomplete": True}]
        yield f"{source.stem}.json", pages
