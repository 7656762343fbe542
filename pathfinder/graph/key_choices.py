"""The key that a writer names in the request, where the bucket's default does not do: the header's key counts (S3-41).

Which keys come in question is asked only where policies look at the headers of encryption: elsewhere SSE-S3 needs no
key at all (S3-44). Source: evaluation.md S3-40 to S3-44, KMS-1, KMS-5, TERM-6, chapter 6.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pathfinder.aws.arn import Arn, parse_arn
from pathfinder.conditions.keys_used import keys_of
from pathfinder.graph.further.registry import Need
from pathfinder.graph.key_needs import GENERATE, need_of_key
from pathfinder.graph.keys import aws_managed_key, held_key, is_encrypted_with_kms
from pathfinder.graph.principals import Actor
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.logic.formula import (
    FALSE,
    Formula,
    KeyTest,
    Quantifier,
    Unknown,
    all_of,
    leaves,
    negate,
    one,
    present,
    rewrite,
)
from pathfinder.logic.patterns import exact, parse_pattern
from pathfinder.logic.values import ArnTest, StringTest, variables_of
from pathfinder.model.resources import Bucket
from pathfinder.policy.conditions import fold_test
from pathfinder.policy.context import ABSENT, OPEN, Context, KeyState, Values
from pathfinder.policy.document import Policy, SomePolicy
from pathfinder.policy.resources import Target

ENCRYPTION = "s3:x-amz-server-side-encryption"
KEY_ID = f"{ENCRYPTION}-aws-kms-key-id"
CUSTOMER = f"{ENCRYPTION}-customer-algorithm"
HEADERS = frozenset({ENCRYPTION, KEY_ID, CUSTOMER})
OTHER_KEY = "a request may name another key: whether one opens is not decided (S3-41)"
MOST_KEYS = 50
"""Keys of the snapshot that are asked; where there are more, whether another one opens is not decided."""
_STRANGER = "000000000000"
"""Stands for an account that nobody here knows."""
_SOME_REGION = "us-east-1"
_UNSEEN = "key/outside-of-the-snapshot"
_KEY_ARN = re.compile(r"arn:[^:*?]+:kms:[^:*?]+:\d{12}:key/[^:*?$]+\Z", re.ASCII)


@dataclass(frozen=True, slots=True, eq=False)
class KeyChoices:
    """What a write needs in place of the default key, by what the writer may name: `Need.choices`.

    `default`: what it needs where it names none; `key`: the key that it needs then, None where that is not known.
    """

    world: World
    resource: Resource
    bucket: Bucket
    default: Need
    key: Arn | None

    def __call__(self, actor: Actor, rest: Formula, context: Context) -> Iterator[tuple[Need, ...]]:
        """The default alone where no key needs to be named; then with keys that policies name; then with all."""
        given = tuple(_given(context))
        spoken = keys_of(rest) & HEADERS
        if not spoken and not given:
            return
        if KEY_ID not in spoken and not given:
            yield (self._default(actor),)
        named = _keys(self.key, (*given, *_named_by(rest)))
        own = () if self.key is None else (self.key,)
        default = self._default(actor)
        default = replace(default, when=all_of(default.when, negate(_other_than(own))))
        needs = [self._named(key) for key in named]
        yield (default, *needs, _left_out("another key", _other_than((*own, *named))))
        known = _keys(self.key, (*named, *self._held(actor), *self._written_down(actor)))
        asked = tuple(each for each in known if _may_be(rest, each))
        needs = [self._named(key) for key in asked[:MOST_KEYS]]
        default = replace(default, perhaps=tuple(each for each in default.perhaps if each != OTHER_KEY))
        yield (default, *needs, *self._unseen(actor, (*own, *asked[:MOST_KEYS]), len(asked) > MOST_KEYS))

    def _default(self, actor: Actor) -> Need:
        """What is needed where no key is named: of SSE-KMS without a default, the account's own `aws/s3` (S3-42)."""
        own = actor.account is not None and actor.account == self.bucket.account
        if is_encrypted_with_kms(self.bucket) or not own:
            return self.default
        key = aws_managed_key(self.world, self._at(actor.account or ""))
        need = need_of_key(self.world, GENERATE, key, self.resource, self.bucket, self.default.when)
        return replace(need, gaps=self._gaps)

    def _at(self, account: str, resource: str = "") -> Arn:
        """A key of the account where S3 asks for it."""
        return Arn(self.bucket.arn.partition, "kms", self.bucket.region or _SOME_REGION, account, resource)

    def _here(self) -> Formula:
        """That the request names a key where S3 asks for it (KMS-1, TERM-6)."""
        pattern = f"arn:{self.bucket.arn.partition}:kms:{self.bucket.region or '*'}:*:key/*"
        return one(KEY_ID, StringTest((parse_pattern(pattern, variables=False),)))

    @property
    def _gaps(self) -> tuple[str, ...]:
        """What is not known of a key that nobody has listed."""
        if self.bucket.region is not None:
            return ()
        return (f"the Region of {self.bucket.name} is not known: its keys are taken to be of {_SOME_REGION}",)

    def _named(self, key: Arn) -> Need:
        need = need_of_key(self.world, GENERATE, key, self.resource, self.bucket, _is(key))
        return replace(need, named=True)

    def _held(self, actor: Actor) -> Iterator[Arn]:
        """The keys of the snapshot, in the bucket's region: its account's first, then the writer's, then others'.

        S3 asks KMS in its own region (KMS-1, KMS-8); the key that AWS manages is for its own account (S3-42).
        """
        region, partition = self.bucket.region, self.bucket.arn.partition
        first = [self.bucket.account, actor.account]
        accounts = sorted(self.world.snapshot.accounts, key=lambda each: (each.id not in first, each.id))
        for account in accounts:
            held = sorted((each for each in account.keys), key=lambda each: str(each.arn))
            for key in held:
                if key.arn.partition == partition and region in (None, key.arn.region):
                    yield key.arn
        if actor.account is not None:
            yield aws_managed_key(self.world, self._at(actor.account))

    def _written_down(self, actor: Actor) -> Iterator[Arn]:
        """Keys that the writer's own policies name and that the snapshot does not hold."""
        texts = sorted(set(_resources(self.world.own_policies(actor))))
        for arn in filter(None, map(_key, texts)):
            if held_key(self.world, arn) is None and self.bucket.region in (None, arn.region):
                yield arn

    def _unseen(self, actor: Actor, known: tuple[Arn, ...], too_many: bool) -> Iterator[Need]:
        """A key that the snapshot does not hold: of the writer's own account, or of an account that nobody knows."""
        here = self._here()
        yield _left_out("a key that is not in the bucket's Region", all_of(_other_than(known), negate(here)))
        other = all_of(_other_than(known), here)
        if too_many:
            reason = f"more than {MOST_KEYS} keys could be named: whether another one opens is not decided"
            yield replace(_left_out("another key", other), closed="", unknown=reason)
            return
        complete = self._complete(actor)
        seen = _of_accounts(complete)
        yield _left_out("a key that its account does not hold", all_of(other, seen))
        mine: Formula = FALSE
        if actor.account is not None and actor.account not in complete:
            mine = _of_accounts((actor.account,))
            yield self._of(actor.account, all_of(other, mine))
        yield self._of(_STRANGER, all_of(other, negate(seen), negate(mine)))

    def _complete(self, actor: Actor) -> tuple[str, ...]:
        """The accounts all of whose keys the snapshot holds; of very many those that matter most."""
        accounts = self.world.snapshot.accounts
        known = tuple(each.id for each in accounts if "keys" in each.known)
        if len(known) <= _MOST_ACCOUNTS:
            return known
        return tuple(each for each in known if each in (actor.account, self.bucket.account))

    def _of(self, account: str, when: Formula) -> Need:
        arn = self._at(account, _UNSEEN)
        need = need_of_key(self.world, GENERATE, arn, self.resource, self.bucket, when)
        if account != _STRANGER:
            said = "not writable: a key of the writer's own account, outside of the snapshot"
            return replace(need, named=True, blocked=said)
        readings = tuple({**each, **place} for each in need.readings for place in _PLACES)
        said = "not writable: a key of an account that nobody here knows"
        return replace(need, named=True, blocked=said, readings=readings, unsure=_IN_WHICH_ORGANIZATION)


