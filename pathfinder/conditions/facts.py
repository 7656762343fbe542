"""What AWS guarantees of condition keys in every request: what each holds, and how they hang together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache

from pathfinder.aws.condition_keys import always_present, is_multivalued, value_type
from pathfinder.conditions.domains.ranges import between, compared
from pathfinder.conditions.key_domain import KeyDomain, ValueKind
from pathfinder.conditions.keys_used import keys_of
from pathfinder.logic.automata import Length, only
from pathfinder.logic.formula import Formula, KeyTest, all_of, any_of, present
from pathfinder.logic.patterns import parse_pattern
from pathfinder.logic.values import Comparison
from pathfinder.policy.context import OBJECT_KEY, SESSION_NAME


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """What is known of keys before any policy is read.

    `domains`: key in lower case to what it can hold; other keys are as the catalogue has them. `axioms` hold
    in every request. Two Facts are equal only if they are the same object: results are kept in it, in `fits`
    whether tests on one key fit together.
    """

    domains: Mapping[str, KeyDomain] = field(default_factory=dict)
    axioms: tuple[Formula, ...] = ()
    memory: dict[object, object] = field(default_factory=dict, repr=False)
    fits: dict[frozenset[KeyTest], bool] = field(default_factory=dict, repr=False)

    def domain(self, key: str) -> KeyDomain:
        """What the key can hold."""
        known = self.domains.get(key)
        return catalogue_domain(key) if known is None else known

    def concerning(self, keys: frozenset[str]) -> tuple[Formula, ...]:
        """The axioms that say something about these keys, or about keys that those depend on, and so on."""
        if not self.axioms:
            return ()
        known = self.memory.get(("axioms", keys))
        if known is None:
            reached = set(keys)
            chosen: dict[Formula, None] = {}
            while True:
                more = [a for a in self.axioms if a not in chosen and not reached.isdisjoint(keys_of(a))]
                if not more:
                    break
                for axiom in more:
                    chosen[axiom] = None
                    reached |= keys_of(axiom)
            known = self.memory[("axioms", keys)] = tuple(axiom for axiom in self.axioms if axiom in chosen)
        assert isinstance(known, tuple)
        return known

    def tied(self, formula: Formula) -> frozenset[str]:
        """The keys that the formula speaks of, and all that axioms tie to them."""
        known = self.memory.get(("tied", formula))
        if known is None:
            keys = keys_of(formula)
            known = self.memory[("tied", formula)] = keys.union(*map(keys_of, self.concerning(keys)))
        assert isinstance(known, frozenset)
        return known


_WORD = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
_SESSION_TEXT = Length(only(_WORD + "+=,.@-"), 2, 64)
_NAMES = Length(only(_WORD + "+=,.@:/-"), 2, 1224)
_ACCOUNT = Length(only("0123456789"), 12, 12)
_NOT_NEGATIVE = compared(Comparison.GREATER_OR_EQUAL, (Decimal(0),))
_EPOCH_SECONDS = between(Decimal(10_000), Decimal(10**11))
"""From 1970-01-01T02:46:40Z on: shorter numbers could be years (COND-32)."""


def _text(*examples: str, pattern: str | None = None, **more: object) -> KeyDomain:
    patterns = None if pattern is None else (parse_pattern(pattern, variables=False),)
    return KeyDomain(patterns=patterns, null=False, examples=examples, **more)  # type: ignore[arg-type]


_ADDRESS = KeyDomain(ValueKind.ADDRESS, null=False)
CANNED_ACLS = (
    "private",
    "bucket-owner-full-control",
    "bucket-owner-read",
    "authenticated-read",
    "aws-exec-read",
    "log-delivery-write",
    "public-read",
    "public-read-write",
)
"""The canned ACLs that S3 takes in a header (S3-24); with any other text the call fails."""
_SPECIAL: dict[str, KeyDomain] = {
    OBJECT_KEY: KeyDomain(always_present=True, null=False),
    SESSION_NAME: KeyDomain(always_present=True, null=False, texts=_SESSION_TEXT, examples=("session",)),
    "sts:rolesessionname": KeyDomain(null=False, texts=_SESSION_TEXT, examples=("session",)),
    "aws:sourceidentity": KeyDomain(null=False, texts=_SESSION_TEXT, examples=("alice",)),
    "sts:sourceidentity": KeyDomain(null=False, texts=_SESSION_TEXT, examples=("alice",)),
    "sts:externalid": KeyDomain(null=False, texts=_NAMES),
    "aws:sourceip": KeyDomain(ValueKind.ADDRESS, null=False, examples=("203.0.113.10",)),
    "aws:vpcsourceip": KeyDomain(ValueKind.ADDRESS, null=False, examples=("10.0.0.10",)),
    "aws:sourcevpce": _text("vpce-0123456789abcdef0", pattern="vpce-*"),
    "aws:sourcevpc": _text("vpc-0123456789abcdef0", pattern="vpc-*"),
    "aws:principalaccount": KeyDomain(null=False, texts=_ACCOUNT, examples=("111122223333",)),
    "aws:vpceaccount": KeyDomain(null=False, texts=_ACCOUNT, examples=("111122223333",)),
    "aws:sourceaccount": KeyDomain(null=False, texts=_ACCOUNT, examples=("111122223333",)),
    "aws:resourceaccount": KeyDomain(null=False, texts=_ACCOUNT, examples=("111122223333",)),
    "aws:epochtime": KeyDomain(
        ValueKind.NUMBER,
        always_present=True,
        null=False,
        numbers=_EPOCH_SECONDS,
        examples=("1767225600",),
    ),
    "aws:multifactorauthage": KeyDomain(
        ValueKind.NUMBER, whole=True, null=False, numbers=_NOT_NEGATIVE, examples=("60", "1", "0")
    ),
    "s3:max-keys": KeyDomain(
        ValueKind.NUMBER, whole=True, null=False, numbers=_NOT_NEGATIVE, examples=("10", "1", "0")
    ),
    "s3:signatureage": KeyDomain(
        ValueKind.NUMBER, whole=True, null=False, numbers=_NOT_NEGATIVE, examples=("1000", "1")
    ),
    "s3:tlsversion": KeyDomain(null=False, values=("1.3", "1.2", "1.1", "1.0")),
    "ec2:roledelivery": KeyDomain(null=False, values=("2.0", "1.0")),
    "s3:authtype": KeyDomain(null=False, values=("REST-HEADER", "REST-QUERY-STRING", "POST")),
    "s3:accesspointnetworkorigin": KeyDomain(null=False, values=("Internet", "VPC")),
    "s3:signatureversion": KeyDomain(null=False, values=("AWS4-HMAC-SHA256", "AWS")),
    "s3:x-amz-acl": KeyDomain(null=False, values=CANNED_ACLS),
    "s3:x-amz-server-side-encryption": KeyDomain(null=False, values=("AES256", "aws:kms", "aws:kms:dsse")),
    "s3:x-amz-server-side-encryption-customer-algorithm": KeyDomain(null=False, values=("AES256",)),
    "s3:x-amz-metadata-directive": KeyDomain(null=False, values=("COPY", "REPLACE")),
    "sts:durationseconds": KeyDomain(
        ValueKind.NUMBER,
        whole=True,
        null=False,
        numbers=between(Decimal(900), Decimal(43200)),
        examples=("3600", "900"),
    ),
    "aws:requestedregion": _text("us-east-1"),
    "aws:useragent": KeyDomain(always_present=True, examples=("aws-cli/2.0",)),
    "aws:username": _text("alice"),
    "aws:principalorgid": _text("o-exampleorgid", pattern="o-*"),
    "aws:resourceorgid": _text("o-exampleorgid", pattern="o-*"),
}
_KINDS = {
    "ARN": ValueKind.ARN,
    "BOOL": ValueKind.BOOL,
    "NUMBER": ValueKind.NUMBER,
    "DATE": ValueKind.DATE,
    "ADDRESS": ValueKind.ADDRESS,
    "IP": ValueKind.ADDRESS,
}
_EXAMPLES = {
    ValueKind.ADDRESS: ("203.0.113.10",),
    ValueKind.DATE: ("2026-01-01T00:00:00Z",),
    ValueKind.NUMBER: ("1", "0"),
}


_TAGS = ("aws:requesttag/", "aws:principaltag/", "aws:resourcetag/")

MARK = "\x1f"
"""Between the number of a request and its key, where requests of one chain are decided together."""


def key_at(request: int, key: str) -> str:
    """A key of one of several requests that are decided together."""
    return f"{request}{MARK}{key}"


def request_of_key(key: str) -> tuple[int | None, str]:
    """Which of several requests a key belongs to, None where there is one only; and the key itself."""
    number, mark, own = key.partition(MARK)
    return (int(number), own) if mark and number.isdecimal() else (None, key)


@lru_cache(maxsize=1 << 14)
def catalogue_domain(key: str) -> KeyDomain:
    """What the key can hold as far as the catalogue of condition keys knows."""
    key = request_of_key(key)[1]
    special = _SPECIAL.get(key)
    if special is not None:
        return special
    type_ = value_type(key)
    kind = ValueKind.TEXT if type_ is None else _KINDS.get(type_.name, ValueKind.TEXT)
    return KeyDomain(
        kind,
        multivalued=is_multivalued(key),
        always_present=always_present(key),
        null=kind is ValueKind.TEXT,
        examples=("example",) if key.startswith(_TAGS) else _EXAMPLES.get(kind, ()),
    )


_THROUGH_ENDPOINT = ("aws:SourceVpce", "aws:SourceVpc", "aws:VpcSourceIp")
_ONLY_THROUGH_ENDPOINT = ("aws:SourceVpcArn", "aws:VpceAccount", "aws:VpceOrgID", "aws:VpceOrgPaths")


@cache
def network_axioms(*, service: bool = False) -> tuple[Formula, ...]:
    """A request travels through a VPC endpoint or comes from a public address (chapter 6, COND-54).

    `service`: an AWS service makes it, which shows neither.
    """
    inside = [present(key) for key in _THROUGH_ENDPOINT]
    public = present("aws:SourceIp")
    neither = (all_of(public.opposite(), *(key.opposite() for key in inside)),) if service else ()
    whole = any_of(
        all_of(public, *(key.opposite() for key in inside)),
        all_of(public.opposite(), *inside),
        *neither,
    )
    further = (any_of(inside[0], present(key).opposite()) for key in _ONLY_THROUGH_ENDPOINT)
    return (whole, *further)


DEFAULT_FACTS = Facts(axioms=network_axioms())
"""What holds for every request that a principal of an account makes."""
