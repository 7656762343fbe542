"""Who reaches what in a small world: every context, every chain of sts:AssumeRole, one by one."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from .language import as_list
from .public_access import is_public
from .reference import evaluate
from .world_contexts import (
    Actor,
    World,
    documents,
    fixed_keys,
    free_keys,
    org_path,
    organization_of,
    session_names,
    told_apart,
)

ACTIONS = ("s3:GetObject", "s3:PutObject", "s3:ListBucket")
Reach = set[tuple[str, str, str]]  # (principal ARN, action, resource ARN); a role stands for its sessions


class Brute:
    """One world, and what has been decided in it so far."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.names = session_names(world)
        self.roles = {
            _arn(account, "role", name, role): (account, name)
            for account, content in world["accounts"].items()
            for name, role in content["roles"].items()
        }
        self._direct: dict[Actor, set[tuple[str, str]]] = {}
        self._assumable: dict[Actor, list[Actor]] = {}
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
                for taken in self.assumable_by(actor):
                    if taken not in seen:
                        seen.add(taken)
                        todo.append(taken)
        return found

    def actors(self) -> Iterator[Actor]:
        """Everybody who can start: anonymous callers, root users, users, sessions of roles."""
        yield Actor("anonymous", "anonymous")
        for account, content in self.world["accounts"].items():
            yield Actor("root", f"arn:aws:iam::{account}:root", account)
            for name, user in content["users"].items():
                yield Actor("user", _arn(account, "user", name, user), account, name)
        for arn in self.roles:
            yield from self.sessions(arn)

    def sessions(self, role_arn: str) -> list[Actor]:
        account, name = self.roles[role_arn]
        return [Actor("role", role_arn, account, name, session) for session in self.names]

    def points(self) -> list[tuple[str, str]]:
        """Every action with every bucket, or with object keys that the patterns in the policies tell apart."""
        if self._points is None:
            self._points = []
            patterns = self._patterns()
            for bucket in [b for content in self.world["accounts"].values() for b in content["buckets"]]:
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
        if actor.session and f"assumed-role/{actor.name}/{actor.session}'" not in str(self.world):
            actor = replace(actor, session="another")  # no policy about buckets tells these sessions apart
        if actor not in self._direct:
            self._direct[actor] = {
                point for point in self.points() if self._some_context_allows(actor, *point)
            }
        return self._direct[actor]

    def assumable_by(self, actor: Actor) -> list[Actor]:
        """Sessions that the actor can start; the name is the caller's choice (STS-9)."""
        if actor.kind not in ("user", "role"):  # STS-6
            return []
        if actor not in self._assumable:
            self._assumable[actor] = [
                session
                for role in self.roles
                for session in self.sessions(role)
                if self._some_context_allows(
                    actor, "sts:AssumeRole", role, {"sts:RoleSessionName": session.session}
                )
            ]
        return self._assumable[actor]

    def _some_context_allows(
        self, actor: Actor, action: str, resource: str, extra: dict[str, Any] | None = None
    ) -> bool:
        owner = self.roles[resource][0] if action == "sts:AssumeRole" else self._owner(resource)
        fixed = fixed_keys(self.world, actor, owner) | (extra or {})
        if action != "sts:AssumeRole" and self._public_access_blocked(actor, resource, owner):
            return False
        policies = self._policies(actor, action, resource, owner)
        free = free_keys(self.world, actor, action, [policies, self._endpoint_policies()])
        return any(self._allows(actor, action, resource, owner, fixed | keys, policies) for keys in free)

    def _endpoint_policies(self) -> list[Any]:
        return [
            e["policy"] for account in self.world["accounts"].values() for e in account["endpoints"].values()
        ]

    def _allows(
        self,
        actor: Actor,
        action: str,
        resource: str,
        owner: str,
        context: dict[str, Any],
        policies: dict[str, Any],
    ) -> bool:
        endpoint = context.get("aws:SourceVpce")
        gate = next(
            (a["endpoints"][endpoint] for a in self.world["accounts"].values() if endpoint in a["endpoints"]),
            {},
        )
        request = {"principal": self._caller(actor), "action": action, "resource": resource}
        request |= {"resource_account": owner, "context": context}
        return (
            evaluate({"request": request, "policies": policies | {"vpc_endpoint": gate.get("policy")}})
            == "allow"
        )

    def _caller(self, actor: Actor) -> str:
        if actor.kind != "role":
            return actor.arn
        return f"arn:aws:sts::{actor.account}:assumed-role/{actor.name}/{actor.session}"

    def _owner(self, resource: str) -> str:
        bucket = _bucket(resource)
        return next(a for a, content in self.world["accounts"].items() if bucket in content["buckets"])

    def _public_access_blocked(self, actor: Actor, resource: str, owner: str) -> bool:
        """BPA-1, BPA-5, BPA-10."""
        account = self.world["accounts"][owner]
        bucket = account["buckets"][_bucket(resource)]
        restricted = account["restrict_public"] or bucket["restrict_public"]
        return (
            restricted
            and actor.account != owner
            and bucket["policy"] is not None
            and is_public(bucket["policy"])
        )

    def _policies(self, actor: Actor, action: str, resource: str, owner: str) -> dict[str, Any]:
        """The policies that apply, in the scenario's format."""
        account = self.world["accounts"][owner]
        if action == "sts:AssumeRole":
            policies = {"resource": account["roles"][self.roles[resource][1]]["trust"]}
        else:
            policies = {"resource": account["buckets"][_bucket(resource)]["policy"]}
        policies["scp"] = self._levels(actor.account, "scp")
        policies["rcp"] = self._levels(owner, "rcp")
        if actor.kind in ("user", "role") and actor.account is not None:
            home = self.world["accounts"][actor.account]
            holder = home[actor.kind + "s"][actor.name]
            groups = [home["groups"][group] for group in holder.get("groups", [])]
            policies["identity"] = [d for source in (holder, *groups) for d in source["inline"]]
            policies["identity"] += [
                home["policies"][name] for source in (holder, *groups) for name in source["managed"]
            ]
            policies["permissions_boundary"] = (
                home["policies"][holder["boundary"]] if holder["boundary"] else None
            )
        return policies

    def _levels(self, account: str | None, kind: str) -> list[list[dict[str, Any]]] | None:
        """Root, OUs, account; None where such policies do not bind the account (ORG-1, ORG-7, ORG-20)."""
        organization = organization_of(self.world, account)
        if (
            organization is None
            or account == organization["management"]
            or not organization[f"{kind}_enabled"]
        ):
            return None
        assert account is not None
        levels = [organization["ous"][ou] for ou in org_path(organization, account)]
        levels.append(organization["accounts"][account])
        return [[organization[f"{kind}s"][name] for name in level[f"{kind}s"]] for level in levels]


def _arn(account: str, kind: str, name: str, thing: dict[str, Any]) -> str:
    return f"arn:aws:iam::{account}:{kind}{thing['path']}{name}"


def _bucket(resource: str) -> str:
    return resource.removeprefix("arn:aws:s3:::").partition("/")[0]
