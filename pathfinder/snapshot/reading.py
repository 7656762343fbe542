"""One reading of a snapshot: its files, what was left out on the way, and the policies parsed so far."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import msgspec

from pathfinder.aws.arn import AccountId, Arn
from pathfinder.model.organization import Gap
from pathfinder.policy.document import Policy, PolicyKind, SomePolicy, Unread
from pathfinder.policy.parse import PolicyShapeError
from pathfinder.snapshot.decoding import as_utf8, decode, decode_pages
from pathfinder.snapshot.documents import Documents
from pathfinder.snapshot.errors import InputError, join_place, one_line, skippable
from pathfinder.snapshot.files import Files, below
from pathfinder.snapshot.shapes.base import Page

T = TypeVar("T")
P = TypeVar("P", bound=Page)
Progress = Callable[[str, int, int], None]
"""Told what is being read, how many are done, and how many there are."""

NOT_GIVEN = "its document is not in the snapshot"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file."""

    file: str
    within: str = ""

    def at(self, *parts: str) -> Place:
        """A place further inside."""
        return Place(self.file, join_place(self.within, *parts))

    def error(self, reason: str, item: str = "entry") -> InputError:
        """What is wrong here; `item` is what `skip_invalid` would leave out."""
        return InputError(self.file, self.within, reason, skippable(item))


@dataclass(slots=True)
class Pages(Generic[P]):
    """What one call returned, in one or more pages; `complete` is False where something of it is missing."""

    pages: list[tuple[Place, P]] = field(default_factory=list)
    complete: bool = True

    def __iter__(self) -> Iterator[tuple[Place, P]]:
        return iter(self.pages)


@dataclass(frozen=True, slots=True)
class CallFailed:
    """A file that holds the AWS CLI's message instead of its output, or nothing."""

    code: str

    @property
    def absent(self) -> bool:
        """Whether the answer was that there is no such thing."""
        return self.code.startswith("NoSuch") or self.code.endswith(("NotFoundError", "NotFoundException"))