_MOST_ACCOUNTS = 100
_PLACES: tuple[Mapping[str, KeyState], ...] = (
    {"aws:resourceorgid": ABSENT, "aws:resourceorgpaths": ABSENT},
    {
        "aws:resourceorgid": Values(("o-of0somebody0else",)),
        "aws:resourceorgpaths": Values(("o-of0somebody0else/r-of0somebody0else/",), multivalued=True),
    },
)
"""Where the account of a key that nobody knows may be: in no organization, or in one of its own."""
_IN_WHICH_ORGANIZATION = (
    "which account holds a key outside of the snapshot is not known, nor its organization"
)


def _of_accounts(accounts: Iterable[str]) -> Formula:
    """That the request names a key of one of these accounts."""
    patterns = tuple(parse_pattern(f"arn:*:kms:*:{each}:key/*", variables=False) for each in accounts)
    return one(KEY_ID, StringTest(patterns)) if patterns else FALSE


def _left_out(what: str, when: Formula) -> Need:
    """That the writer names no such key."""
    nothing = Resource(Target(None, service="kms"), None)
    return Need(GENERATE, nothing, when=when, closed=what, blocked=f"not writable: {what}", named=True)


def _is(key: Arn) -> KeyTest:
    return one(KEY_ID, StringTest((exact(str(key)),)))


