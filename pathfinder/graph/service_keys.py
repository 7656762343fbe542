"""How the keys of a request that an AWS service makes as itself hang together: for whom it acts, and which it is.

Source: evaluation.md EVAL-45, chapter 6 (aws:SourceAccount, aws:SourceArn, aws:SourceOrgID,
aws:SourceOrgPaths, aws:PrincipalServiceNamesList), COND-54.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pathfinder.graph.guarantees import is_, none_of, same, some_is, some_like
from pathfinder.logic.formula import (
    TRUE,
    Formula,
    KeyTest,
    Quantifier,
    all_of,
    any_of,
    negate,
    one,
    present,
)
from pathfinder.logic.patterns import EVERYTHING, Pattern, exact, parse_pattern
from pathfinder.logic.values import ArnTest, StringTest

_ACCOUNT, _ARN, _ORGANIZATION = "aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid"
_PATHS = "aws:sourceorgpaths"
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
    organization's id, None for an account that is in none that is known.
    """
    parts: list[Formula] = []
    if keys >= {_ACCOUNT, _ARN}:
        parts.extend(_one_account(each) for each in sorted(accounts))
    if keys >= {_ORGANIZATION, _PATHS}:
        parts.extend((same(present(_ORGANIZATION), present(_PATHS)), _every_path(f"${{{_ORGANIZATION}}}/*")))
    if keys & {_ORGANIZATION, _PATHS}:
        if _ACCOUNT in keys:
            parts.extend(_organization_of_account(keys, organizations))
        if _ARN in keys:
            parts.extend(_organization_of_resource(keys, organizations, accounts))
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


_Organizations = Mapping[str, str | None]


def _organization_of_account(keys: frozenset[str], organizations: _Organizations) -> Iterator[Formula]:
    """The account that it names is in the organization that it names."""
    for found in sorted(set(organizations.values()), key=str):
        members = [account for account, each in organizations.items() if each == found]
        yield any_of(none_of(_ACCOUNT, members), _in_organization(keys, found, organizations))


def _organization_of_resource(
    keys: frozenset[str], organizations: _Organizations, accounts: frozenset[str]
) -> Iterator[Formula]:
    """The account of the resource that it acts for is, too."""
    for each in sorted(accounts & organizations.keys()):
        own = _in_account(exact(each))
        yield any_of(negate(own), _in_organization(keys, organizations[each], organizations))


def _in_organization(keys: frozenset[str], found: str | None, organizations: _Organizations) -> Formula:
    """What it says of the organization of an account that is in this one, or in none that is known."""
    known = sorted({each for each in organizations.values() if each is not None})
    parts: list[Formula] = []
    if _ORGANIZATION in keys:
        own = none_of(_ORGANIZATION, known)
        if found is not None:
            own = any_of(negate(present(_ORGANIZATION)), is_(_ORGANIZATION, found))
        parts.append(own)
    if _PATHS in keys:
        parts.extend(negate(some_like(_PATHS, f"{each}/*")) for each in known if found is None)
        parts.append(TRUE if found is None else _every_path(f"{found}/*"))
    return all_of(*parts)


def _every_path(pattern: str) -> KeyTest:
    """The path of the account in its organization begins with the organization's id."""
    own = StringTest((parse_pattern(pattern),))
    return KeyTest(_PATHS, Quantifier.EVERY, own, negated=False, if_absent=True)


def _lists(name: str) -> Formula:
    """The list holds all names of the service, this one too (PRIN-23)."""
    return KeyTest(_NAMES, Quantifier.SOME, StringTest((exact(name),)), negated=False, if_absent=False)
