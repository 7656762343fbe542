"""CopyObject: one call that reads a source and writes a target, as the same caller (S3-31, TERM-2).

It is PutObject on the target, with the source in `s3:x-amz-copy-source`, and s3:GetObject on that source besides; each
side has its own bucket policy, key, RCP and account. Source: evaluation.md S3-31, S3-40, chapter 6.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pathfinder.aws.arn import Arn
from pathfinder.conditions.keys_used import keys_of
from pathfinder.graph.calls import Call, call_with
from pathfinder.graph.further.registry import VERSION_ID, Need, ObjectNamed, needs_of, with_deeper
from pathfinder.graph.principals import Actor
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.logic.formula import Formula, KeyTest, all_of, leaves, negate, one, present
from pathfinder.logic.patterns import EVERYTHING, Pattern, Wildcard, exact, pattern_of
from pathfinder.logic.values import StringTest
from pathfinder.model.resources import Bucket
from pathfinder.policy.context import ABSENT, PRESENT, Context, KeyState, Values
from pathfinder.policy.document import PolicyKind, Unread
from pathfinder.policy.resources import Target

READ, READ_VERSION, WRITE = "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"
VERSION = "?versionId="
"""What stands between an object's key and the version that is copied."""
_SOME_VERSION = [*EVERYTHING.tokens, VERSION, Wildcard.ONE, *EVERYTHING.tokens]
SOURCE = "s3:x-amz-copy-source"
DIRECTIVE = "s3:x-amz-metadata-directive"
MOST_SOURCES = 50
"""Buckets of the snapshot that are asked about, where policies do not say from which one may be copied."""
_VERSIONED = one(SOURCE, StringTest((pattern_of(_SOME_VERSION),)))
_STRANGER = "000000000000"
_WHOLE = ("/", "")
"""What stands before bucket and key, where any bucket may be copied from."""
_ABSENT: dict[str, KeyState] = {SOURCE: ABSENT, DIRECTIVE: ABSENT}
"""What the read of the source does not carry, whatever the write does."""


def copy_call(world: World, actor: Actor, source: Bucket, target: Resource) -> Call:
    """The actor's copy of an object of the source bucket to the target, with all that it needs."""
    told = world.context(actor, WRITE, target)
    context = Context({**told.states, SOURCE: PRESENT}, told.otherwise)
    needs = (*needs_of(world, WRITE, target), *_of_source(world, source))
    needs = tuple(
        each for each in needs if not each.unless_given and (each.choices is None or each.action != READ)
    )
    return call_with(world, actor, WRITE, target, context, needs, given=context)


def copied_from(source: Bucket) -> Formula:
    """That an object of this bucket is copied."""
    return _from((source.name,))


def _of_source(world: World, source: Bucket) -> Iterator[Need]:
    yield from _reads(world, world.bucket_resource(source, objects=True), source.name)


def _reads(world: World, resource: Resource, name: str) -> Iterator[Need]:
    """What a copy from the bucket of this name reads: the object, or the version of it that is named (S3-31)."""
    before = (f"{name}/", f"/{name}/")
    plain = all_of(_from((name,)), negate(_VERSIONED))
    yield from with_deeper(world, Need(READ, resource, when=plain, names=ObjectNamed(SOURCE, before)))
    named = ObjectNamed(SOURCE, before, VERSION)
    need = Need(READ_VERSION, resource, when=_from((name,), versions=True), names=named)
    yield from _of_version(world, need, PRESENT)


def _of_version(world: World, need: Need, version: KeyState) -> Iterator[Need]:
    """A read of the version that the source names, which its own request to S3 names too (chapter 6)."""
    first, *deeper = with_deeper(world, need)
    yield replace(first, differs={**first.differs, VERSION_ID: version})
    yield from deeper


def _from(names: Iterable[str], *, versions: bool = False) -> Formula:
    """That an object of one of these buckets is copied: `bucket/key`, with or without a slash before it."""
    after = _SOME_VERSION if versions else [*EVERYTHING.tokens]
    patterns = [pattern_of([f"{before}{name}/", *after]) for name in names for before in ("", "/")]
    return one(SOURCE, StringTest(tuple(patterns)))


