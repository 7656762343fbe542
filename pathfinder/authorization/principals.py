"""Whom a Principal or NotPrincipal element names, and with which strength. Source: evaluation.md chapter 3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pathfinder.authorization.acl import AUTHENTICATED_USERS
from pathfinder.authorization.caller import (
    Anonymous,
    Caller,
    FederatedUser,
    IdentityProviderCaller,
    RoleSession,
    RootUser,
    ServiceCaller,
    SessionName,
    UserCaller,
    account_of,
    partition_of,
)
from pathfinder.authorization.decision import Strength
from pathfinder.aws.arn import Arn, is_account_id, parse_arn
from pathfinder.logic.formula import FALSE, TRUE, Formula, Unknown, any_of, constant, negate, one
from pathfinder.logic.patterns import exact
from pathfinder.logic.values import StringTest
from pathfinder.policy.conditions import open_text
from pathfinder.policy.context import SESSION_NAME, Context, Open, Values
from pathfinder.policy.document import PrincipalElement

Grants = Mapping[Strength | None, Formula]
"""When a matched element holds, by strength; strengths that never match are left out."""

_UNIQUE_ID_PREFIXES = ("AIDA", "AROA")


@dataclass(frozen=True, slots=True)
class PrincipalScene:
    """What matching needs besides the caller.

    `service`: the prefix of the requested action. `context`: for keys that tell who the caller is.
    `canonical_ids`: canonical user id to account id, as far as known. `gateway_endpoint`: the element stands
    in a gateway endpoint's policy, where an account names its root user only (VPCE-3).
    """

    caller: Caller
    service: str
    context: Context
    canonical_ids: Mapping[str, str] = field(default_factory=dict)
    gateway_endpoint: bool = False


def match_principal(element: PrincipalElement, scene: PrincipalScene) -> Grants:
    """By which strengths the element holds for the caller (PRIN-1 to PRIN-21)."""
    found: dict[Strength | None, Formula] = {}
    for kind, texts in element.entries:
        for text in texts:
            strength, formula = _match_form(kind, text, scene)
            if formula != FALSE:
                found[strength] = any_of(found.get(strength, FALSE), formula)
    if not element.inverted:
        return found
    outside = negate(any_of(*found.values()))
    return {} if outside == FALSE else {Strength.DIRECT: outside}


_NOBODY = (Strength.DIRECT, FALSE)


def _match_form(kind: str, text: str, scene: PrincipalScene) -> tuple[Strength, Formula]:
    match kind:
        case "*":
            return _everyone(scene)
        case "AWS" if text == "*":
            return _every_aws_principal(scene)
        case "AWS":
            return _aws(text, scene)
        case "Service":
            named = isinstance(scene.caller, ServiceCaller) and scene.caller.name == text
            return Strength.SERVICE, constant(named)
        case "Federated":
            return _federated(text, scene)
        case "CanonicalUser":
            return _canonical(text, scene)
        case "Group":
            signed = text == AUTHENTICATED_USERS and account_of(scene.caller) is not None
            return Strength.DIRECT, constant(signed)
        case _:
            return _NOBODY


def _everyone(scene: PrincipalScene) -> tuple[Strength, Formula]:
    """`"*"`: any account, anonymous, services, federated (PRIN-11)."""
    return Strength.DIRECT, TRUE


def _every_aws_principal(scene: PrincipalScene) -> tuple[Strength, Formula]:
    """`{"AWS": "*"}`: on S3 the same as `"*"`; elsewhere not the unsigned (PRIN-12, D-4, D-14)."""
    match scene.caller:
        case Anonymous():
            return Strength.DIRECT, constant(scene.service == "s3")
        case IdentityProviderCaller():
            return _NOBODY
        case _:
            return Strength.DIRECT, TRUE


def _aws(text: str, scene: PrincipalScene) -> tuple[Strength, Formula]:
    caller = scene.caller
    if is_account_id(text):
        return _account(text, None, scene)
    if text.startswith(_UNIQUE_ID_PREFIXES) and ":" not in text:
        return _unique_id(text, scene)
    arn = parse_arn(text)
    if arn is None or "*" in text or "?" in text or arn.partition != partition_of(caller):
        return _NOBODY
    if arn.is_root:
        return _account(arn.account, arn.partition, scene)
    match caller:
        case UserCaller(own) if arn.is_user:
            return Strength.DIRECT, constant(arn == own)
        case FederatedUser() if arn.is_user:
            return _creating_user(arn, caller)
        case FederatedUser(own):
            return Strength.DIRECT, constant(arn == own)
        case RoleSession() if arn.is_role:
            return Strength.ROLE, constant(_is_role(arn, caller))
        case RoleSession() if arn.service == "sts" and arn.resource_type == "assumed-role":
            return Strength.DIRECT, _is_session(arn, caller)
        case _:
            return _NOBODY


def _account(account: str, partition: str | None, scene: PrincipalScene) -> tuple[Strength, Formula]:
    """Every principal of the account, its root user included (PRIN-1)."""
    caller = scene.caller
    inside = account_of(caller) == account and partition in (None, partition_of(caller))
    if scene.gateway_endpoint:
        inside = inside and isinstance(caller, RootUser)
    return Strength.ACCOUNT, constant(inside)


def _unique_id(text: str, scene: PrincipalScene) -> tuple[Strength, Formula]:
    """The live identity that has this unique id; a dead one matches nobody (PRIN-8)."""
    match scene.caller:
        case UserCaller(_, unique_id):
            return Strength.DIRECT, constant(text == unique_id)
        case RoleSession(unique_id=unique_id):
            return Strength.ROLE, constant(text == unique_id)
        case _:
            return _NOBODY


def _creating_user(arn: Arn, caller: FederatedUser) -> tuple[Strength, Formula]:
    """The user's sessions, limited like a role's (PRIN-4, D-13)."""
    if caller.user is not None:
        return Strength.ROLE, constant(arn == caller.user)
    if arn.account != caller.arn.account:
        return _NOBODY
    return Strength.ROLE, Unknown(f"which user made the session {caller.arn} is not known (D-13)")


def _is_role(arn: Arn, caller: RoleSession) -> bool:
    """The role itself; by account and name where only the session's ARN is known (PRIN-5, TERM-9)."""
    if caller.path_known:
        return arn == caller.role
    return arn.account == caller.role.account and arn.name == caller.role.name


