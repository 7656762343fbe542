"""Principals of accounts that the snapshot does not hold: some principal of one account, or of any other account.

Such an account is its own master: whoever runs it can give any of its principals any permission, name, tag or
session. So its side is taken to allow (EVAL-22, EVAL-31), and only what lets it in here decides. Who it is stays
open in its requests, as far as the account and AWS leave it open; that is said in axioms.
Source: evaluation.md PRIN-11 to PRIN-13, EVAL-21, EVAL-22, EVAL-31, TERM-7, KEY-1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from pathfinder.authorization.caller import Caller, RoleSession, ServiceCaller, UserCaller
from pathfinder.aws.arn import Arn, parse_arn
from pathfinder.graph.facts import LASTING_CLAIMS, delivering_service
from pathfinder.graph.guarantees import TEMPORARY_KNOWS_MFA, is_, none_of, same, some_like
from pathfinder.graph.node import Node, NodeKind
from pathfinder.graph.principals import ANYTHING, Actor
from pathfinder.graph.tags import in_context
from pathfinder.logic.formula import (
    FALSE,
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
from pathfinder.logic.patterns import parse_pattern
from pathfinder.logic.values import ArnTest, StringTest
from pathfinder.policy.document import Policy, PolicyKind, SomePolicy, Unread
from pathfinder.policy.parse import parse_document

ANY_ACCOUNT = "any-other-account"
"""The node of some principal of any account that is neither in the snapshot nor named here."""
ANY_SERVICE = "any-aws-service"
"""The node of an AWS service, whichever, acting as itself."""
SOME = "*"
"""What stands for the account or the service where any is meant."""

_SAMPLES = (
    "111122223333",
    "444455556666",
    "777788889999",
    "555566667777",
    "888899990000",
    "222233334444",
    "666677778888",
    "333344445555",
)
"""Accounts of examples, for requests that some account makes."""
_SAMPLE_SERVICE = "cloudtrail.amazonaws.com"
_ACCOUNT_ID = re.compile(r"(?<!\d)\d{12}(?!\d)", re.ASCII)
_ARN, _ACCOUNT, _TYPE = "aws:principalarn", "aws:principalaccount", "aws:principaltype"
OF_PRINCIPALS = frozenset({_ARN, _ACCOUNT})
"""Keys that say which account a principal is of."""
_USERNAME, _USERID, _SERVICE = "aws:username", "aws:userid", "aws:principalservicename"
_UNIQUE_ID = re.compile(r"A(?:ID|RO)A[A-Z0-9]+", re.ASCII)
_WHO = frozenset({_ARN, _ACCOUNT, _TYPE, _USERNAME})

_OWN_POLICIES = "policies of the other account (taken to allow)"
_EVERYTHING = parse_document(
    {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "ItsOwnBusiness", "Effect": "Allow", "Action": "*", "Resource": "*"}],
    }
)


def is_somebody(caller: Caller) -> bool:
    """Whether the caller is some principal of an account, whichever."""
    return isinstance(caller, UserCaller) and SOME in caller.arn.resource


def any_account(partition: str, held: Iterable[str]) -> Actor:
    """Some principal of any account but these."""
    known = frozenset(held)
    sample = next((each for each in _SAMPLES if each not in known), None) or _first_free(known)
    node_id = ANY_ACCOUNT if partition == "aws" else f"{ANY_ACCOUNT}:{partition}"
    node = Node(node_id, NodeKind.EXTERNAL, "any other AWS account", None, external=True)
    unread = Unread(PolicyKind.IDENTITY, "policies", node_id, "its account is not in the snapshot")
    caller = UserCaller(Arn(partition, "iam", "", SOME, "user/*"))
    return Actor(node, caller, (unread,), trusted=ANYTHING, sample=sample)


def _first_free(known: frozenset[str]) -> str:
    return next(text for number in range(10**11, 10**12) if (text := str(number)) not in known)


def any_account_of(node_id: str, held: Iterable[str]) -> Actor | None:
    """The same, from the node's id; None where it is another node's."""
    name, _, partition = node_id.partition(":")
    return any_account(partition or "aws", held) if name == ANY_ACCOUNT else None


def any_service() -> Actor:
    """An AWS service, whichever: what a wildcard principal lets in besides those that are named (PRIN-11)."""
    return Actor(Node(ANY_SERVICE, NodeKind.SERVICE, "any AWS service"), ServiceCaller(SOME))


@lru_cache(maxsize=1 << 12)
def taken_to_allow(holder: str) -> SomePolicy:
    """What stands for the identity-based policies of a principal whose account is its own master."""
    return Policy(PolicyKind.IDENTITY, _OWN_POLICIES, holder, _EVERYTHING)


def note_on(actor: Actor) -> str:
    """What is said of a hop that such a principal takes."""
    account = f"account {actor.account}" if actor.account else "the other account"
    return f"{account} is outside the snapshot and its own master: its side is taken to allow this"


def accounts_in(policies: Iterable[SomePolicy], keys: frozenset[str] = OF_PRINCIPALS) -> frozenset[str]:
    """The account ids that the conditions of policies name, whether they let them in or keep them out.

    `keys`: those of the conditions.
    """
    return frozenset(
        found
        for policy in policies
        if isinstance(policy, Policy)
        for statement in policy.document.statements
        for entry in statement.conditions
        if entry.key.lower() in keys
        for value in entry.values
        for found in _ACCOUNT_ID.findall(value)
    )


def ids_in(policies: Iterable[SomePolicy]) -> frozenset[str]:
    """The unique ids of users and roles that conditions on aws:userid name (PRIN-16)."""
    return frozenset(
        found
        for policy in policies
        if isinstance(policy, Policy)
        for statement in policy.document.statements
        for entry in statement.conditions
        if entry.key.lower() == _USERID
        for value in entry.values
        for found in _UNIQUE_ID.findall(value)
    )


_VARIABLE = re.compile(r"\$\{([^},]+)")


def keys_in(policies: Iterable[SomePolicy]) -> frozenset[str]:
    """The keys, in lower case, that conditions and variables of policies speak of."""
    found: set[str] = set()
    for policy in policies:
        for statement in policy.document.statements if isinstance(policy, Policy) else ():
            texts = [*(statement.resources or ()), *(v for each in statement.conditions for v in each.values)]
            found.update(each.key.lower() for each in statement.conditions)
            found.update(name.strip().lower() for text in texts for name in _VARIABLE.findall(text))
    return frozenset(found)


def axioms_of(
    actor: Actor,
    named: frozenset[str],
    organizations: Iterable[str],
    ids: Iterable[str] = (),
    keys: frozenset[str] = frozenset(),
    service: str = "s3",
) -> Formula:
    """What AWS guarantees of who makes the request: kind, ARN and account of the principal belong together.

    `named`: accounts that conditions name, which are starts of their own. `organizations`: those known, which
    the account is not in. `ids`: unique ids that others have. `keys`: those that are spoken of, besides which
    nothing needs saying. `service`: what is called.
    """
    elsewhere = all_of(_elsewhere("aws:principal", organizations), _own_path(keys))
    if not isinstance(actor.caller, UserCaller) or not is_somebody(actor.caller):
        return all_of(elsewhere, _own_userid(actor.caller)) if _USERID in keys else elsewhere
    arn = actor.caller.arn
    parts = [_kinds(arn.partition, arn.account, service, keys), elsewhere]
    if arn.account == SOME and keys >= {_ACCOUNT, _ARN}:
        own = f"arn:{arn.partition}:*::${{{_ACCOUNT}}}:*"
        parts.append(one(_ARN, StringTest((parse_pattern(own),))))
    parts.extend(negate(_like(_USERID, f"{each}*")) for each in sorted(ids))
    if arn.account == SOME and named:
        parts.append(none_of(_ACCOUNT, named))
        parts.extend(negate(_arn_like(f"arn:*:*:*:{account}:*")) for account in sorted(named))
    return all_of(*parts)


def _own_userid(caller: Caller) -> Formula:
    """The form of the id of a user or role whose unique id is not known (TERM-7)."""
    match caller:
        case UserCaller(unique_id=None):
            return _user_id()
        case RoleSession(session=session, unique_id=None):
            return _like(_USERID, f"AROA?*:{session if isinstance(session, str) else '?*'}")
        case _:
            return TRUE


def _user_id() -> Formula:
    return all_of(_like(_USERID, "AIDA?*"), negate(_like(_USERID, "*:*")))


def _kinds(partition: str, account: str, service: str, keys: frozenset[str]) -> Formula:
    """The kinds of principals of an account, each with what it says of the keys that are spoken of (TERM-7).

    Neither root users nor federated users assume roles (STS-6).
    """
    of = "?" * 12 if account == SOME else account
    iam, sts = f"arn:{partition}:iam::{of}", f"arn:{partition}:sts::{of}"
    userids = {
        "User": _user_id(),
        "AssumedRole": _like(_USERID, "AROA?*:?*"),
        "Account": _like(_USERID, of),
        "FederatedUser": _like(_USERID, f"{of}:?*"),
    }

    def kind(name: str, arn: str) -> Formula:
        parts: list[Formula] = [is_(_TYPE, name), _arn_like(arn)]
        parts.append(present(_USERNAME) if name == "User" else negate(present(_USERNAME)))
        if name == "User" and keys >= {_USERNAME, _ARN}:
            parts.append(_called(arn.removesuffix("?*")))
        if _USERID in keys:
            parts.append(userids[name])
        if name == "AssumedRole":
            parts.extend(negate(present(key)) for key in _MFA if key in keys)
        else:
            parts.extend(negate(in_context(key)) for key in sorted(keys) if _is_of_roles(key))
        if name == "Account":
            parts.extend(negate(in_context(key)) for key in sorted(keys) if key.startswith(_TAG))
        if name in _TEMPORARY and _TOKEN in keys:
            parts.append(present(_TOKEN))
        return all_of(*parts)

    found = [kind("User", f"{iam}:user/?*"), kind("AssumedRole", f"{iam}:role/?*")]
    if service != "sts":
        found += [kind("Account", f"{iam}:root"), kind("FederatedUser", f"{sts}:federated-user/?*")]
    return any_of(*found)


_TOKEN = "aws:tokenissuetime"
_TAG = "aws:principaltag/"
"""Users, roles and sessions have tags; root users have none (chapter 6)."""
_MFA = ("aws:multifactorauthpresent", "aws:multifactorauthage")
_TEMPORARY = ("AssumedRole", "FederatedUser")
"""Kinds of principals that have temporary credentials alone."""


def _is_of_roles(key: str) -> bool:
    """Whether only role sessions carry the key (chapter 6, STS-34)."""
    own = key in LASTING_CLAIMS or key in ("aws:federatedprovider", "aws:sourceidentity")
    return own or key.startswith("identitystore:") or delivering_service(key) is not None


def _called(beginning: str) -> KeyTest:
    """The user's ARN ends in its name, whatever its path."""
    named = (f"{beginning}${{{_USERNAME}}}", f"{beginning}*/${{{_USERNAME}}}")
    return one(_ARN, StringTest(tuple(map(parse_pattern, named))))