def _other_than(keys: tuple[Arn, ...]) -> Formula:
    """That the request names a key, and none of these."""
    if not keys:
        return present(KEY_ID)
    value = StringTest(tuple(exact(str(key)) for key in keys))
    return KeyTest(KEY_ID, Quantifier.ONE, value, negated=True, if_absent=False)


def _keys(default: Arn | None, keys: Iterable[Arn]) -> tuple[Arn, ...]:
    return tuple(each for each in dict.fromkeys(keys) if each != default)


def _key(text: str) -> Arn | None:
    return parse_arn(text) if _KEY_ARN.match(text) else None


def _given(context: Context) -> Iterator[Arn]:
    state = context.state(KEY_ID)
    if isinstance(state, Values):
        yield from filter(None, map(_key, state.values))


def _named_by(rest: Formula) -> Iterator[Arn]:
    """The keys that the policies' tests name in full."""
    for leaf in leaves(rest):
        if not isinstance(leaf, KeyTest) or leaf.key != KEY_ID:
            continue
        match leaf.value:
            case StringTest(patterns):
                texts = [pattern.literal or "" for pattern in patterns]
            case ArnTest(patterns=several):
                texts = [":".join(field.literal or "*" for field in each) for each in several]
            case _:
                texts = []
        yield from filter(None, map(_key, texts))


def _may_be(rest: Formula, key: Arn) -> bool:
    """Whether all else may allow a request that names the key."""
    context = Context({KEY_ID: Values((str(key),))}, lambda _key: OPEN)

    def of_leaf(leaf: KeyTest | Unknown) -> Formula:
        if isinstance(leaf, Unknown) or leaf.key != KEY_ID:
            return leaf
        return fold_test(leaf, context, bound=not variables_of(leaf.value))

    return rewrite(rest, of_leaf) != FALSE


def _resources(policies: Iterable[SomePolicy]) -> Iterator[str]:
    for policy in policies:
        for statement in policy.document.statements if isinstance(policy, Policy) else ():
            if not statement.not_resource:
                yield from statement.resources or ()
