"""Whom a statement could ever bind, whatever the inventory of today is: kinds of callers, their facts left open.

Tags, organizations, endpoints and who exists come and go; a statement that nobody could ever meet is a mistake
all the same. So these callers have every key that AWS gives to callers of their kind, its value open.
Source: evaluation.md TERM-7, chapter 6, PRIN-1 to PRIN-14, KEY-4, KEY-5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from pathfinder.authorization.caller import (
    Anonymous,
    FederatedUser,
    IdentityProviderCaller,
    RoleSession,
    ServiceCaller,
    SessionName,
    UserCaller,
)
from pathfinder.aws.arn import Arn, is_account_id, parse_arn
from pathfinder.findings.held import Held
from pathfinder.findings.keys import is_known, is_mistyped
from pathfinder.graph.facts import ResourceFacts, request_context
from pathfinder.graph.node import Node, NodeKind
from pathfinder.graph.principals import ANONYMOUS, Actor, external_actor, root_of, service_actor
from pathfinder.graph.standing import Place
from pathfinder.policy.context import ABSENT, OPEN, PRESENT, Context, KeyState
from pathfinder.policy.document import PolicyKind, PrincipalElement, Statement

SOMEBODY = "000000000000"
"""Stands for any account, where none is named."""


@dataclass(frozen=True, slots=True, eq=False)
class Caller:
    """A kind of caller. `states`: keys of which less is said than its actor would."""

    actor: Actor
    states: Mapping[str, KeyState] = field(default_factory=dict)

    def context(self, action: str) -> Context:
        """The context of its requests for an action, with only what is certain of all callers of its kind."""
        nowhere = Place(None, None, known=False)
        told = request_context(self.actor, nowhere, action, ResourceFacts(nowhere))
        fixed = {**told.states, **self.states}

        def state(key: str) -> KeyState:
            if is_mistyped(key):
                return ABSENT
            if key.startswith("aws:") and not is_known(key):
                return OPEN
            if key.startswith(_COME_AND_GO) or (_is_signed(self.actor) and key.startswith(_OF_SESSIONS)):
                return OPEN
            return told.otherwise(key)

        return Context(
            {key: OPEN if key.startswith(_COME_AND_GO) else each for key, each in fixed.items()}, state
        )


_COME_AND_GO = (
    "s3:dataaccesspoint",
    "s3:accesspoint",
    "s3:accessgrantsinstancearn",
    "s3:buckettag/",
    "aws:resourcetag/",
    "iam:resourcetag/",
    "aws:principaltag/",
)
"""Keys that depend on how a resource or a principal is set up today."""
_OF_SESSIONS = ("aws:multifactorauth", "aws:assumedroot", "aws:sourceidentity")
"""Keys of which it is disputed, or a matter of the session, whether requests carry them (D-21, D-24)."""


def _is_signed(actor: Actor) -> bool:
    return not isinstance(actor.caller, Anonymous | ServiceCaller | IdentityProviderCaller)


_TRUSTED = external_actor(Arn("aws", "iam", "", SOMEBODY, "role/x")).trusted
"""All that a session can carry."""


def callers_of(held: Held, statement: Statement) -> tuple[Caller, ...]:
    """The kinds of callers that the statement is about, from whom its policy hangs on, or from its principals."""
    kind = held.policy.kind
    if kind in (PolicyKind.IDENTITY, PolicyKind.BOUNDARY, PolicyKind.SESSION):
        return _holders(held)
    if kind is PolicyKind.SCP:
        return tuple(_of_account(None, "aws"))
    if statement.principal is None:
        return ()
    return (*_named(statement.principal, kind), *_proven(statement, kind))


def _holders(held: Held) -> tuple[Caller, ...]:
    """Those whom the policy hangs on; a policy that hangs on nobody, or on many, is about any user and role."""
    if not held.holders:
        return tuple(_of_account(held.account, "aws", root=False))
    if len(held.holders) > _MOST:
        kinds = {type(each.caller) for each in held.holders}
        partition = held.policy.attached_to.split(":")[1] if ":" in held.policy.attached_to else "aws"
        return tuple(
            each
            for each in _of_account(held.account, partition, root=False)
            if type(each.actor.caller) in kinds
        )
    return tuple(Caller(replace(each, trusted=_TRUSTED, tags={})) for each in held.holders)


_MOST = 12
"""Principals that are looked at one by one."""


def _of_account(account: str | None, partition: str, *, root: bool = True) -> Iterator[Caller]:
    """Any user, any role's session and, in resource-based policies, the root user; of any account where None."""
    states: dict[str, KeyState] = {"aws:principalarn": PRESENT, "aws:userid": PRESENT}
    if account is None:
        states["aws:principalaccount"] = PRESENT
    owner = account or SOMEBODY
    user = Arn(partition, "iam", "", owner, "user/x")
    role = Arn(partition, "iam", "", owner, "role/x")
    yield Caller(_signing(UserCaller(user), user), {**states, "aws:username": PRESENT})
    yield Caller(_signing(RoleSession(role, SessionName.OPEN), role), states)
    if root:
        yield Caller(root_of(owner, partition), states)
        session = Arn(partition, "sts", "", owner, "federated-user/x")
        yield Caller(_signing(FederatedUser(session), session), states)