def knows_mfa(actor: Actor) -> Formula:
    """What temporary credentials of a user or root say of MFA; those of roles and federated users do not (D-21)."""
    of_others = is_(_TYPE, *_TEMPORARY) if is_somebody(actor.caller) else FALSE
    return any_of(TEMPORARY_KNOWS_MFA, of_others)


def _own_path(keys: frozenset[str]) -> Formula:
    """The path of an account in its organization begins with the organization's id."""
    if not keys >= {_ORGANIZATION, _PATHS}:
        return TRUE
    own = StringTest((parse_pattern(f"${{{_ORGANIZATION}}}/*"),))
    return KeyTest(_PATHS, Quantifier.EVERY, own, negated=False, if_absent=True)


_ORGANIZATION, _PATHS = "aws:principalorgid", "aws:principalorgpaths"


def _elsewhere(prefix: str, organizations: Iterable[str]) -> Formula:
    """In none of these organizations: in another one, or in none at all."""
    ids = sorted(organizations)
    key, paths = f"{prefix}orgid", f"{prefix}orgpaths"
    outside = (negate(some_like(paths, f"{each}/*")) for each in ids)
    return all_of(none_of(key, ids), *outside, same(present(key), present(paths)))


def resource_elsewhere(organizations: Iterable[str]) -> Formula:
    """The same of the account that owns the resource."""
    return _elsewhere("aws:resource", organizations)


