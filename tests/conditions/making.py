"""Formulas and request contexts for the tests: small enough that a brute force over a pool means something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from ipaddress import ip_network
from itertools import product

from hypothesis import strategies as st

from pathfinder.conditions.domains.ranges import between
from pathfinder.conditions.facts import Facts, network_axioms
from pathfinder.conditions.key_domain import KeyDomain, ValueKind
from pathfinder.conditions.one_value import belongs
from pathfinder.conditions.solve import holds
from pathfinder.logic.formula import Formula, KeyTest, Quantifier, all_of, any_of, negate, one
from pathfinder.logic.patterns import Variable, Wildcard, parse_pattern, pattern_of
from pathfinder.logic.values import (
    AddressTest,
    AnyValueTest,
    ArnTest,
    BoolTest,
    Comparison,
    NumberTest,
    StringTest,
    ValueTest,
)

TEXT, LIST, NUMBER, BOOL, ARN, ADDRESS = (
    "t:text",
    "t:list",
    "aws:multifactorauthage",
    "aws:securetransport",
    "aws:sourcearn",
    "aws:sourceip",
)
FACTS = Facts(
    domains={
        TEXT: KeyDomain(),
        NUMBER: KeyDomain(ValueKind.NUMBER, null=False, numbers=between(Decimal(0), Decimal(10**9))),
        LIST: KeyDomain(multivalued=True),
        "t:other": KeyDomain(),
    },
    axioms=network_axioms(),
)


def texts(*patterns: str, ignore_case: bool = False) -> StringTest:
    return StringTest(tuple(map(parse_pattern, patterns)), ignore_case)


def arns(*patterns: str) -> ArnTest:
    return ArnTest(tuple(tuple(map(parse_pattern, p.split(":", 5))) for p in patterns))  # type: ignore[misc]


def networks(*cidrs: str) -> AddressTest:
    return AddressTest(tuple(map(ip_network, cidrs)))


def number(comparison: str, *values: str) -> NumberTest:
    return NumberTest(Comparison(comparison), tuple(map(Decimal, values)))


def bools(*values: bool) -> BoolTest:
    return BoolTest(frozenset(values))


def isnt(key: str, value: ValueTest) -> Formula:
    return negate(one(key, value))


TOKENS = st.one_of(st.sampled_from(["a", "b", "/"]), st.just(Wildcard.MANY), st.just(Wildcard.ONE))
PATTERNS = st.lists(TOKENS, max_size=5).map(pattern_of)
TIED = st.tuples(
    st.lists(TOKENS, max_size=2), st.lists(TOKENS, max_size=2), st.sampled_from([None, "a"])
).map(lambda parts: pattern_of([*parts[0], Variable("t:other", parts[2]), *parts[1]]))
NUMBERS = st.sampled_from(["0", "1", "2", "2.5", "3", "10"]).map(Decimal)
CIDRS = st.sampled_from(
    ["10.0.0.0/8", "10.128.0.0/9", "10.0.0.0/9", "10.1.2.3/32", "0.0.0.0/0", "::/0", "2001:db8::/32"]
).map(ip_network)


def string_tests(patterns: st.SearchStrategy = PATTERNS) -> st.SearchStrategy[StringTest]:
    return st.builds(StringTest, st.lists(patterns, min_size=1, max_size=2).map(tuple), st.booleans())


NUMBER_TESTS = st.builds(
    NumberTest, st.sampled_from(Comparison), st.lists(NUMBERS, min_size=1, max_size=2).map(tuple)
)
ADDRESS_TESTS = st.builds(AddressTest, st.lists(CIDRS, min_size=1, max_size=2).map(tuple))
BOOL_TESTS = st.builds(BoolTest, st.sampled_from([frozenset({True}), frozenset({False})]))
ARN_TESTS = st.lists(
    st.sampled_from(
        ["arn:aws:s3:::a*", "arn:aws:s3:::?b", "arn:*:s3:*::*", "arn:aws:iam::1:role/*", "arn:aws:*:::a"]
    ),
    min_size=1,
    max_size=2,
).map(lambda found: arns(*found))


def key_tests(key: str, values: st.SearchStrategy[ValueTest]) -> st.SearchStrategy[KeyTest]:
    return st.builds(
        KeyTest,
        st.just(key),
        st.sampled_from(Quantifier),
        st.one_of(values, st.just(AnyValueTest())),
        st.booleans(),
        st.booleans(),
        st.booleans(),
    )


TESTS = st.one_of(
    key_tests(TEXT, string_tests()),
    key_tests(TEXT, string_tests()),
    key_tests(LIST, string_tests()),
    key_tests(NUMBER, st.one_of(NUMBER_TESTS, string_tests())),
    key_tests(BOOL, BOOL_TESTS),
    key_tests(ADDRESS, ADDRESS_TESTS),
    key_tests("aws:sourcevpce", st.just(texts("vpce-1"))),
)
TIED_TESTS = st.one_of(
    key_tests(TEXT, string_tests(TIED)), key_tests("t:other", string_tests()), key_tests(TEXT, string_tests())
)


def formulas(tests: st.SearchStrategy[KeyTest]) -> st.SearchStrategy[Formula]:
    return st.recursive(
        tests,
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: all_of(*parts)),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: any_of(*parts)),
        ),
        max_leaves=6,
    )


WORDS = ("", "a", "b", "A", "/", "x", "ab", "ba", "aa", "b/", "a/b", "aab", "bab", "xab", "a/bx")
POOL: Mapping[str, tuple[str, ...]] = {
    TEXT: WORDS,
    "t:other": WORDS[:9],
    LIST: WORDS[:8],
    NUMBER: ("0", "1", "1.5", "2", "2.5", "2.7", "3", "9", "10", "11"),
    BOOL: ("true", "false"),
    ADDRESS: ("10.0.0.10", "10.200.0.1", "10.1.2.3", "192.0.2.1", "2001:db8::1", "2001:db9::1"),
    ARN: (
        "arn:aws:s3:::a",
        "arn:aws:s3:::ab",
        "arn:aws:s3:::bb",
        "arn:aws:iam::1:role/a",
        "arn:aws-cn:s3:::x:y",
    ),
    "aws:sourcevpce": ("vpce-1", "vpce-2"),
    "aws:sourcevpc": ("vpc-1",),
    "aws:vpcsourceip": ("10.9.9.9",),
}


def states(key: str) -> list[tuple[str, ...] | None]:
    """Every state of a key over the pool: absent, one value, and for a multivalued key none or two."""
    domain = FACTS.domain(key)
    pool = [text for text in POOL[key] if belongs(text, domain)]
    found: list[tuple[str, ...] | None] = [] if domain.always_present else [None]
    found.extend((text,) for text in pool)
    if domain.multivalued:
        found.append(())
        found.extend((a, b) for a in pool for b in pool if a < b)
    return found


def contexts(keys: frozenset[str]) -> Iterator[dict[str, tuple[str, ...]]]:
    """Every context of these keys over the pool that the axioms allow, with the keys that those speak of."""
    network = {"aws:sourceip", "aws:sourcevpce", "aws:sourcevpc", "aws:vpcsourceip"}
    rest = sorted(keys - network)
    through: list[dict[str, tuple[str, ...]]] = [{}]
    if keys & network:
        through = [{ADDRESS: state} for state in states(ADDRESS) if state is not None]
        through += [
            {"aws:sourcevpce": (vpce,), "aws:sourcevpc": ("vpc-1",), "aws:vpcsourceip": ("10.9.9.9",)}
            for vpce in POOL["aws:sourcevpce"]
        ]
    for way in through:
        for chosen in product(*(states(key) for key in rest)):
            context = {key: values for key, values in zip(rest, chosen, strict=True) if values is not None}
            yield {**context, **way}


def some_context_holds(formula: Formula, keys: frozenset[str]) -> dict[str, tuple[str, ...]] | None:
    return next((context for context in contexts(keys) if holds(formula, context)), None)
