"""The principals of a snapshot: each node that signs requests, with its caller, policies and facts.

Source: evaluation.md TERM-7, TERM-8, EVAL-5, chapter 6 (keys marked P and S).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from pathfinder.authorization.acl import AUTHENTICATED_USERS, GROUP
from pathfinder.authorization.caller import (
    Anonymous,
    Caller,
    FederatedUser,
    RoleSession,
    RootUser,
    ServiceCaller,
    SessionName,
    UserCaller,
)
from pathfinder.aws.arn import Arn, parse_arn
from pathfinder.graph.node import Node, NodeKind
from pathfinder.graph.standing import Standing
from pathfinder.model.identity import Role, User
from pathfinder.model.organization import Account, Snapshot
from pathfinder.policy.actions import ActionSet
from pathfinder.policy.context import KeyState
from pathfinder.policy.document import Policy, PolicyKind, SomePolicy, Unread


@dataclass(frozen=True, slots=True, eq=False)
class Actor:
    """A node that acts: who it is to AWS, and which policies hang on it.

    `trusted`: what the role's trust policy lets its sessions carry, for roles: the actions beside
    sts:AssumeRole, and the kinds of principals that it names. `session`: its session policies, None where it has
    none. `carries`: keys, in lower case, that every request of the session carries. `sample`: for
    some principal of any account, the account that its requests show. `standing`: the organizations as they are when it
    acts, where somebody has changed them; None: as the snapshot has them.
    """

    node: Node
    caller: Caller
    policies: tuple[SomePolicy, ...] = ()
    boundary: SomePolicy | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    trusted: frozenset[str] = frozenset()
    session: tuple[SomePolicy, ...] | None = None
    carries: Mapping[str, KeyState] = field(default_factory=dict)
    sample: str | None = None
    standing: Standing | None = None

    @property
    def account(self) -> str | None:
        """The account it belongs to."""
        return self.node.account


ANONYMOUS = Actor(Node("anonymous", NodeKind.ANONYMOUS, "anonymous"), Anonymous())


def actors_of(account: Account) -> Iterator[Actor]:
    """Root, users and roles of an account, in that order, each sorted by ARN."""
    yield root_of(account.id, account.partition)
    for user in account.users:
        yield user_actor(user)
    for role in account.roles:
        yield role_actor(role)


def root_of(account: str, partition: str, *, external: bool = False) -> Actor:
    """The root user of an account."""
    arn = Arn(partition, "iam", "", account, "root")
    return Actor(Node(str(arn), NodeKind.ROOT, "root", account, external), RootUser(arn))


def user_actor(user: User) -> Actor:
    """An IAM user."""
    node = Node(str(user.arn), NodeKind.USER, user.arn.name, user.arn.account)
    return Actor(node, UserCaller(user.arn, user.unique_id), user.policies, user.boundary, user.tags)


def role_actor(role: Role) -> Actor:
    """Some session of a role, its name open."""
    node = Node(str(role.arn), NodeKind.ROLE, role.arn.name, role.arn.account)
    caller = RoleSession(role.arn, SessionName.OPEN, role.unique_id)
    return Actor(node, caller, role.policies, role.boundary, role.tags, trusted_of(role.trust))


@lru_cache(maxsize=1 << 12)
def service_actor(name: str) -> Actor:
    """An AWS service acting as itself."""
    return Actor(Node(name, NodeKind.SERVICE, name), ServiceCaller(name))


def external_actor(arn: Arn) -> Actor:
    """A principal of an account that the snapshot does not hold, or one that it does not know of."""
    unread = Unread(
        PolicyKind.IDENTITY, "policies", str(arn), f"account {arn.account} is not in the snapshot"
    )
    label = arn.name if not arn.is_root else f"account {arn.account}"
    node = Node(str(arn), NodeKind.EXTERNAL, label, arn.account, external=True)
    if arn.is_role:
        return Actor(node, RoleSession(arn, SessionName.OPEN), (unread,), trusted=ANYTHING)
    if arn.service == "sts" and arn.resource.startswith("assumed-role/") and arn.resource.count("/") == 2:
        _, role, session = arn.resource.split("/")
        caller = RoleSession(
            Arn(arn.partition, "iam", "", arn.account, f"role/{role}"), session, path_known=False
        )
        return Actor(node, caller, (unread,), trusted=ANYTHING)
    if arn.service == "sts" and arn.resource.startswith("federated-user/"):
        return Actor(node, FederatedUser(arn), (unread,), trusted=ANYTHING, session=(unread,))
    if arn.is_user:
        return Actor(node, UserCaller(arn), (unread,), trusted=ANYTHING)
    anybody = Arn(arn.partition, "iam", "", arn.account, "user/*")
    return Actor(node, UserCaller(anybody), (unread,), trusted=ANYTHING)


CANONICAL = "canonical:"


def canonical_actor(canonical_id: str, partition: str) -> Actor:
    """An account of which only the canonical user id is known; its root user stands for it, which needs no policy.

    Its account field is that id, until somebody knows the number. A CloudFront origin access identity is named
    in the same way (PRIN-2).
    """
    arn = Arn(partition, "iam", "", canonical_id, "root")
    label = f"canonical id {canonical_id[:12]}…" if len(canonical_id) > 16 else f"canonical id {canonical_id}"
    node = Node(f"{CANONICAL}{canonical_id}", NodeKind.EXTERNAL, label, None, external=True)
    return Actor(node, RootUser(arn))


_DELIVERING = frozenset(
    f"{service}.amazonaws.com" for service in ("ec2", "lambda", "ssm", "ecs-tasks", "glue")
)
"""Services that deliver sessions with keys of their own (STS-40 to STS-42)."""

ANYTHING = frozenset({"tags", "source-identity", "federated", "services"}) | _DELIVERING
"""What sessions may carry of whose start nothing is known."""

_CARRYING = {"tags": "sts:tagsession", "source-identity": "sts:setsourceidentity"}


def trusted_of(trust: SomePolicy) -> frozenset[str]:
    """What a trust policy lets a session carry, in words: `tags`, `source-identity`, `federated`, services.

    Each Allow statement counts whatever its conditions: it only widens what stays open.
    """
    if not isinstance(trust, Policy):
        return ANYTHING
    found: set[str] = set()
    for statement in trust.document.statements:
        if statement.effect is None or statement.effect.value != "Allow":
            continue
        actions = ActionSet(statement.actions, inverted=statement.not_action)
        found.update(word for word, action in _CARRYING.items() if actions.holds(action))
        for kind, texts in statement.principal.entries if statement.principal else ():
            if kind == "Federated":
                found.add("federated")
            elif kind == "Service":
                found.add("services")
                found.update(texts)
            elif "*" in texts:
                found.update({"federated", "services", *_DELIVERING})
    return frozenset(found)


def named_principals(policies: tuple[SomePolicy, ...]) -> tuple[tuple[str, str], ...]:
    """Every (type, text) that the policies' Allow statements name as principal, each once, sorted."""
    found = {
        (kind, text)
        for policy in policies
        if isinstance(policy, Policy)
        for statement in policy.document.statements
        if statement.effect is not None
        and statement.effect.value == "Allow"
        and statement.principal is not None
        for kind, texts in ((("*", ("*",)),) if statement.principal.inverted else statement.principal.entries)
        for text in texts
    }
    return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who can come in question for a resource's policies: the coarse step, which errs towards "maybe".

    `everyone`: all principals of the snapshot; `anyone`: those of other accounts, and AWS services, as well;
    `accounts`: all of these accounts; `arns`: these principals; `services`, `providers`: named services and
    identity providers; `canonical_ids`: of accounts that are not known by them.
    """

    everyone: bool
    anyone: bool
    accounts: frozenset[str]
    arns: tuple[Arn, ...]
    services: tuple[str, ...]
    providers: tuple[str, ...]
    canonical_ids: tuple[str, ...] = ()


def candidates(policies: tuple[SomePolicy, ...], canonical_ids: Mapping[str, str]) -> Candidates:
    """Who the Allow statements of resource-based policies may name."""
    everyone = any(isinstance(policy, Unread) for policy in policies)
    anyone = False
    accounts: set[str] = set()
    arns: list[Arn] = []
    services: list[str] = []
    providers: list[str] = []
    unknown: list[str] = []
    for kind, text in named_principals(policies):
        if text == "*" and kind in ("*", "AWS"):
            everyone = anyone = True
        elif kind == "Service":
            services.append(text)
        elif kind == "Federated":
            providers.append(text)
        elif kind == "CanonicalUser":
            if text in canonical_ids:
                accounts.add(canonical_ids[text])
            else:
                unknown.append(text)
        elif kind == GROUP:
            everyone, anyone = everyone or text == AUTHENTICATED_USERS, anyone or text == AUTHENTICATED_USERS
        elif kind == "AWS":
            arn = parse_arn(text)
            if arn is None:
                if len(text) == 12 and text.isdigit():
                    accounts.add(text)
                else:
                    everyone = everyone or text.startswith(("AIDA", "AROA"))
            elif arn.is_root:
                accounts.add(arn.account)
            else:
                arns.append(arn)
    return Candidates(
        everyone, anyone, frozenset(accounts), tuple(arns), tuple(services), tuple(providers), tuple(unknown)
    )


def names_everyone(policies: tuple[SomePolicy, ...]) -> bool:
    """Whether an Allow names everyone, whom services and identity providers have proven included (PRIN-11)."""
    return any(kind == "*" for kind, _ in named_principals(policies))


def all_actors(snapshot: Snapshot) -> dict[str, Actor]:
    """Every principal of the snapshot by node id; accounts in order."""
    return {actor.node.id: actor for account in snapshot.accounts for actor in actors_of(account)}
