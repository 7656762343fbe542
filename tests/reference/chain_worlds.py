"""Small organizations in which little but the sessions along chains of roles decides.

One or two accounts, three or four roles that mostly trust the role before them, and conditions in most
statements on what calls pass and what sessions carry. Nothing else stands in the way: so these worlds find
what the wider ones seldom come to.
"""

from typing import Any

from .session_policies import PROVIDER, Flavour, Test, carried_tests, pick_flavour, sts_tests
from .world_by_hand import allow, arn, document, holder
from .world_values import World

A, B = "111111111111", "222222222222"
NAMES = ("app", "ops", "etl", "ci")
PASS = ["sts:AssumeRole", "sts:TagSession"]
SET = ["sts:AssumeRole", "sts:SetSourceIdentity"]
ALL = [*PASS, "sts:SetSourceIdentity"]


def chain_world(choose: Any) -> World:
    """A world of sessions, from what the chooser gives."""
    accounts: dict[str, Any] = {A: _account(), B: _account()}
    homes = [A if choose.chance(75) else B for _ in NAMES[: choose.count(2, 4)]]
    roles = [arn(name, home) for name, home in zip(NAMES, homes, strict=False)]
    chosen = pick_flavour(choose, "", "", "tests")
    accounts[A]["users"]["ann"] = holder(*_of_caller(choose, chosen), **_tags(choose)) | {"groups": []}
    if choose.chance(20):
        accounts[A]["providers"] = [PROVIDER]
    for position, (name, home) in enumerate(zip(NAMES, homes, strict=False)):
        trust = _trust(choose, roles, position, home, chosen)
        if accounts[home]["providers"] and choose.chance(50):
            provider = {"Federated": f"arn:aws:iam::{home}:oidc-provider/{PROVIDER}"}
            calls = ["sts:AssumeRoleWithWebIdentity", *choose.pick([[], ALL[1:], ALL[1:2]])]
            trust.append(_tested(choose, allow(calls, provider), chosen, 30))
        if position == 0 and choose.chance(25):
            trust.append(allow("sts:AssumeRole", {"Service": "ec2.amazonaws.com"}))
            accounts[home]["instances"]["i-0one"] = {"vpc": "vpc-0one", "role": name}
        own = _of_caller(choose, chosen)
        if position >= len(homes) - 2:
            own += [_reading(choose) for _ in range(choose.count(1, 2))]
        accounts[home]["roles"][name] = holder(*own, trust=trust, **_tags(choose))
    accounts[A]["buckets"]["data"] = {"policy": _bucket_policy(choose, roles), "restrict_public": False}
    return {"with_sessions": True, "organization": None, "accounts": accounts}


def _account() -> dict[str, Any]:
    kinds = ("policies", "groups", "users", "roles", "buckets", "endpoints", "instances")
    return {"restrict_public": False, "providers": []} | {kind: {} for kind in kinds}


def _tags(choose: Any) -> dict[str, str]:
    return {"team": choose.pick(["blue", "red"])} if choose.chance(25) else {}


def _of_caller(choose: Any, chosen: Flavour) -> list[dict[str, Any]]:
    """What callers are allowed besides trust policies, mostly everything that sts has for them."""
    found = [allow(choose.pick([ALL, ALL, ALL, PASS, SET, "sts:AssumeRole"]))] if choose.chance(85) else []
    if choose.chance(25):
        denied = choose.pick(["sts:TagSession", "sts:SetSourceIdentity", "sts:AssumeRole"])
        found.append(_tested(choose, allow(denied) | {"Effect": "Deny"}, chosen, 95))
    return found


def _trust(choose: Any, roles: list[str], position: int, home: str, chosen: Flavour) -> list[dict[str, Any]]:
    before = arn("ann") if position == 0 else roles[position - 1]
    who = before if choose.chance(85) else choose.pick([arn("ann"), *roles])
    found = []
    for number in range(choose.count(1, 2)):
        named = {"AWS": who if number == 0 or choose.chance(50) else choose.pick([arn("ann"), *roles])}
        actions = choose.pick([ALL, ALL, PASS, SET, "sts:AssumeRole", "sts:TagSession", "sts:Set*"])
        actions = choose.pick([ALL, PASS]) if number == 0 and choose.chance(60) else actions
        found.append(_tested(choose, allow(actions, named), chosen, 55))
    if choose.chance(25):
        denied = choose.pick(["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"])
        found.append(_tested(choose, allow(denied, "*") | {"Effect": "Deny"}, chosen, 100))
    return found


def _reading(choose: Any) -> dict[str, Any]:
    keys = "*"
    if choose.chance(25):
        keys = choose.pick(["a/*", "b/*"])
    found = allow("s3:GetObject") | {"Resource": f"arn:aws:s3:::data/{keys}"}
    if choose.chance(80):
        _add(found, choose.pick(carried_tests(choose)))
    return found


def _bucket_policy(choose: Any, roles: list[str]) -> dict[str, Any] | None:
    """Roles of the other account read, too."""
    others = [role for role in roles if B in role]
    statements = [
        allow("s3:GetObject", {"AWS": role}) | {"Resource": "arn:aws:s3:::data/*"} for role in others
    ]
    if statements and choose.chance(30):
        _add(statements[-1], choose.pick(carried_tests(choose)))
    return document(*statements) if statements else None


def _tested(choose: Any, statement: dict[str, Any], chosen: Flavour, chance: int) -> dict[str, Any]:
    """The statement, with one condition or two."""
    if choose.chance(chance):
        _add(statement, choose.pick(sts_tests(choose, chosen)))
        if choose.chance(25):
            _add(statement, choose.pick(sts_tests(choose, chosen)))
    return statement


def _add(statement: dict[str, Any], test: Test) -> None:
    operator, key, value = test
    statement.setdefault("Condition", {}).setdefault(operator, {})[key] = value