def neat(actor: Actor, keys: frozenset[str], service: str) -> Formula:
    """That a request shows an account of examples, where it says who makes it at all; a wish, not a fact."""
    if not isinstance(actor.caller, UserCaller) or not is_somebody(actor.caller) or not keys & _WHO:
        return TRUE
    account = _account_shown(actor)
    return all_of(is_(_ACCOUNT, account), _kinds(actor.caller.arn.partition, account, service, keys))


def _account_shown(actor: Actor) -> str:
    assert isinstance(actor.caller, UserCaller)
    return actor.sample or actor.caller.arn.account


def shown(
    actor: Actor, values: Mapping[str, tuple[str, ...]]
) -> tuple[str | None, dict[str, tuple[str, ...]]]:
    """A request's principal as a text, and what its keys say of it; None where the actor itself is somebody."""
    if isinstance(actor.caller, ServiceCaller) and actor.caller.name == SOME:
        name = next(iter(values.get(_SERVICE, ())), _SAMPLE_SERVICE)
        return name, {**values, _SERVICE: (name,)}
    if not isinstance(actor.caller, UserCaller) or not is_somebody(actor.caller):
        return None, dict(values)
    partition = actor.caller.arn.partition
    given = next(iter(values.get(_ARN, ())), "")
    arn = parse_arn(given) or Arn(partition, "iam", "", _account_shown(actor), "user/somebody")
    account = next(iter(values.get(_ACCOUNT, ())), arn.account)
    filled = {**values, _ARN: (str(arn),), _ACCOUNT: (account,)}
    filled.setdefault(_TYPE, (_type_of(arn),))
    filled.setdefault(_USERID, (_userid_of(arn),))
    if arn.is_user:
        filled.setdefault(_USERNAME, (arn.name,))
    if arn.is_role:
        session = filled[_USERID][0].partition(":")[2] or _SESSION
        return f"arn:{arn.partition}:sts::{arn.account}:assumed-role/{arn.name}/{session}", filled
    return str(arn), filled


