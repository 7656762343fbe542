"""Small organizations as plain dictionaries, and the snapshot that each stands for.

They have the form of `tests.reference.worlds`, so that `tests.reference.world_files` writes them too, and more:
users have "keys" (ids of active access keys), accounts have "instances" (instance id to role name),
"providers" (hosts of OIDC providers), and "unlisted": whether it is not known which buckets they own. A boundary,
an SCP or an RCP may stand where its name would, and an inline policy may have a "Name".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pathfinder.aws.arn import AccountId, Arn
from pathfinder.graph.world import World
from pathfinder.model.identity import AccessKey, Group, IdentityProvider, InstanceProfile, Role, User
from pathfinder.model.organization import Account, Member, Organization, OrganizationUnit, Snapshot
from pathfinder.model.resources import Bucket, Instance, PublicAccessBlock, VpcEndpoint
from pathfinder.policy.document import Document, Policy, PolicyKind
from pathfinder.policy.parse import parse_document
from pathfinder.snapshot.canonical import canonical
from tests.building import ALL_KNOWN
from tests.reference.world_contexts import unique_id

Written = dict[str, Any]
"""A world as written down."""
Json = dict[str, Any]


def world_of(written: Written) -> World:
    """The world, ready to be asked."""
    return World(snapshot_of(written))


def snapshot_of(written: Written) -> Snapshot:
    """The snapshot that the world stands for."""
    organization = written["organization"]
    members = organization["accounts"] if organization else {}
    accounts = tuple(
        _Account(identifier, content, identifier in members).built()
        for identifier, content in written["accounts"].items()
    )
    return canonical(Snapshot(accounts, (_organization(organization),) if organization else ()))


def document(*statements: Json, version: str = "2012-10-17") -> Json:
    """A policy document."""
    return {"Version": version, "Statement": list(statements)}


def _named(named: str | Json, known: Json) -> tuple[str, Json]:
    """A policy's name and document."""
    return ("added", named) if isinstance(named, dict) else (named, known[named])


def _parsed(source: Json) -> Document:
    return parse_document({key: value for key, value in source.items() if key != "Name"})


class _Account:
    """Builds one account."""

    def __init__(self, identifier: str, content: Json, member: bool) -> None:
        self.id = AccountId(identifier)
        self.content = content
        self.member = member

    def arn(self, kind: str, name: str) -> Arn:
        return Arn("aws", "iam", "", self.id, f"{kind}/{name}")

    def built(self) -> Account:
        content = self.content
        left_out = {"buckets"} if content.get("unlisted") else set()
        left_out |= {"organization"} if self.member else set()
        instances = sorted(content.get("instances", {}).items())
        return Account(
            self.id,
            users=tuple(self._user(name, user) for name, user in content["users"].items()),
            groups=tuple(self._group(name, group) for name, group in content["groups"].items()),
            roles=tuple(self._role(name, role) for name, role in content["roles"].items()),
            instance_profiles=tuple(self._profile(name) for name in sorted({role for _, role in instances})),
            providers=tuple(
                IdentityProvider(self.arn("oidc-provider", host), host)
                for host in content.get("providers", ())
            ),
            buckets=tuple(self._bucket(name, bucket) for name, bucket in content["buckets"].items()),
            endpoints=tuple(self._endpoint(name, each) for name, each in content["endpoints"].items()),
            instances=tuple(
                Instance(
                    Arn("aws", "ec2", "eu-west-1", self.id, f"instance/{name}"),
                    self.arn("instance-profile", role),
                )
                for name, role in instances
            ),
            public_access_block=_block(content["restrict_public"]),
            known=ALL_KNOWN - left_out,
        )

    def _policies(self, holder: Arn, source: Json) -> Iterator[Policy]:
        for number, inline in enumerate(source["inline"]):
            name = inline.get("Name", f"inline-{number}")
            yield Policy(PolicyKind.IDENTITY, name, str(holder), _parsed(inline))
        for name in source["managed"]:
            yield self._managed(PolicyKind.IDENTITY, name, holder)

    def _managed(self, kind: PolicyKind, named: str | Json, holder: Arn) -> Policy:
        name, found = _named(named, self.content["policies"])
        return Policy(kind, str(self.arn("policy", name)), str(holder), _parsed(found))

    def _boundary(self, holder: Arn, source: Json) -> Policy | None:
        name = source["boundary"]
        return None if name is None else self._managed(PolicyKind.BOUNDARY, name, holder)

    def _group(self, name: str, group: Json) -> Group:
        arn = self.arn("group", name)
        return Group(arn, tuple(self._policies(arn, group)))

    def _user(self, name: str, user: Json) -> User:
        arn = self.arn("user", user["path"].lstrip("/") + name)
        groups = [self._group(each, self.content["groups"][each]) for each in user["groups"]]
        return User(
            arn,
            unique_id("AIDA", self.id, name),
            (*self._policies(arn, user), *(policy for group in groups for policy in group.policies)),
            self._boundary(arn, user),
            user["tags"],
            tuple(group.arn for group in groups),
            tuple(AccessKey(each) for each in user.get("keys", ())),
            has_password=False,
            has_mfa=False,
        )

    def _role(self, name: str, role: Json) -> Role:
        arn = self.arn("role", role["path"].lstrip("/") + name)
        return Role(
            arn,
            unique_id("AROA", self.id, name),
            Policy(PolicyKind.TRUST, "trust policy", str(arn), _parsed(role["trust"])),
            tuple(self._policies(arn, role)),
            self._boundary(arn, role),
            role["tags"],
        )

    def _profile(self, role: str) -> InstanceProfile:
        path = self.content["roles"][role]["path"].lstrip("/")
        return InstanceProfile(self.arn("instance-profile", role), (self.arn("role", path + role),))

    def _bucket(self, name: str, bucket: Json) -> Bucket:
        arn = Arn("aws", "s3", "", "", name)
        policy = bucket["policy"]
        return Bucket(
            arn,
            self.id,
            policy and Policy(PolicyKind.RESOURCE, "bucket policy", str(arn), _parsed(policy)),
            public_access_block=_block(bucket["restrict_public"]),
        )

    def _endpoint(self, name: str, endpoint: Json) -> VpcEndpoint:
        policy = endpoint["policy"]
        return VpcEndpoint(
            name,
            self.id,
            "s3",
            True,
            endpoint["vpc"],
            policy and Policy(PolicyKind.ENDPOINT, "VPC endpoint policy", name, _parsed(policy)),
            "eu-west-1",
        )


def _block(restricted: bool) -> PublicAccessBlock:
    return PublicAccessBlock(restrict_public_buckets=restricted)


def _organization(source: Json) -> Organization:
    def attached(kind: PolicyKind, word: str, level: Json, target: str) -> tuple[Policy, ...]:
        found = (_named(each, source[word]) for each in level[word])
        return tuple(Policy(kind, f"p-{name}", target, _parsed(policy)) for name, policy in found)

    def both(level: Json, target: str) -> tuple[tuple[Policy, ...], tuple[Policy, ...]]:
        return (
            attached(PolicyKind.SCP, "scps", level, target),
            attached(PolicyKind.RCP, "rcps", level, target),
        )

    return Organization(
        source["id"],
        AccountId(source["management"]),
        tuple(
            OrganizationUnit(name, name, unit["parent"], *both(unit, name))
            for name, unit in source["ous"].items()
        ),
        tuple(
            Member(AccountId(account), level["ou"], *both(level, account))
            for account, level in source["accounts"].items()
        ),
        scps_enabled=source["scp_enabled"],
        rcps_enabled=source["rcp_enabled"],
    )