def _is_session(arn: Arn, caller: RoleSession) -> Formula:
    """Exactly that session of that role (PRIN-6)."""
    _, _, rest = arn.resource.partition("/")
    role, _, session = rest.partition("/")
    if arn.account != caller.role.account or role != caller.role.name or not session:
        return FALSE
    match caller.session:
        case str(name):
            return constant(name == session)
        case SessionName.UNNAMED:
            return FALSE
        case SessionName.OPEN:
            return open_text(SESSION_NAME, (exact(session),))


def _federated(text: str, scene: PrincipalScene) -> tuple[Strength, Formula]:
    """An identity that the provider has proven; elsewhere a role session it issued (PRIN-10, PRIN-14)."""
    caller = scene.caller
    if isinstance(caller, IdentityProviderCaller):
        return Strength.FEDERATED, constant(caller.provider == text)
    if isinstance(caller, RoleSession) and scene.service == "s3":
        state = scene.context.state("aws:federatedprovider")
        if isinstance(state, Values):
            return Strength.DIRECT, constant(text in state.values)
        if isinstance(state, Open):
            return Strength.DIRECT, one("aws:FederatedProvider", StringTest((exact(text),)))
    return _NOBODY


def _canonical(text: str, scene: PrincipalScene) -> tuple[Strength, Formula]:
    """The account that owns the canonical user id (PRIN-2)."""
    if scene.service != "s3":
        return _NOBODY
    account = account_of(scene.caller)
    owner = scene.canonical_ids.get(text)
    if account is None:
        return _NOBODY
    if owner is not None or not is_account_id(account):
        return Strength.ACCOUNT, constant(account in (owner, text))
    if account in scene.canonical_ids.values():
        return Strength.ACCOUNT, FALSE
    return Strength.ACCOUNT, Unknown(f"which account owns the canonical user id {text[:12]}… is not known")
