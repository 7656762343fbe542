"""The languages of numbers and addresses against what the tests themselves say of each text."""

from __future__ import annotations

from decimal import Decimal
from ipaddress import IPv4Network, collapse_addresses, ip_network

from hypothesis import given, settings
from hypothesis import strategies as st

from pathfinder.conditions.domains.addresses import PLAIN_V6, V6_LIKE, network_ranges, summarized, v4_texts
from pathfinder.conditions.domains.dates import (
    CALENDAR,
    DATE_LIKE,
    PLAIN_DATES,
    date_ranges,
    date_text,
    date_texts,
)
from pathfinder.conditions.domains.numbers import PLAIN_NUMBERS, WHOLE_NUMBERS, number_ranges, numbers_passing
from pathfinder.conditions.domains.ranges import ALL, NOTHING, compared, readable, whole
from pathfinder.conditions.domains.texts import arns_passing, bools_passing
from pathfinder.logic.automata import contains
from pathfinder.logic.values import (
    AddressTest,
    BoolTest,
    Comparison,
    DateTest,
    NumberTest,
    read_address,
    read_date,
    read_number,
)
from tests.conditions.making import ADDRESS_TESTS, ARN_TESTS

DECIMALS = st.decimals(min_value=-200, max_value=200, places=2)
SPELLINGS = st.one_of(
    st.text(alphabet="0123456789+-. ", max_size=7), DECIMALS.map(str), st.integers(-1000, 1000).map(str)
)
NUMBER_TESTS = st.builds(
    NumberTest, st.sampled_from(Comparison), st.lists(DECIMALS, min_size=1, max_size=3).map(tuple)
)
MANY = settings(deadline=None, max_examples=500)


@given(NUMBER_TESTS, SPELLINGS)
@MANY
def test_spellings_of_numbers(test: NumberTest, text: str) -> None:
    assert contains(numbers_passing(test), text) is test.passes(text)
    number = read_number(text)
    if number is not None:
        assert (number in number_ranges(test)) is test.passes(text)


@given(SPELLINGS)
@MANY
def test_plain_numbers_are_numbers(text: str) -> None:
    if contains(PLAIN_NUMBERS, text):
        number = read_number(text)
        assert number is not None
        assert f"{number.normalize():f}" == text
        assert contains(WHOLE_NUMBERS, text) is (number == int(number))


@given(NUMBER_TESTS, NUMBER_TESTS, DECIMALS)
@MANY
def test_ranges_are_sets(one: NumberTest, other: NumberTest, number: Decimal) -> None:
    a, b = number_ranges(one), number_ranges(other)
    assert (number in (a & b)) is (number in a and number in b)
    assert (number in (a | b)) is (number in a or number in b)
    assert (number in ~a) is (number not in a)
    assert ~~a == a
    assert (a | ~a, a & ~a) == (ALL, NOTHING)
    assert all(each in a for each in readable(a))
    integers = [i for i in range(-250, 251) if i in (a & b)]
    assert (whole(a & b) != NOTHING) is bool(integers) or not (a & b).parts


TEXTS = st.one_of(
    st.ip_addresses().map(str),
    st.ip_addresses(v=4, network="10.0.0.0/8").map(str),
    st.text(alphabet="0123456789. ", max_size=12),
    st.text(alphabet="0123456789abcdef:.%", max_size=12),
)


@given(ADDRESS_TESTS, TEXTS)
@MANY
def test_spellings_of_addresses(test: AddressTest, text: str) -> None:
    four = contains(v4_texts(test.networks, blanks=True), text)
    address = read_address(text)
    if address is None:
        assert not four
        return
    assert four is (address.version == 4 and test.passes(text))
    assert contains(V6_LIKE, text) or address.version == 4
    assert contains(PLAIN_V6, str(address)) is (address.version == 6)
    assert (int(address) in network_ranges(test.networks, address.version)) is test.passes(text)


@given(ADDRESS_TESTS)
def test_ranges_as_networks(test: AddressTest) -> None:
    four = [network for network in test.networks if isinstance(network, IPv4Network)]
    found = summarized(network_ranges(test.networks, 4))
    assert list(collapse_addresses(found)) == list(collapse_addresses(four))


@given(ARN_TESTS, st.lists(st.sampled_from(["arn", "aws", "s3", "", "a", "b", "1", "role/x"]), max_size=7))
@MANY
def test_arns(test, fields: list[str]) -> None:  # type: ignore[no-untyped-def]
    text = ":".join(fields)
    assert contains(arns_passing(test), text) is test.passes(text)


@given(st.sampled_from(["true", "True", " FALSE", "false ", "tru", "yes", ""]), st.booleans())
def test_booleans(text: str, value: bool) -> None:
    assert contains(bools_passing(frozenset({value})), text) is BoolTest(frozenset({value})).passes(text)


@given(st.datetimes(), st.sampled_from(Comparison))
@MANY
def test_dates(moment, comparison: Comparison) -> None:  # type: ignore[no-untyped-def]
    text = f"{moment.replace(microsecond=0).isoformat()}Z"
    instant = read_date(text)
    assert instant is not None
    assert date_text(instant) == text
    assert contains(PLAIN_DATES, text)
    assert contains(DATE_LIKE, text)
    test = DateTest(comparison, (instant,))
    found = date_texts(date_ranges(test))
    assert all(test.passes(each) for each in found)
    assert found or (compared(comparison, (instant,)) & CALENDAR) in (NOTHING,)


def test_host_bits_do_not_matter() -> None:
    """COND-33."""
    test = AddressTest((ip_network("10.1.2.3/8", strict=False),))
    assert contains(v4_texts(test.networks, blanks=False), "10.255.0.1")
    assert not contains(v4_texts(test.networks, blanks=False), "11.0.0.1")
    assert not contains(v4_texts(test.networks, blanks=False), "10.0.0.01")
