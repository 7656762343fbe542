"""A route, and the answer to a query for routes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pathfinder.graph.assumptions import NO_ASSUMPTIONS, Assumptions
from pathfinder.graph.hop import Hop
from pathfinder.graph.node import Node
from pathfinder.graph.travel import Way
from pathfinder.logic.formula import TRUE, Formula
from pathfinder.model.organization import Gap


@dataclass(frozen=True, slots=True)
class View:
    """A route as it is from one vantage, which is a way to travel: `internet`, `vpce-…`.

    `open`: whether it can be taken from there, None where that is not decided, for the `reason`. `conditions`:
    what is left to meet at each hop given that, where it is open.
    """

    vantage: str
    open: bool | None
    conditions: tuple[Formula, ...] = ()
    reason: str | None = None

    @property
    def always(self) -> bool:
        """Whether it is open without any condition."""
        return bool(self.open) and all(condition == TRUE for condition in self.conditions)


@dataclass(frozen=True, slots=True, repr=False)
class Route:
    """A chain of hops from a start to S3 actions on a bucket or its objects.

    `id`: stable over runs and snapshots. `nodes`: one more than hops, start first, bucket last. `design`: the
    way the route works, in words: `bucket policy`, `AssumeRole`, `access key`, `instance role`, `service`,
    `federated`, `federation token`, `identity policy`, `root user`, `public`, `bucket ACL`, `object ACL`,
    `object owner`, `escalation`;
    `unsigned` where principals were asked for and any of them can send the request without its signature (S3-17).
    `acting`: the node whose policies decide at the bucket; `scp_account`: the account whose SCPs bind it, None
    where none do; `rcp_account`: the account whose RCPs guard the bucket, None where none do. `cross_account`:
    whether the start and the bucket belong to different accounts, or either is unknown or has none. `gaps`: what
    is unknown about it. `vantages`: how it looks from each vantage, where that was asked for.
    """

    id: str
    nodes: tuple[Node, ...]
    hops: tuple[Hop, ...]
    design: str
    acting: Node
    scp_account: str | None
    rcp_account: str | None
    cross_account: bool
    gaps: tuple[str, ...] = ()
    vantages: tuple[View, ...] = ()

    def __repr__(self) -> str:
        """Its id, its way and its design: all else is in its fields."""
        return f"<Route {self.id}: {' → '.join(node.label for node in self.nodes)}, by {self.design}>"

    @property
    def escalations(self) -> tuple[Hop, ...]:
        """Its hops that are open only to those who first do something; none in a plain route."""
        return tuple(hop for hop in self.hops if hop.escalation is not None)

    @property
    def mutating(self) -> bool:
        """Whether taking it changes or makes something (ESC-4)."""
        return any(hop.escalation.mutating for hop in self.escalations if hop.escalation is not None)

    @property
    def start(self) -> Node:
        """Where it starts."""
        return self.nodes[0]

    @property
    def target(self) -> Node:
        """The bucket that it reaches."""
        return self.nodes[-1]

    @property
    def blocked(self) -> str | None:
        """Why it cannot be taken to its end, although all but that is open; None for a real route."""
        return self.access.blocked

    @property
    def access(self) -> Hop:
        """The last hop: the S3 actions, the resources, and the condition at the bucket."""
        return self.hops[-1]


@dataclass(frozen=True, slots=True)
class Query:
    """What a search looks for. Texts are ARNs, names, `account/name`, or patterns with `*` and `?`.

    `escalations`: routes of those who first do something as well; the world has to be made with them.
    """

    starts: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    cross_account: bool = False
    max_hops: int = 5
    escalations: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The answer: routes in a stable order, shortest first, and what may be missing from it.

    `account_names`: account id to name, for reports. `assumptions`: what was pinned, so that this is not the
    whole truth. `ways`: the vantages that the routes were looked at from, none where that was not asked for.
    `blocked`: what would be routes but for a key that the caller may not use, or its like.
    """

    query: Query
    routes: tuple[Route, ...]
    gaps: tuple[Gap, ...]
    account_names: Mapping[str, str] = field(default_factory=dict)
    assumptions: Assumptions = NO_ASSUMPTIONS
    ways: tuple[Way, ...] = ()
    blocked: tuple[Route, ...] = ()
