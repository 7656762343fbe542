"""What rules look at: the world, its policies once each, its graph and its routes, asked for once and kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from pathfinder.findings.held import Held, policies_of
from pathfinder.findings.statements import Reach
from pathfinder.findings.strangers import Opening, names_all, open_to_strangers, strangers_at
from pathfinder.graph.graph import Graph, Progress
from pathfinder.graph.hop import Evidence, Hop
from pathfinder.graph.principals import ANONYMOUS
from pathfinder.graph.world import World
from pathfinder.model.resources import Bucket
from pathfinder.policy.document import Policy, PolicyKind, Statement
from pathfinder.routes.route import Query, Route
from pathfinder.routes.search import find_routes, graph_of


@dataclass(frozen=True, slots=True)
class Asked:
    """What rules are told. `as_of`: the day at which ages are counted, None where it is not known."""

    as_of: date | None = None
    key_age_days: int = 90
    max_hops: int = 4


@dataclass(eq=False)
class Survey:
    """A world as rules see it."""

    world: World
    asked: Asked = field(default_factory=Asked)
    progress: Progress | None = None

    @cached_property
    def policies(self) -> tuple[Held, ...]:
        """Every policy that somebody can change, in a stable order."""
        return policies_of(self.world)

    @cached_property
    def _reaches(self) -> tuple[Reach, ...]:
        return tuple(Reach(held, compiled) for held in self.policies for compiled in held.statements)

    def statements(self, *kinds: PolicyKind) -> Iterator[Reach]:
        """Every statement of policies of these kinds (of all where none is given), with what it can match."""
        return (each for each in self._reaches if not kinds or each.held.policy.kind in kinds)

    @cached_property
    def graph(self) -> Graph:
        """All hops."""
        return graph_of(self.world, self.progress)

    def hops(self, *kinds: str) -> Iterator[Hop]:
        """Every hop of these kinds, by source and target."""
        for node_id in sorted(self.graph.hops_from):
            yield from (hop for hop in self.graph.hops_from[node_id] if hop.kind in kinds)

    @cached_property
    def buckets(self) -> dict[str, Bucket]:
        """Buckets by the id of their node."""
        return dict(sorted(self.world.buckets.items()))

    def routes_from(self, *node_ids: str) -> tuple[Route, ...]:
        """The routes that start at these nodes; nodes that no hop leaves have none."""
        starts = tuple(sorted(each for each in set(node_ids) if self.graph.hops_from.get(each)))
        if not starts:
            return ()
        known = self._routes.get(starts)
        if known is None:
            found = find_routes(self.world, Query(starts=starts, max_hops=self.asked.max_hops)).routes
            known = self._routes[starts] = tuple(each for each in found if each.start.id in starts)
        return known

    @cached_property
    def _routes(self) -> dict[tuple[str, ...], tuple[Route, ...]]:
        return {}

    def written_in(self, evidence: Evidence) -> tuple[Held, Statement] | None:
        """The policy and statement that evidence names; None for a fact, and for what nobody can change."""
        return self._by_name.get((evidence.policy, evidence.attached_to, evidence.statement))

    @cached_property
    def _by_name(self) -> dict[tuple[str, str, str | None], tuple[Held, Statement]]:
        return {
            (held.policy.name, place, compiled.statement.label): (held, compiled.statement)
            for held in self.policies
            for place in held.places
            for compiled in held.statements
        }

    def same_organization(self, one: str | None, other: str | None) -> bool | None:
        """Whether two accounts are in one organization; None where that is not known."""
        if one is not None and one == other:
            return True
        places = (self.world.place(one), self.world.place(other))
        if all(place.organization is not None for place in places):
            return places[0].organization == places[1].organization
        if any(place.organization is not None for place in places):
            return False
        return False if all(place.known for place in places) else None

    @cached_property
    def open_roles(self) -> frozenset[str]:
        """The roles that principals of any AWS account may assume."""
        roles = (
            role
            for role in self.world.roles.values()
            if isinstance(role.trust, Policy) and not role.service_linked and names_all(role.trust)
        )
        return frozenset(
            str(role.arn)
            for role in roles
            if open_to_strangers(
                self.world,
                "sts:AssumeRole",
                self.world.role_resource(role),
                partition=role.arn.partition,
            )
        )

    @cached_property
    def public_actions(self) -> dict[str, frozenset[str]]:
        """What anonymous callers may do in some way, by bucket."""
        found: dict[str, frozenset[str]] = {}
        for hop in self.hops("access"):
            if hop.source == ANONYMOUS.node.id:
                found[hop.target] = found.get(hop.target, frozenset()) | frozenset(hop.actions)
        return found

    def strangers(self, bucket: Bucket) -> dict[str, Opening]:
        """What principals of any AWS account may do in the bucket, by action."""
        if not isinstance(bucket.policy, Policy) or not names_all(bucket.policy):
            return {}
        known = self._strangers.get(str(bucket.arn))
        if known is None:
            known = self._strangers[str(bucket.arn)] = strangers_at(self.world, bucket)
        return known

    @cached_property
    def _strangers(self) -> dict[str, dict[str, Opening]]:
        return {}

    def names(self, account: str | None) -> str:
        """An account as people call it: its name and id."""
        name = self.world.account_names.get(account or "")
        return f"{name} ({account})" if name else account or "an unknown account"
