"""What a role session carries, and where each of its keys comes from.

A session's facts are fixed by the call that started it: its name, source identity, session tags, the claims of a
federated call, the keys of a delivering service. They are told by pointing at the keys of that earlier call, so
that the hops of a route are decided together, as one formula over all its requests.
Source: evaluation.md STS-9, STS-12, STS-14, STS-30 to STS-35, STS-40, STS-43, STS-45, D-21.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pathfinder.authorization.caller import IdentityProviderCaller, RoleSession, ServiceCaller
from pathfinder.conditions.facts import key_at
from pathfinder.graph.facts import LASTING_CLAIMS, ROLE_TAGS, delivering_service
from pathfinder.graph.principals import Actor
from pathfinder.graph.tags import REQUEST_TAG
from pathfinder.graph.world import Resource
from pathfinder.policy.context import ABSENT, OPEN, SESSION_NAME, KeyState, Values

SESSION_GIVEN = "sts:rolesessionname"
IDENTITY_GIVEN = "sts:sourceidentity"
IDENTITY = "aws:sourceidentity"
PRINCIPAL_TAG = "aws:principaltag/"
PROVIDER = "aws:federatedprovider"


@dataclass(frozen=True, slots=True)
class At:
    """The key has the value that this key of some request of the route has."""

    key: str


@dataclass(frozen=True, slots=True)
class Session:
    """What a session carries. Each `At` names the key of the call in which it was chosen.

    `name`: None where the route starts with the session, so that its name is open. `tags`: session tags by name
    in lower case; `transitive`: those that the next session inherits. `provider`, `claims`: who proved the
    identity in the call that started it, and that call's number. `service`: the service that delivered it;
    `told`: keys that the snapshot knows of the delivery.
    """

    name: Values | At | None = None
    identity: At | None = None
    tags: tuple[tuple[str, At], ...] = ()
    transitive: frozenset[str] = frozenset()
    provider: str | None = None
    claims: int | None = None
    service: str | None = None
    told: tuple[tuple[str, str], ...] = ()

    def tag(self, name: str) -> At | None:
        """The session tag of this name (lower case)."""
        return next((held for known, held in self.tags if known == name), None)


PLAIN = Session()
"""A session of whatever name, started without tags or source identity, by no provider or service."""


@dataclass(frozen=True, slots=True, order=True)
class Passing:
    """What a call passes besides: tags by name in lower case, whether each is transitive; a source identity."""

    tags: tuple[tuple[str, bool], ...] = ()
    identity: bool = False

    @property
    def names(self) -> frozenset[str]:
        """The names of the tags."""
        return frozenset(name for name, _ in self.tags)

    @property
    def amount(self) -> tuple[int, int]:
        """How much it passes, for the plainest first."""
        return (len(self.tags) + self.identity, sum(transitive for _, transitive in self.tags))


NOTHING = Passing()


@dataclass(frozen=True, slots=True)
class Call:
    """One request of a route: its number, who makes it in which session (None: not a role session), what it passes."""

    number: int
    actor: Actor
    resource: Resource | None
    session: Session | None
    passing: Passing = NOTHING

    def place(self, key: str) -> KeyState | At:
        """What is known of one of its keys: a fixed state, or the key that it shares; OPEN for its own."""
        if self.session is not None:
            carried = self._carried(key, self.session)
            if carried is not None:
                return carried
        if key.startswith(REQUEST_TAG):
            passed = key.removeprefix(REQUEST_TAG) in self.passing.names
            return OPEN if passed or not self._assumes else ABSENT
        if key == IDENTITY_GIVEN:
            return OPEN if self.passing.identity else ABSENT
        return OPEN

    @property
    def _assumes(self) -> bool:
        """Whether the call starts a session, so that its tags are session tags."""
        return (
            self.resource is not None
            and self.resource.target.arn is not None
            and (self.resource.target.arn.is_role)
        )

    def _carried(self, key: str, session: Session) -> KeyState | At | None:
        if key == SESSION_NAME:
            return session.name
        if key.startswith(PRINCIPAL_TAG):
            name = key.removeprefix(PRINCIPAL_TAG)
            return session.tag(name) or _own(self.actor.tags, name)
        if key == IDENTITY:
            return session.identity or ABSENT
        if key == IDENTITY_GIVEN and session.identity is not None:
            return session.identity
        if key.startswith(ROLE_TAGS) and self._assumes:
            assert self.resource is not None
            name = key.partition("/")[2]
            inherited = session.tag(name) if name in session.transitive else None
            return inherited or _own(self.resource.tags or {}, name)
        return self._delivered(key, session)

    def _delivered(self, key: str, session: Session) -> KeyState | At | None:
        told = dict(session.told).get(key)
        if told is not None:
            return Values((told,))
        service = delivering_service(key)
        if service is not None:
            return None if service == session.service else ABSENT
        if key == PROVIDER:
            return Values((session.provider,)) if session.provider else ABSENT
        if key.startswith("identitystore:"):
            return None if session.provider else ABSENT
        if key in LASTING_CLAIMS:
            return At(key_at(session.claims, key)) if session.claims is not None else ABSENT
        return None


def _own(tags: Mapping[str, str], name: str) -> KeyState:
    """A principal's or role's own tag; names differ by more than their case (STS-30)."""
    value = next((text for known, text in tags.items() if known.lower() == name), None)
    return ABSENT if value is None else Values((value,))


_POD_TAGS = frozenset(
    {
        "eks-cluster-arn",
        "eks-cluster-name",
        "kubernetes-namespace",
        "kubernetes-service-account",
        "kubernetes-pod-name",
        "kubernetes-pod-uid",
    }
)
PODS = "pods.eks.amazonaws.com"
ROLES_ANYWHERE = "rolesanywhere.amazonaws.com"


@dataclass(frozen=True, slots=True)
class Passable:
    """What a caller's call may pass: tags of these names (all: None), always or if it likes; a source identity."""

    tags: frozenset[str] | None
    always: bool = False
    transitive: bool | None = None
    identity: bool = False
    identity_always: bool = False


