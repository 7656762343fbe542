"""An account that nobody names, and that names nobody, changes nothing between the others."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from .law import law
from .seeing import Seen, see
from .strategies import lone_accounts, worlds
from .worlds import Json, Written

NEWCOMER = "777777777777"
OWN_NAMES = (NEWCOMER, "arn:aws:s3:::zone", "key:AKIAZOE", "vpce-0zzz")
"""Every node of the new account has one of these in its id."""


@law(12, written=worlds(complete=False), account=lone_accounts(NEWCOMER), member=st.booleans())
def test_an_unrelated_account_changes_nothing(written: Written, account: Json, member: bool) -> None:
    """EVAL-5, EVAL-20, EVAL-24, ORG-5: other routes stay as they are, to the last word; new ones touch the account.

    Where the account has an endpoint with a policy, requests may travel through that, so that conditions may say more.
    """
    before, after = see(written), see(with_account(written, account, member))
    added = after.open - before.open
    assert before.open <= after.open
    assert added <= {each for each in after.open if _through_newcomer(after, each)}
    assert {hop for hop in after.hops if not _is_own(*hop)} == before.hops
    if not any(each["policy"] for each in account["endpoints"].values()):
        assert _elsewhere(after) == _elsewhere(before)


def with_account(written: Written, account: Json, member: bool) -> Written:
    """The world with one more account, in the organization or in none."""
    accounts = written["accounts"] | {NEWCOMER: account}
    organization = written["organization"]
    if organization and member:
        level = {"ou": "r-root", "scps": ["FullAWSAccess"], "rcps": []}
        organization = organization | {"accounts": organization["accounts"] | {NEWCOMER: level}}
    return {"organization": organization, "accounts": accounts}


def _is_own(*texts: str) -> bool:
    return any(name in text for text in texts for name in OWN_NAMES)


def _through_newcomer(seen: Seen, opened: tuple[str, str, str]) -> bool:
    """Whether what is open is open by a route that has a node of the new account."""
    start, action, point = opened
    return any(
        _is_own(*(node.id for node in route.nodes))
        for route in seen.routes
        if route.start.id == start and action in route.access.actions and point.startswith(route.target.id)
    )


def _elsewhere(seen: Seen) -> list[Any]:
    """The routes that have no node of the new account, with everything that is told of them."""
    routes: list[Any] = json.loads(seen.json)["routes"]
    return [route for route in routes if not _is_own(*(node["id"] for node in route["nodes"]))]
