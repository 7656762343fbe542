"""What is said of kinds of callers holds for every caller of generated worlds (COND-50, EVAL-3)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from pathfinder.authorization.decision import Match
from pathfinder.conditions.solve import satisfiable
from pathfinder.findings import callers
from pathfinder.findings.find import find_findings
from pathfinder.findings.statements import why_never
from pathfinder.findings.survey import Asked, Survey
from pathfinder.graph.principals import ANONYMOUS, Actor, service_actor
from pathfinder.graph.resource import Resource
from pathfinder.graph.settle import facts_for
from pathfinder.graph.world import World
from tests.building import A, account, allow, bucket, deny, role, user, world
from tests.laws.strategies import worlds
from tests.laws.worlds import Written, world_of

ACTIONS = (
    ("s3:GetObject", True),
    ("s3:PutObject", True),
    ("s3:ListBucket", False),
    ("s3:PutBucketPolicy", False),
)


def requests(made: World) -> Iterator[tuple[Actor, str, Resource]]:
    """Everybody's requests for some actions on everything."""
    services = [service_actor(name) for name in (*made.services, "cloudtrail.amazonaws.com")]
    for actor in (*made.actors.values(), ANONYMOUS, *services):
        for each in made.buckets.values():
            yield from (
                (actor, action, made.bucket_resource(each, objects=objects)) for action, objects in ACTIONS
            )
        yield from ((actor, "sts:AssumeRole", made.role_resource(each)) for each in made.roles.values())
    for owner in made.snapshot.accounts:
        for provider in owner.providers:
            caller = made.provider_actor(str(provider.arn))
            for each in owner.roles:
                yield caller, "sts:AssumeRoleWithWebIdentity", made.role_resource(each)


def matches(made: World) -> Iterator[tuple[str, Match]]:
    """Every statement that may match some of them, with the service asked."""
    for actor, action, resource in requests(made):
        for layer in made.decide(actor, action, resource).layers:
            yield from ((action.partition(":")[0], match) for match in layer.matches)


FEW = settings(
    deadline=None, derandomize=True, database=None, max_examples=2, suppress_health_check=list(HealthCheck)
)
MANY = settings(FEW, max_examples=60)


def nobody_matches_what_never_matches(made: World) -> int:
    """How many statements are said never to match; AssertionError where one may."""
    never = {
        (place, reach.held.policy.name, reach.statement.index): why
        for reach in Survey(made).statements()
        if (why := why_never(reach)) is not None
        for place in reach.held.places
    }
    for service, match in matches(made):
        why = never.get((match.attached_to, match.policy, match.index))
        if why is not None:
            assert satisfiable(match.condition, facts_for(made, service)) is False, (why, match)
    return len(never)


@FEW
@given(written=worlds())
def test_what_is_said_never_to_match_matches_nobody(written: Written) -> None:
    nobody_matches_what_never_matches(world_of(written))


@pytest.mark.slow
@MANY
@given(written=worlds())
def test_the_same_in_many_more_worlds(written: Written) -> None:
    nobody_matches_what_never_matches(world_of(written))


def by_hand() -> World:
    """A tag that a user has today, and a statement that is dead."""
    tagged = deny("s3:*", "*", condition={"StringEquals": {"aws:PrincipalTag/team": "blue"}})
    dead = deny("s3:*", "*", condition={"StringEquals": {"aws:username": "bob"}})
    ann = user(A, "ann", tagged, dead, allow("s3:*", "*"), tags={"team": "blue"})
    return world(
        account(A, users=(ann,), roles=(role(A, "app", {"AWS": str(A)}),), buckets=(bucket(A, "data"),))
    )


def test_the_law_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    assert nobody_matches_what_never_matches(by_hand()) == 1
    monkeypatch.setattr(callers, "_COME_AND_GO", ())
    monkeypatch.setattr(callers, "_TRUSTED", frozenset())
    with pytest.raises(AssertionError):
        nobody_matches_what_never_matches(by_hand())


@FEW
@given(written=worlds(complete=False))
def test_findings_never_fail_and_are_the_same_again(written: Written) -> None:
    first, second = (find_findings(world_of(written), Asked()).findings for _ in range(2))
    assert first == second


@pytest.mark.slow
@MANY
@given(written=worlds(complete=False))
def test_findings_never_fail_in_many_more_worlds(written: Written) -> None:
    find_findings(world_of(written), Asked())