class Reading:
    """Reads files, and keeps the gaps that reading them left; `lost` counts the things left out so far."""

    def __init__(self, files: Files, *, skip_invalid: bool = False, progress: Progress | None = None) -> None:
        self.files = files
        self.skip_invalid = skip_invalid
        self.gaps: list[Gap] = []
        self.lost = 0
        self.documents = Documents()
        self.progress: Progress = progress or (lambda _what, _done, _total: None)
        self._owners: dict[Arn, AccountId] = {}

    def gap(self, place: str, reason: str, *affects: str) -> None:
        """Note what could not be read."""
        self.gaps.append(Gap(place, reason, tuple(sorted(affects))))

    def skip(self, error: InputError, *affects: str) -> None:
        """Leave an invalid item out, as a gap; raises it where invalid items are not to be skipped."""
        if not self.skip_invalid:
            raise error
        self.lost += 1
        self.gap(error.file, f"{error.what}; left out", *affects)

    def is_owned(self, bucket: Arn, account: AccountId, place: Place) -> bool:
        """Whether the bucket can be this account's: a name belongs to one account of a partition (TERM-5).

        That two accounts list it leaves open whose it is: the second entry is refused, or left out as a gap.
        """
        owner = self._owners.setdefault(bucket, account)
        if owner == account:
            return True
        reason = f"is the bucket {bucket.resource}, which account {owner} lists too; a bucket has one owner"
        self.skip(place.error(reason), account, str(bucket))
        return False

    def one(self, file: str, shape: type[T], *affects: str) -> T | CallFailed | None:
        """A file that holds one thing; None where it is absent, or invalid and left out."""
        try:
            content = self.files.read(file)
            if content is None:
                return None
            return call_failed(content, file) or decode(content, shape, file)
        except InputError as error:
            self.skip(_for_file(error), *affects)
            return None

    def pages(self, stem: str, shape: type[P], *affects: str) -> Pages[P] | None:
        """The pages in `STEM.json` and in `STEM/*.json`; None where there are none."""
        names = [below(stem, name) for name in self.files.files(stem) if name.endswith(".json")]
        found = self.pages_of([f"{stem}.json", *names], shape, *affects)
        return found if found.pages or not found.complete else None

    def pages_of(self, files: Iterable[str], shape: type[P], *affects: str) -> Pages[P]:
        """The pages in the files named."""
        found: Pages[P] = Pages()
        for file in files:
            self._add_pages(found, file, shape, affects)
        if found.pages and all(page.truncated_here for _, page in found):
            found.complete = False
            self.gap(found.pages[-1][0].file, "is truncated; the pages after it are missing", *affects)
        if any(page.incomplete for _, page in found):
            found.complete = False
        return found

    def _add_pages(self, found: Pages[P], file: str, shape: type[P], affects: tuple[str, ...]) -> None:
        def leave_out(error: InputError) -> None:
            found.complete = False
            self.skip(error, *affects)

        try:
            content = self.files.read(file)
            if content is None:
                return
            if failed := call_failed(content, file):
                found.complete = False
                self.gap(file, f"the call failed: {failed.code}", *affects)
                return
            listed = decode_pages(content, shape, file, leave_out if self.skip_invalid else None)
        except InputError as error:
            leave_out(_for_file(error))
            return
        many = as_utf8(content, file).lstrip()[:1] == b"["
        found.pages += [
            (Place(file, f"[{index}]" if many else ""), page) for index, page in enumerate(listed)
        ]

    def policy(
        self,
        kind: PolicyKind,
        name: str,
        attached_to: str,
        raw: msgspec.Raw | msgspec.UnsetType,
        place: Place,
        why_not: str | None = None,
    ) -> SomePolicy:
        """The policy, or an `Unread` where its document is missing, or invalid and left out.

        `why_not`: the reason that the snapshot itself gives for a missing document.
        """
        if raw is msgspec.UNSET or bytes(raw) == b"null":
            return Unread(kind, name, attached_to, why_not or NOT_GIVEN)
        content = bytes(raw)
        try:
            return Policy(kind, name, attached_to, self.documents.parse(content))
        except PolicyShapeError as error:
            return self._malformed(error, kind, name, attached_to, content, place)

    def optional_policy(
        self,
        kind: PolicyKind,
        name: str,
        attached_to: str,
        raw: msgspec.Raw | msgspec.UnsetType,
        place: Place,
        why_not: str | None = None,
    ) -> SomePolicy | None:
        """As `policy`; an explicit null says that there is none."""
        if raw is not msgspec.UNSET and bytes(raw) == b"null":
            return None
        return self.policy(kind, name, attached_to, raw, place, why_not)

    def _malformed(
        self,
        error: PolicyShapeError,
        kind: PolicyKind,
        name: str,
        attached_to: str,
        content: bytes,
        place: Place,
    ) -> SomePolicy:
        """With skip_invalid: without the statement, if only its Effect is wrong; otherwise unread."""
        only_statement = _EFFECT.match(error.place) is not None
        shown = place.at(error.place).error(error.reason, "statement" if only_statement else "policy")
        if not self.skip_invalid:
            raise shown
        if only_statement:
            try:
                return Policy(kind, name, attached_to, self.documents.parse(content, lenient=True))
            except PolicyShapeError:
                pass
        return Unread(kind, name, attached_to, f"{one_line(shown.file)}: {shown.what}; left out")


@contextmanager
def collector_paused() -> Iterator[None]:
    """Without Python's cyclic collector: what is read stays, and looking it through again costs half the time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


_EFFECT = re.compile(r"Statement\[\d+\]\.Effect\Z")
_FAILED = re.compile(rb"\s*(?:aws: \[ERROR\]: )?An error occurred \((?P<code>\w+)\)")


def call_failed(content: bytes, file: str) -> CallFailed | None:
    """Whether the file holds what the AWS CLI prints when a call fails (kept with `2>&1`)."""
    if content.lstrip()[:1] in (b"{", b"["):
        return None
    if found := _FAILED.match(as_utf8(content, file)):
        return CallFailed(found["code"].decode())
    return None


def why_not(errors: Mapping[str, str] | None, part: str) -> str | None:
    """What the snapshot says about a part that could not be read."""
    return (errors or {}).get(part)


def _for_file(error: InputError) -> InputError:
    """The remedy for an error that makes the whole file unusable."""
    return (
        error
        if "--skip-invalid" in error.remedy
        else InputError(error.file, error.place, error.reason, skippable("file"))
    )
