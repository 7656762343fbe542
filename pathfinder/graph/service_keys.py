"""How the keys of a request that an AWS service makes as itself hang together: for whom it acts, and which it is.

Source: evaluation.md EVAL-45, chapter 6 (aws:SourceAccount, aws:SourceArn, aws:SourceOrgID,
aws:PrincipalServiceNamesList), COND-54.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pathfinder.graph.guarantees import is_, none_of, some_is
from pathfinder.logic.formula import (
    Formula,
    KeyTest,
    Quantifier,
    all_of,
    any_of,
    negate,
    one,
    present,
)
from pathfinder.logic.patterns import EVERYTHING, Pattern, exact
from pathfinder.logic.values import ArnTest, StringTest

_ACCOUNT, _ARN, _ORGANIZATION = "aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid"
OF_SOURCES = frozenset({_ACCOUNT, _ARN})
"""Keys that say whose resource a service acts for."""
_NAME, _NAMES = "aws:principalservicename", "aws:principalservicenameslist"


def service_axioms(
    name: str | None,
    keys: frozenset[str],
    accounts: frozenset[str],
    organizations: Mapping[str, str | None],
) -> Formula:
    """What holds of these keys together. `name`: the service's, None where any is meant.

    `accounts`: those that conditions on aws:SourceAccount and aws:SourceArn name. `organizations`: account to its
    organization's id, None for an account that is in none.
    """
    parts: list[Formula] = []
    if keys >= {_ACCOUNT, _ARN}:
        parts.extend(_one_account(each) for each in sorted(accounts))
    if keys >= {_ACCOUNT, _ORGANIZATION}:
        parts.extend(_organization(organizations))
    if _NAMES in keys:
        parts.append(some_is(_NAMES, _NAME) if name is None else _lists(name))
    return all_of(*parts)


def _one_account(account: str) -> Formula:
    """The resource that it acts for belongs to the account that it names; ARNs of buckets hold none (TERM-5)."""
    own, none = (_in_account(exact(text)) for text in (account, ""))
    inside = any_of(none_of(_ACCOUNT, [account]), negate(present(_ARN)), own, none)
    return all_of(inside, any_of(negate(own), negate(present(_ACCOUNT)), is_(_ACCOUNT, account)))


def _in_account(account: Pattern) -> KeyTest:
    any_text = EVERYTHING
    return one(_ARN, ArnTest(((exact("arn"), any_text, any_text, any_text, account, any_text),)))


def _organization(organizations: Mapping[str, str | None]) -> Iterator[Formula]:
    """The account that it names is in the organization that it names."""
    for each in sorted({found for found in organizations.values() if found is not None}):
        others = [account for account, found in organizations.items() if found != each]
        members = [account for account, found in organizations.items() if found == each]
        yield any_of(none_of(_ORGANIZATION, [each]), none_of(_ACCOUNT, others))
        own = any_of(negate(present(_ORGANIZATION)), is_(_ORGANIZATION, each))
        yield any_of(none_of(_ACCOUNT, members), own)


def _lists(name: str) -> Formula:
    """The list holds all names of the service, this one too (PRIN-23)."""
    return KeyTest(_NAMES, Quantifier.SOME, StringTest((exact(name),)), negated=False, if_absent=False)