@dataclass(frozen=True, slots=True, eq=False)
class CopyChoices:
    """Whether a write copies something, and what: `Need.choices`, where policies look at that."""

    world: World
    bucket: Bucket

    def __call__(self, actor: Actor, rest: Formula, context: Context) -> Iterator[tuple[Need, ...]]:
        """No copy, if that will do; else a copy from the buckets that policies let it come from."""
        given = context.state(SOURCE)
        spoken = keys_of(rest) & {SOURCE, DIRECTIVE}
        if not spoken and not isinstance(given, Values):
            return
        if isinstance(given, Values):
            yield tuple(need for text in given.values for need in self._given(text, actor))
            return
        yield (_left_out(present(SOURCE)),)
        names = tuple(dict.fromkeys(_named(rest)))
        if "" in names or not names:
            names = tuple(dict.fromkeys((*names, *self._known())))
        names = tuple(filter(None, names))[:MOST_SOURCES]
        needs = [need for name in names for need in self._from(name, actor)]
        yield (*needs, *self._unseen(names))

    def _known(self) -> Iterator[str]:
        """The buckets of the snapshot: the target itself and those of its account first."""
        own = self.bucket.account
        buckets = sorted(self.world.buckets.values(), key=lambda each: (each.account != own, each.name))
        yield from (self.bucket.name, *(each.name for each in buckets))

    def _given(self, text: str, actor: Actor) -> Iterator[Need]:
        """From the object that the request names."""
        name, _, rest = text.removeprefix("/").partition("/")
        key, version, _ = rest.partition(VERSION)
        held = self.world.buckets.get(f"arn:{self.bucket.arn.partition}:s3:::{name}")
        if held is None or not key:
            yield from self._from(name, actor)
            return
        resource = self.world.resource_at(held, Target(replace(held.arn, resource=f"{name}/{key}")))
        when = one(SOURCE, StringTest((exact(text),)))
        need = Need(READ_VERSION if version else READ, resource, when=when, differs=_ABSENT)
        if version:
            yield from _of_version(self.world, need, Values((version,)))
        else:
            yield from with_deeper(self.world, need)

    def _from(self, name: str, actor: Actor) -> Iterator[Need]:
        held = self.world.buckets.get(f"arn:{self.bucket.arn.partition}:s3:::{name}")
        if held is not None:
            yield from _of_source(self.world, held)
        else:
            own = self.world.accounts.get(actor.account or "")
            account = _STRANGER if own is not None and "buckets" in own.known else None
            yield from _reads(self.world, self._of_stranger(name, name, account), name)

    def _unseen(self, names: tuple[str, ...]) -> Iterator[Need]:
        """From a bucket that is none of these: of an account that nobody knows."""
        known = _from(names) if names else None
        when = present(SOURCE) if known is None else all_of(present(SOURCE), negate(known))
        stranger = self._of_stranger("*", "any bucket of an account that nobody here knows", _STRANGER)
        plain, named = ObjectNamed(SOURCE, _WHOLE), ObjectNamed(SOURCE, _WHOLE, VERSION)
        yield Need(READ, stranger, when=all_of(when, negate(_VERSIONED)), names=plain)
        need = Need(READ_VERSION, stranger, when=all_of(when, _VERSIONED), names=named)
        yield from _of_version(self.world, need, PRESENT)

    def _of_stranger(self, name: str, shown: str, account: str | None) -> Resource:
        own = Arn(self.bucket.arn.partition, "s3", "", "", name)
        unread = Unread(PolicyKind.RESOURCE, "bucket policy", shown, "the snapshot does not hold the bucket")
        begins = "" if name == "*" else f"{name}/"
        return Resource(Target(own, open_prefix=begins), account, (unread,))


def _left_out(when: Formula) -> Need:
    """That the write copies nothing."""
    nothing = Resource(Target(None, service="s3"), None)
    return Need(READ, nothing, when=when, closed="a copy", named=True)


def no_copy(world: World, bucket: Bucket, unless_given: tuple[str, ...]) -> Need:
    """What a write needs where no policy asks what it copies: nothing."""
    nothing = Resource(Target(None, service="s3"), None)
    never = all_of(present(SOURCE), negate(present(SOURCE)))
    return Need(
        READ,
        nothing,
        when=never,
        choices=CopyChoices(world, bucket),
        may_need=(READ, READ_VERSION, "kms:Decrypt"),
        unless_given=unless_given,
    )


def _named(rest: Formula) -> Iterator[str]:
    """The buckets that the tests say a copy may come from; an empty text where one says more than one bucket."""
    for leaf in leaves(rest):
        if not isinstance(leaf, KeyTest) or leaf.key != SOURCE or leaf.negated:
            continue
        if isinstance(leaf.value, StringTest):  # names of buckets are in lower case
            names = map(_beginning, leaf.value.patterns)
            yield from (each.lower() if leaf.value.ignore_case else each for each in names)


def _beginning(pattern: Pattern) -> str:
    first = pattern.tokens[0] if pattern.tokens else ""
    text = first.removeprefix("/") if isinstance(first, str) else ""
    return text.partition("/")[0] if "/" in text else ""
