"""Who reaches what in a small world: in some context, by some chain of sts:AssumeRole."""

import re
from collections.abc import Iterator

from .language import as_list
from .public_access import is_public
from .world_contexts import Actor, World, documents, session_names, told_apart
from .world_decisions import allowed
from .world_requests import Requests, bucket_of, principal_arn

ACTIONS = ("s3:GetObject", "s3:PutObject", "s3:ListBucket")
LONGEST_CHAIN = 5  # hops: four roles at most, then the access itself
Reach = set[tuple[str, str, str]]  # (principal ARN, action, resource ARN); a role stands for its sessions


class Brute:
    """One world, and what has been decided in it so far."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.requests = Requests(world)
        self.names = session_names(world)
        self._named = set(re.findall(r":assumed-role/([^/'\"]+)/([^'\"]+)", str(world)))
        self._direct: dict[Actor, set[tuple[str, str]]] = {}
        self._assumable: dict[Actor, set[Actor]] = {}
        self._points: list[tuple[str, str]] | None = None

    def direct(self) -> Reach:
        """What each principal can do itself; for a role, what some session of it can do (TERM-8)."""
        return {(actor.arn, *point) for actor in self.actors() for point in self.direct_of(actor)}

    def reachable(self) -> Reach:
        """Directly, or through any chain of roles (STS-15); dropping the signature is not counted (S3-17)."""
        found: Reach = set()
        for start in self.actors():
            todo, seen = [start], {start}
            while todo:
                actor = todo.pop()
                found |= {(start.arn, *point) for point in self.direct_of(actor)}
                for taken in self.assumable_by(actor) - seen:
                    seen.add(taken)
                    todo.append(taken)
        return found

    def actors(self) -> Iterator[Actor]:
        """Everybody who can start: anonymous callers, root users, users, sessions of roles."""
        yield Actor("anonymous", "anonymous")
        for account, content in self.world["accounts"].items():
            yield Actor("root", f"arn:aws:iam::{account}:root", account)
            for name, user in content["users"].items():
                yield Actor("user", principal_arn(account, "user", name, user), account, name)
        for role in self.requests.roles:
            yield from sorted({self._session(role, name) for name in self.names}, key=lambda a: a.session)

    def _session(self, role: str, session: str) -> Actor:
        """Sessions that no policy tells apart by their name count as one."""
        account, name = self.requests.roles[role]
        return Actor("role", role, account, name, session if (name, session) in self._named else "another")

    def points(self) -> list[tuple[str, str]]:
        """Every action with every bucket, or with object keys that the patterns in the policies tell apart."""
        if self._points is None:
            self._points = []
            patterns = self._patterns()
            for bucket in self.requests.buckets:
                self._points.append(("s3:ListBucket", f"arn:aws:s3:::{bucket}"))
                for text in told_apart([*patterns, f"{bucket}/other"], self.world):
                    if text.startswith(f"{bucket}/") and text != f"{bucket}/":
                        self._points += [(action, f"arn:aws:s3:::{text}") for action in ACTIONS[:2]]
        return self._points

    def _patterns(self) -> list[str]:
        """What the policies say about bucket and key."""
        found = set()
        for document in documents(self.world):
            for statement in document["Statement"]:
                for element in ("Resource", "NotResource"):
                    entries = as_list(statement.get(element, []))
                    found |= {
                        e.removeprefix("arn:aws:s3:::") for e in entries if e.startswith("arn:aws:s3:::")
                    }
        return sorted(found)

    def direct_of(self, actor: Actor) -> set[tuple[str, str]]:
        """The points that the actor may use in some context."""
        if actor not in self._direct:
            self._direct[actor] = {
                (action, resource)
                for action, resource in self.points()
                if not self._public_access_blocked(actor, resource)
                and allowed(self.requests.request(actor, action, resource))
            }
        return self._direct[actor]

    def assumable_by(self, actor: Actor) -> set[Actor]:
        """Sessions that the actor can start; the name is the caller's choice (STS-9)."""
        if actor.kind not in ("user", "role"):  # STS-6
            return set()
        if actor not in self._assumable:
            contexts = self.requests.contexts(actor, "sts:AssumeRole")
            names = contexts.choices(["sts:rolesessionname"])
            self._assumable[actor] = {
                self._session(role, chosen["sts:rolesessionname"])
                for role in self.requests.roles
                if (allowing := allowed(self.requests.request(actor, "sts:AssumeRole", role)))
                for chosen, those in names
                if allowing & those
            }
        return self._assumable[actor]

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