def passable(actor: Actor) -> Passable:
    """What the caller can pass to a session that it starts (STS-25, STS-43, STS-45); services choose for themselves."""
    caller = actor.caller
    match caller:
        case ServiceCaller(name) if name == PODS:
            return Passable(_POD_TAGS, always=True, transitive=True)
        case ServiceCaller(name) if name == ROLES_ANYWHERE:
            return Passable(None, transitive=False, identity=True, identity_always=True)
        case ServiceCaller():
            return Passable(frozenset())
        case _:
            return Passable(None, identity=True)


def started(call: Call, *, kind: str, known_name: str | None, told: tuple[tuple[str, str], ...]) -> Session:
    """The session that the call starts, with what it inherits and what it was passed (STS-30 to STS-34)."""
    before = call.session or PLAIN
    inherited = tuple((name, held) for name, held in before.tags if name in before.transitive)
    passed = tuple((name, At(key_at(call.number, REQUEST_TAG + name))) for name, _ in call.passing.tags)
    given = At(key_at(call.number, IDENTITY_GIVEN)) if call.passing.identity else None
    caller = call.actor.caller
    federated = isinstance(caller, IdentityProviderCaller)
    return Session(
        name=Values((known_name,)) if known_name else At(key_at(call.number, SESSION_GIVEN)),
        identity=before.identity or given,
        tags=tuple(sorted((*inherited, *passed), key=lambda item: item[0])),
        transitive=before.transitive | {name for name, transitive in call.passing.tags if transitive},
        provider=caller.provider if isinstance(caller, IdentityProviderCaller) else None,
        claims=call.number if federated else None,
        service=caller.name if isinstance(caller, ServiceCaller) else None,
        told=told,
    )


def carries(actor: Actor) -> bool:
    """Whether the caller is a session whose start the graph tells of."""
    return isinstance(actor.caller, RoleSession) and not actor.node.external