def _signing(caller: UserCaller | RoleSession | FederatedUser, arn: Arn) -> Actor:
    return Actor(Node(str(arn), NodeKind.EXTERNAL, arn.name, arn.account), caller, trusted=_TRUSTED)


def _named(element: PrincipalElement, kind: PolicyKind) -> Iterator[Caller]:
    if element.inverted:
        yield from _everyone(kind)
        return
    for type_, texts in element.entries:
        for text in texts:
            yield from _form(type_, text, kind)


def _form(type_: str, text: str, kind: PolicyKind) -> Iterator[Caller]:
    """The callers that one form names; none for a form that names nobody (LANG-53)."""
    if text == "*" and type_ in ("*", "AWS"):
        yield from _everyone(kind)
    elif type_ == "Service":
        yield Caller(service_actor(text))
    elif type_ == "Federated":
        yield from _federated(text, kind)
    elif type_ == "CanonicalUser":
        yield from _of_account(None, "aws")
    elif type_ == "AWS":
        yield from _aws(text)


def _aws(text: str) -> Iterator[Caller]:
    if is_account_id(text):
        yield from _of_account(text, "aws")
        return
    if text.startswith(("AIDA", "AROA")) and ":" not in text:
        yield from _of_account(None, "aws", root=False)
        return
    arn = parse_arn(text)
    if arn is None or "*" in text or "?" in text:
        return
    if arn.is_root:
        yield from _of_account(arn.account, arn.partition)
    elif arn.is_user or arn.is_role or arn.service == "sts":
        yield Caller(replace(external_actor(arn), trusted=_TRUSTED), _unpinned(arn))


def _unpinned(arn: Arn) -> dict[str, KeyState]:
    """A session's ARN does not tell the role's path, nor does any ARN tell the unique id (TERM-9)."""
    states: dict[str, KeyState] = {"aws:userid": PRESENT}
    return {**states, "aws:principalarn": PRESENT} if arn.service == "sts" else states


def _federated(text: str, kind: PolicyKind) -> Iterator[Caller]:
    if kind not in _OF_ROLES:
        yield from _of_account(None, "aws", root=False)
        return
    label = text.partition("-provider/")[2] or text
    node = Node(text, NodeKind.OIDC_PROVIDER, label)
    yield Caller(Actor(node, IdentityProviderCaller(text)), {"aws:federatedprovider": ABSENT})


def _proven(statement: Statement, kind: PolicyKind) -> Iterator[Caller]:
    """Identities of the providers whose claims a policy of roles asks everyone for (PRIN-11, STS-20, ORG-25)."""
    if kind not in _OF_ROLES or statement.principal is None:
        return
    named = {type_ for type_, texts in statement.principal.entries if "*" in texts}
    if "*" not in named and not statement.principal.inverted:
        return
    keys = {entry.key.lower() for entry in statement.conditions}
    for host in sorted({key.rpartition(":")[0] for key in keys if "." in key.rpartition(":")[0]}):
        yield from _federated(host, kind)
    if any(key.startswith("saml:") for key in keys):
        yield from _federated(f"arn:aws:iam::{SOMEBODY}:saml-provider/x", kind)


def _everyone(kind: PolicyKind) -> Iterator[Caller]:
    yield from _of_account(None, "aws")
    service: dict[str, KeyState] = {"aws:principalservicename": PRESENT}
    yield Caller(service_actor("any.amazonaws.com"), service)
    if kind in _OF_ROLES:
        yield from _federated("issuer.example", kind)
    if kind is not PolicyKind.TRUST:
        yield Caller(ANONYMOUS)


_OF_ROLES = frozenset({PolicyKind.TRUST, PolicyKind.RCP})
"""Policies that decide who assumes a role, identities that a provider has proven included."""
