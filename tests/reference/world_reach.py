"""Who reaches what in a small world: in some context, by some chain of sessions."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from .language import as_list
from .public_access import is_public
from .world_choices import session_names
from .world_contexts import Actor
from .world_decisions import allowed
from .world_points import points
from .world_requests import Requests, bucket_of, principal_arn
from .world_sessions import (
    Sessions,
    aws_lambda,
    ec2,
    instances,
    providers,
)
from .world_strangers import SERVICE, strangers, with_strangers
from .world_values import World, mentioned, told_apart

LONGEST_CHAIN = 5  # hops: four for sessions at most, then the access itself
Reach = set[tuple[str, str, str]]  # (start, action, resource ARN); a role stands for its sessions


class Brute:
    """One world, and what has been decided in it so far."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.requests = Requests(with_strangers(world), chosen_from=world)
        self.roles = {arn: held for arn, held in self.requests.roles.items() if held[0] in world["accounts"]}
        self.sessions = Sessions(self.requests)
        self._direct: dict[Actor, set[tuple[str, str]]] = {}
        self._started: dict[Actor, set[Actor]] = {}
        self._everybody: set[Actor] | None = None
        self._points: list[tuple[str, str]] | None = None

    def direct(self) -> Reach:
        """What each principal can do itself; for a role, what some session of it can do (TERM-8)."""
        return {(actor.arn, *point) for actor in self._all_sessions() for point in self.direct_of(actor)}

    def reachable(self) -> Reach:
        """Directly, or through a chain (STS-15); dropping the signature is not counted (S3-17)."""
        return {(start, *point) for start in self.starts() for point in self._reached_from(start)}

    # ---- starts -----------------------------------------------------------------------------------

    def starts(self) -> list[str]:
        """Principals, instances, providers and services, each once."""
        return [
            *dict.fromkeys(actor.arn for actor in self.actors()),
            *self.roles,
            *instances(self.world),
            *(provider.arn for provider in providers(self.world)),
            *self._services(),
        ]

    def actors(self) -> Iterator[Actor]:
        """Those who sign requests without any hop before: anonymous, root users, users."""
        yield Actor("anonymous", "anonymous")
        for account, content in self.world["accounts"].items():
            yield Actor("root", f"arn:aws:iam::{account}:root", account)
            for name, user in content["users"].items():
                tags = tuple(sorted(user["tags"].items()))
                yield Actor("user", principal_arn(account, "user", name, user), account, name, tags=tags)

    def _plain(self, role: str) -> set[Actor]:
        """Sessions that carry nothing, under each name."""
        return {self.sessions.plain(role, name) for name in session_names(self.world)}

    def _services(self) -> list[str]:
        """Those that some trust policy names (STS-49)."""
        trusts = [self.requests.trust_policy(role) for role in self.roles]
        return sorted(
            {
                service
                for statement in [statement for trust in trusts for statement in trust["Statement"]]
                if statement["Effect"] == "Allow" and isinstance(statement.get("Principal"), dict)
                for service in as_list(statement["Principal"].get("Service", []))
            }
        )

    def _first_sessions(self, start: str) -> set[Actor]:
        """What instances, providers and services start with: the sessions that their first hop gives."""
        calls: list[tuple[Actor, Iterable[str]]] = [
            (provider, self.roles) for provider in providers(self.world) if provider.arn == start
        ]
        for arn, (name, service) in instances(self.world).items():
            if arn == start:
                held = [role for role, (_, of) in self.roles.items() if of == name]
                calls.append((service, held))
        if start in self._services():
            for role, (account, _) in self.roles.items():  # "*" lets services in, too (PRIN-11)
                calls += [(delivering, [role]) for delivering in self._deliveries(start, account)]
        return {
            session
            for caller, roles in calls
            for role in roles
            for session in self.sessions.started(caller, role)
        }

    def _deliveries(self, service: str, account: str) -> Iterator[Actor]:
        """The service as it acts for any resource in the account, those of policies and one more."""
        if service == "lambda.amazonaws.com":
            tested = [arn.rsplit(":", 1)[-1] for arn in mentioned(self.world, "lambda:SourceFunctionArn")]
            functions = {*session_names(self.world), *told_apart(tested, self.world, shortest=2)}
            yield from (aws_lambda(account, name) for name in sorted(functions) if "/" not in name)
            return
        for name, instance in self.world["accounts"][account].get("instances", {}).items():
            yield ec2(account, name, instance["vpc"])
        for name in {"i-0other", *(name for name in session_names(self.world) if name.startswith("i-"))}:
            yield ec2(account, name, "vpc-0other")

    # ---- chains -----------------------------------------------------------------------------------

    def _reached_from(self, start: str) -> set[tuple[str, str]]:
        first = self._first_sessions(start)
        border = {actor for actor in self._all_sessions() if actor.arn == start}
        found: set[Actor] = set()
        for hops in range(LONGEST_CHAIN):  # before the access
            border |= first if hops == 1 else set()
            border -= found
            found |= border
            if hops < LONGEST_CHAIN - 1:
                border = {session for actor in border for session in self.started_by(actor)}
        return {point for actor in found for point in self.direct_of(actor)}

    def _all_sessions(self) -> set[Actor]:
        """Everybody who signs requests, and every session that some chain from any start gives (TERM-8).

        A role that nobody here can assume has plain sessions under each name, started by somebody unknown.
        """
        if self._everybody is None:
            first = set(self.actors()).union(*(self._first_sessions(start) for start in self.starts()))
            found = self._closed(first | self._of_strangers())
            unknown = set(self.roles) - {actor.arn for actor in found}
            self._everybody = self._closed(found.union(*map(self._plain, unknown)))
        return self._everybody

    def _of_strangers(self) -> set[Actor]:
        """The sessions that strangers and services can start (PRIN-11)."""
        role = next(arn for arn in self.requests.roles if arn not in self.roles)
        names = session_names(self.world)
        callers = [
            *strangers(self.requests.world),
            *(self.sessions.plain(role, name) for name in names),
            *(Actor("service", SERVICE, session=name) for name in names),
        ]
        return {s for caller in callers for role in self.roles for s in self.sessions.started(caller, role)}

    def _closed(self, actors: set[Actor]) -> set[Actor]:
        """These, and every session that some chain from them gives."""
        found: set[Actor] = set()
        todo = actors
        while todo:
            found |= todo
            todo = {session for actor in todo for session in self.started_by(actor)} - found
        return found

    def started_by(self, actor: Actor) -> set[Actor]:
        """Sessions that a user or a session can start."""
        if actor.kind not in ("user", "role"):  # STS-6
            return set()
        if actor not in self._started:
            roles = self.roles
            self._started[actor] = {s for role in roles for s in self.sessions.started(actor, role)}
        return self._started[actor]

    # ---- access -----------------------------------------------------------------------------------

    def points(self) -> list[tuple[str, str]]:
        """Everything that is asked about."""
        if self._points is None:
            self._points = points(self.world)
        return self._points

    def direct_of(self, actor: Actor) -> set[tuple[str, str]]:
        """The points that the actor may use in some context; what it would hand on plays no part in that."""
        asked = replace(actor, transitive=frozenset(), tags=self.sessions.tested(actor.tags))
        if asked not in self._direct:
            self._direct[asked] = {
                (action, resource)
                for action, resource in self.points()
                if not self._public_access_blocked(asked, resource)
                and allowed(self.requests.request(asked, action, resource))
            }
        return self._direct[asked]

    def _public_access_blocked(self, actor: Actor, resource: str) -> bool:
        """BPA-1, BPA-5, BPA-10."""
        owner = self.requests.owner(resource)
        account = self.world["accounts"][owner]
        bucket = account["buckets"][bucket_of(resource)]
        restricted = account["restrict_public"] or bucket["restrict_public"]
        return (
            restricted
            and actor.account != owner
            and bucket["policy"] is not None
            and is_public(bucket["policy"])
        )
