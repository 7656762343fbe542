"""What a snapshot holds, looked up by name, and the organization policies of each account.

Source: evaluation.md ORG-1 to ORG-25, TERM-5.
"""

from __future__ import annotations

from functools import cached_property

from pathfinder.authorization.request import Level
from pathfinder.graph.principals import Actor, all_actors, candidates
from pathfinder.graph.role_sessions import Session, role_sessions
from pathfinder.graph.standing import Place, Standing
from pathfinder.graph.travel import endpoints_of
from pathfinder.model.identity import Role, User
from pathfinder.model.organization import Account, Organization, Snapshot
from pathfinder.model.resources import Bucket, VpcEndpoint, is_directory_bucket


class Inventory:
    """A snapshot with its look-ups. Everything is computed once, on first use."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    @cached_property
    def principals(self) -> dict[str, Actor]:
        """Every root, user and role of the snapshot, by node id."""
        return all_actors(self.snapshot)

    def __repr__(self) -> str:
        """What it holds, counted."""
        held = {
            "account": len(self.accounts),
            "role": len(self.roles),
            "user": len(self.users),
            "bucket": len(self.buckets),
        }
        counted = ", ".join(
            f"{count:,} {what}{'' if count == 1 else 's'}" for what, count in held.items() if count
        )
        return f"<{type(self).__name__}: {counted or 'empty'}>"

    @cached_property
    def actors(self) -> dict[str, Actor]:
        """Everybody of the snapshot who makes requests: the principals, then sessions that are nodes of their own."""
        acting = {node_id: each.actor for node_id, each in self.sessions.items() if each.acts}
        return self.principals | acting

    @cached_property
    def sessions(self) -> dict[str, Session]:
        """Sessions of roles that are nodes of their own, by node id."""
        return {each.actor.node.id: each for each in role_sessions(self.snapshot.accounts, self.roles)}

    @cached_property
    def role_nodes(self) -> frozenset[str]:
        """The nodes that stand for sessions of a role: the roles, and sessions that are nodes of their own."""
        return frozenset(self.roles) | frozenset(self.sessions)

    def sessions_of(self, role: str) -> tuple[Actor, ...]:
        """Those of the role with this ARN that are nodes of their own and act."""
        return self._sessions_by_role.get(role, ())

    @cached_property
    def _sessions_by_role(self) -> dict[str, tuple[Actor, ...]]:
        found: dict[str, list[Actor]] = {}
        for each in self.sessions.values():
            if each.acts:
                found.setdefault(str(each.role.arn), []).append(each.actor)
        return {role: tuple(actors) for role, actors in found.items()}

    def role_of(self, node_id: str) -> Role | None:
        """The role that a node stands for, or whose session it is; None for all others."""
        session = self.sessions.get(node_id)
        return self.roles.get(node_id) if session is None else session.role

    @cached_property
    def actors_by_account(self) -> dict[str, tuple[Actor, ...]]:
        """The same, by account id."""
        found: dict[str, list[Actor]] = {account.id: [] for account in self.snapshot.accounts}
        for actor in self.actors.values():
            found[str(actor.account)].append(actor)
        return {account: tuple(actors) for account, actors in found.items()}

    @cached_property
    def gaps_told(self) -> frozenset[str]:
        """What the snapshot's own gaps are about: account ids, ARNs and kinds."""
        return frozenset(each for gap in self.snapshot.gaps for each in gap.affects)

    @cached_property
    def accounts(self) -> dict[str, Account]:
        """Accounts by id."""
        return {account.id: account for account in self.snapshot.accounts}

    @cached_property
    def roles(self) -> dict[str, Role]:
        """Roles by ARN."""
        return {str(role.arn): role for account in self.snapshot.accounts for role in account.roles}

    @cached_property
    def users(self) -> dict[str, User]:
        """Users by ARN."""
        return {str(user.arn): user for account in self.snapshot.accounts for user in account.users}

    @cached_property
    def services(self) -> tuple[str, ...]:
        """The service principals that some role trusts, sorted."""
        found = {name for role in self.roles.values() for name in candidates((role.trust,), {}).services}
        return tuple(sorted(found))

    @cached_property
    def buckets(self) -> dict[str, Bucket]:
        """General-purpose buckets by ARN; a list may hold directory buckets, which are another service's."""
        held = (bucket for account in self.snapshot.accounts for bucket in account.buckets)
        return {str(bucket.arn): bucket for bucket in held if not is_directory_bucket(bucket.name)}

    @cached_property
    def endpoints(self) -> tuple[VpcEndpoint, ...]:
        """All VPC endpoints, by id."""
        return endpoints_of(self.snapshot)

    @cached_property
    def canonical_ids(self) -> dict[str, str]:
        """Canonical user id to account id; a bucket's ACL names its owner's."""
        found: dict[str, str] = {
            account.canonical_id: account.id for account in self.snapshot.accounts if account.canonical_id
        }
        for bucket in self.buckets.values():
            if bucket.acl is not None and bucket.acl.owner and bucket.account:
                found.setdefault(bucket.acl.owner, bucket.account)
        return found

    @cached_property
    def account_names(self) -> dict[str, str]:
        """Account id to name, for accounts that have one; those outside that the user knows included."""
        known: dict[str, str] = dict(self.snapshot.known_accounts)
        return known | {account.id: account.name for account in self.snapshot.accounts if account.name}

    @cached_property
    def standing(self) -> Standing:
        """The organizations as the snapshot has them."""
        return Standing(self.snapshot.organizations, self.accounts)

    def standing_of(self, actor: Actor) -> Standing:
        """The organizations as they are when the actor acts: after an escalation they may not be the snapshot's."""
        return actor.standing or self.standing

    def place(self, account: str | None) -> Place:
        """Where the account stands in its organization."""
        return self.standing.place(account)

    def scp_levels(self, account: str | None) -> tuple[Level, ...] | None:
        """The SCPs that bind principals of the account, root first; None where none do (ORG-1, ORG-2, ORG-7)."""
        return self.standing.scp_levels(account)

    def rcp_levels(self, account: str | None) -> tuple[Level, ...] | None:
        """The RCPs that guard resources of the account, root first; None where none do (ORG-20)."""
        return self.standing.rcp_levels(account)

    def organization(self, account: str | None) -> Organization | None:
        """The account's organization, or None."""
        return self.place(account).organization

    @cached_property
    def unique_ids(self) -> frozenset[str]:
        """The unique ids of all users and roles of the snapshot (PRIN-8)."""
        ids = {user.unique_id for account in self.snapshot.accounts for user in account.users}
        ids |= {role.unique_id for role in self.roles.values()}
        return frozenset(each for each in ids if each)
