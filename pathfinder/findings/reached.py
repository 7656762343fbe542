"""What a statement really gives in S3: the access hops that it is evidence of. Source: design idea 6."""

from __future__ import annotations

from dataclasses import dataclass

from pathfinder.aws.s3_actions import AccessGroup, s3_action
from pathfinder.findings.statements import Reach
from pathfinder.findings.survey import Survey
from pathfinder.graph.hop import Hop


@dataclass(frozen=True, slots=True)
class Reached:
    """The principals and buckets of the hops that a statement helps to open, and what they do there."""

    hops: tuple[Hop, ...]

    @property
    def principals(self) -> int:
        """How many principals."""
        return len({hop.source for hop in self.hops})

    @property
    def buckets(self) -> int:
        """How many buckets."""
        return len({hop.target for hop in self.hops})

    @property
    def groups(self) -> frozenset[AccessGroup]:
        """Which kinds of access."""
        return frozenset(
            known.group for hop in self.hops for name in hop.actions if (known := s3_action(name))
        )

    @property
    def words(self) -> str:
        """The kinds of access in words, those that touch data first."""
        shown = [
            group.value
            for group in AccessGroup
            if group in self.groups and group not in (AccessGroup.INSPECT, AccessGroup.CONFIGURE)
        ]
        return ", ".join(shown) or "inspect"


def reached_by(survey: Survey, reach: Reach) -> Reached:
    """The access hops whose evidence names the statement as an Allow."""
    places = set(reach.held.places)
    return Reached(
        tuple(
            hop
            for hop in survey.hops("access")
            if any(
                each.policy == reach.held.policy.name
                and each.attached_to in places
                and each.statement == reach.statement.label
                and each.effect == "Allow"
                for each in hop.evidence
            )
        )
    )