_SESSION = "session"


def _userid_of(arn: Arn) -> str:
    """A unique id of examples for such a principal (TERM-7)."""
    if arn.is_root:
        return arn.account
    if arn.is_role:
        return f"AROAEXAMPLE:{_SESSION}"
    return "AIDAEXAMPLE" if arn.is_user else f"{arn.account}:{arn.name}"


def _type_of(arn: Arn) -> str:
    if arn.is_root:
        return "Account"
    if arn.is_role:
        return "AssumedRole"
    return "User" if arn.is_user else "FederatedUser"


def _like(key: str, pattern: str) -> KeyTest:
    return one(key, StringTest((parse_pattern(pattern, variables=False),)))


def _arn_like(pattern: str) -> KeyTest:
    """The principal's ARN matches field by field."""
    first, second, third, fourth, fifth, sixth = (
        parse_pattern(each, variables=False) for each in pattern.split(":", 5)
    )
    return one(_ARN, ArnTest(((first, second, third, fourth, fifth, sixth),)))


def spared(policies: Iterable[SomePolicy]) -> Iterator[Arn]:
    """The principals that a `NotPrincipal` lists: spared where others of their account are denied (PRIN-20)."""
    for policy in policies:
        for statement in policy.document.statements if isinstance(policy, Policy) else ():
            element = statement.principal
            if element is None or not element.inverted:
                continue
            for kind, texts in element.entries:
                for text in texts if kind == "AWS" else ():
                    arn = parse_arn(text)
                    if arn is not None and not arn.is_root:
                        yield arn
